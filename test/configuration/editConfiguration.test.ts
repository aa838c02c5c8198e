/**
 * Changes of a configuration's text: a text and what is wanted in, the whole new text out, comments and form as before.
 */
import { expect, it } from 'vitest';
import type { Configuration } from '../../server/src/configuration/configuration.ts';
import {
  newConfiguration,
  withAmount,
  withBudgets,
  withEntry,
  type ConfigurationText,
  type NewBudget,
} from '../../server/src/configuration/editConfiguration.ts';
import { applyChanges, type TextChange } from '../../server/src/configuration/insertText.ts';
import { parseConfiguration } from '../../server/src/configuration/parseConfiguration.ts';

const PARAMS: NewBudget = { metric: { kind: 'params' }, text: '12.9M' };
const MACS: NewBudget = { metric: { kind: 'macs' }, text: '2G' };
const LATENCY: NewBudget = { metric: { kind: 'latency', deviceId: 't4', estimate: 'roofline' }, text: '2.5 ms' };

type Kind = ConfigurationText['kind'];

function source(text: string, kind: Kind): ConfigurationText {
  const file = kind === 'json' ? '/w/layercost.json' : '/w/pyproject.toml';
  return { text, file, kind, knownDeviceIds: ['t4', 'h100'] };
}

function read({ text, file, kind, knownDeviceIds }: ConfigurationText): Configuration {
  const { configuration } = parseConfiguration(text, file, { kind, knownDeviceIds });
  if (configuration === undefined) throw new Error('it cannot be read');
  return configuration;
}

function applied(text: string, changes: readonly TextChange[] | undefined): string {
  return changes === undefined ? 'refused' : applyChanges(text, changes);
}

/** Budgets for the last entry. */
function set(text: string, kind: Kind, ...budgets: readonly NewBudget[]): string {
  const given = source(text, kind);
  const entry = read(given).entries.at(-1);
  return entry === undefined ? 'no entry' : applied(text, withBudgets(given, entry, budgets));
}

/** The amount of the last entry's first budget. */
function raise(text: string, kind: Kind): string {
  const given = source(text, kind);
  const budget = read(given).entries.at(-1)?.budgets[0];
  return budget === undefined ? 'no budget' : applied(text, withAmount(given, budget, '12.9M'));
}

function add(text: string, kind: Kind): string {
  return applied(
    text,
    withEntry(source(text, kind), { model: 'new.py:Net', input: '1x8', budgets: [PARAMS, LATENCY] }),
  );
}

interface Case {
  readonly title: string;
  readonly kind?: Kind;
  readonly text: string;
  readonly does: (text: string, kind: Kind) => string;
  readonly gives: string;
}

const CASES: readonly Case[] = [
  {
    title: 'an amount',
    text: '{ "entries": [{ "model": "a.py", "budgets": { /* tight */ "params": "5M" } }] }',
    does: raise,
    gives: '{ "entries": [{ "model": "a.py", "budgets": { /* tight */ "params": "12.9M" } }] }',
  },
  {
    title: 'an amount with its severity and sign',
    text: '{ "entries": [{ "model": "a.py", "budgets": { "params": ["warn", "<= 5M"] } }] }',
    does: raise,
    gives: '{ "entries": [{ "model": "a.py", "budgets": { "params": ["warn", "<= 12.9M"] } }] }',
  },
  {
    title: 'an amount that is a number',
    text: '{ "entries": [{ "model": "a.py", "budgets": { "params": 5000000, }, }], }',
    does: raise,
    gives: '{ "entries": [{ "model": "a.py", "budgets": { "params": "12.9M", }, }], }',
  },
  {
    title: 'budgets beside one on its line',
    text: '{ "entries": [{ "model": "a.py", "budgets": { "params": "5M" } }] } // end',
    does: (text, kind) => set(text, kind, MACS, LATENCY),
    gives:
      '{ "entries": [{ "model": "a.py", "budgets": { "params": "5M", "macs": "2G", "latency": { "t4": "2.5 ms" } } }] } // end',
  },
  {
    title: 'a budget below others, comments kept at their lines',
    text: `{
  "entries": [
    {
      "model": "a.py", // the student
      "budgets": {
        "params": "5M" // as deployed
      }
    }
  ]
}
`,
    does: (text, kind) => set(text, kind, MACS),
    gives: `{
  "entries": [
    {
      "model": "a.py", // the student
      "budgets": {
        "params": "5M", // as deployed
        "macs": "2G"
      }
    }
  ]
}
`,
  },
  {
    title: 'trailing commas',
    text: '{\n\t"entries": [\n\t\t{\n\t\t\t"model": "a.py", /* why */ // so\n\t\t},\n\t],\n}\n',
    does: (text, kind) => set(text, kind, PARAMS, MACS),
    gives:
      '{\n\t"entries": [\n\t\t{\n\t\t\t"model": "a.py", /* why */ // so\n\t\t\t"budgets": {\n\t\t\t\t"params": "12.9M",\n\t\t\t\t"macs": "2G"\n\t\t\t},\n\t\t},\n\t],\n}\n',
  },
  {
    title: 'a latency of another device, and one that names estimates',
    text: '{ "entries": [{ "model": "a.py", "budgets": { "latency": { "h100": "1 ms", "t4": { "upper": "9 ms" } } } }] }',
    does: (text, kind) => set(text, kind, LATENCY),
    gives:
      '{ "entries": [{ "model": "a.py", "budgets": { "latency": { "h100": "1 ms", "t4": { "upper": "9 ms", "roofline": "2.5 ms" } } } }] }',
  },
  {
    title: 'a budget that is off',
    text: '{ "entries": [{ "model": "a.py", "budgets": { "params": "off" } }] }',
    does: (text, kind) => set(text, kind, PARAMS),
    gives: '{ "entries": [{ "model": "a.py", "budgets": { "params": "12.9M" } }] }',
  },
  {
    title: 'an empty object',
    text: '{ "entries": [{ "model": "a.py", "budgets": {} }] }',
    does: (text, kind) => set(text, kind, PARAMS),
    gives: '{ "entries": [{ "model": "a.py", "budgets": { "params": "12.9M" } }] }',
  },
  {
    title: 'an empty object on lines, with a comment',
    text: '{\n  "entries": [\n    { "model": "a.py", "budgets": {\n      // none yet\n    } }\n  ]\n}',
    does: (text, kind) => set(text, kind, PARAMS),
    gives:
      '{\n  "entries": [\n    { "model": "a.py", "budgets": {\n      // none yet\n      "params": "12.9M"\n    } }\n  ]\n}',
  },
  {
    title: 'the lines of Windows',
    text: '{\r\n  "entries": [\r\n    {\r\n      "model": "a.py"\r\n    }\r\n  ]\r\n}\r\n',
    does: (text, kind) => set(text, kind, PARAMS, MACS),
    gives:
      '{\r\n  "entries": [\r\n    {\r\n      "model": "a.py",\r\n      "budgets": {\r\n        "params": "12.9M",\r\n        "macs": "2G"\r\n      }\r\n    }\r\n  ]\r\n}\r\n',
  },
  {
    title: 'an entry',
    text: '{\n  "entries": [\n    { "model": "a.py" } // one\n  ]\n}\n',
    does: add,
    gives:
      '{\n  "entries": [\n    { "model": "a.py" }, // one\n    {\n      "model": "new.py:Net",\n      "input": "1x8",\n      "budgets": {\n        "params": "12.9M",\n        "latency": { "t4": "2.5 ms" }\n      }\n    }\n  ]\n}\n',
  },
  {
    title: 'an entry in a line',
    text: '{ "entries": [] }',
    does: add,
    gives:
      '{ "entries": [ { "model": "new.py:Net", "input": "1x8", "budgets": { "params": "12.9M", "latency": { "t4": "2.5 ms" } } } ] }',
  },
  {
    title: 'entries where there are none',
    text: '{\n  "devices": ["t4"]\n}\n',
    does: add,
    gives:
      '{\n  "devices": ["t4"],\n  "entries": [\n    {\n      "model": "new.py:Net",\n      "input": "1x8",\n      "budgets": {\n        "params": "12.9M",\n        "latency": { "t4": "2.5 ms" }\n      }\n    }\n  ]\n}\n',
  },
  {
    title: 'an entry in a text that is half typed',
    text: '{ "entries": [{ "model": "a.py" ',
    does: add,
    gives: 'refused',
  },
  { title: 'an entry where entries are no list', text: '{ "entries": 5 }', does: add, gives: 'refused' },
  {
    title: 'TOML: an amount',
    kind: 'pyproject',
    text: "[tool.layercost]\nentries = [{ model = 'a.py', budgets = { params = ['warn', '5M'] } }] # ours\n",
    does: raise,
    gives: "[tool.layercost]\nentries = [{ model = 'a.py', budgets = { params = ['warn', \"12.9M\"] } }] # ours\n",
  },
  {
    title: 'TOML: budgets in a table of one line',
    kind: 'pyproject',
    text: '[[tool.layercost.entries]]\nmodel = "a.py"\nbudgets = { params = "5M" } # ours\n\n[tool.other]\n',
    does: (text, kind) => set(text, kind, MACS, LATENCY),
    gives:
      '[[tool.layercost.entries]]\nmodel = "a.py"\nbudgets = { params = "5M", macs = "2G", latency = { t4 = "2.5 ms" } } # ours\n\n[tool.other]\n',
  },
  {
    title: 'TOML: budgets in a table of their own',
    kind: 'pyproject',
    text: '[[tool.layercost.entries]]\nmodel = "a.py"\n[tool.layercost.entries.budgets]\nparams = "5M" # ours\nlatency.h100 = "1 ms"\n\n[tool.other]\nx = 1\n',
    does: (text, kind) => set(text, kind, MACS, LATENCY),
    gives:
      '[[tool.layercost.entries]]\nmodel = "a.py"\n[tool.layercost.entries.budgets]\nparams = "5M" # ours\nlatency.h100 = "1 ms"\nlatency.t4 = "2.5 ms"\nmacs = "2G"\n\n[tool.other]\nx = 1\n',
  },
  {
    title: 'TOML: budgets with dots',
    kind: 'pyproject',
    text: '[[tool.layercost.entries]]\nmodel = "a.py"\nbudgets.params = "5M"',
    does: (text, kind) => set(text, kind, MACS, LATENCY),
    gives:
      '[[tool.layercost.entries]]\nmodel = "a.py"\nbudgets.params = "5M"\nbudgets.macs = "2G"\nbudgets.latency.t4 = "2.5 ms"',
  },
  {
    title: 'TOML: an entry without budgets, before another table',
    kind: 'pyproject',
    text: '[[tool.layercost.entries]]\nmodel = "a.py" # one\n[tool.layercost.entries.args]\nwidth = 2\n',
    does: (text, kind) => set(text, kind, PARAMS, MACS),
    gives:
      '[[tool.layercost.entries]]\nmodel = "a.py" # one\nbudgets = { params = "12.9M", macs = "2G" }\n[tool.layercost.entries.args]\nwidth = 2\n',
  },
  {
    title: 'TOML: an entry behind the last, whatever belongs to that',
    kind: 'pyproject',
    text: '[[tool.layercost.entries]]\nmodel = "a.py"\n[tool.layercost.entries.args]\nwidth = 2 # two\n\n[tool.other]\n',
    does: add,
    gives:
      '[[tool.layercost.entries]]\nmodel = "a.py"\n[tool.layercost.entries.args]\nwidth = 2 # two\n\n[[tool.layercost.entries]]\nmodel = "new.py:Net"\ninput = "1x8"\nbudgets = { params = "12.9M", latency = { t4 = "2.5 ms" } }\n\n[tool.other]\n',
  },
  {
    title: 'TOML: an entry in a list on lines',
    kind: 'pyproject',
    text: '[tool.layercost]\nentries = [\n  { model = "a.py" }, # one\n]\n',
    does: add,
    gives:
      '[tool.layercost]\nentries = [\n  { model = "a.py" }, # one\n  { model = "new.py:Net", input = "1x8", budgets = { params = "12.9M", latency = { t4 = "2.5 ms" } } },\n]\n',
  },
  {
    title: 'TOML: entries where there are none',
    kind: 'pyproject',
    text: '[tool.layercost]\ndevices = ["t4"]\n',
    does: add,
    gives:
      '[tool.layercost]\ndevices = ["t4"]\n\n[[tool.layercost.entries]]\nmodel = "new.py:Net"\ninput = "1x8"\nbudgets = { params = "12.9M", latency = { t4 = "2.5 ms" } }\n',
  },
];

it.each(CASES)('$title', ({ text, kind = 'json', does, gives }) => {
  expect(does(text, kind)).toBe(gives);
});

it('a first configuration', () => {
  expect(newConfiguration({ model: 'a.py:Net', budgets: [PARAMS] }, 't4')).toBe(
    '{\n  "devices": ["t4"],\n  "entries": [\n    {\n      "model": "a.py:Net",\n      "budgets": { "params": "12.9M" }\n    }\n  ]\n}\n',
  );
});

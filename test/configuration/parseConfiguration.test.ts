/**
 * Configurations in JSON and TOML. Bad ones carry what is said about them: a comment under a line marks the range
 * with ^, then the code and a part of the message. What is not marked must not be said.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import type { Budget, Configuration } from '../../server/src/configuration/configuration.ts';
import { parseConfiguration, type ParsedConfiguration } from '../../server/src/configuration/parseConfiguration.ts';
import { printShape } from '../../server/src/graph/tensorType.ts';

type Kind = 'json' | 'pyproject';

function parse(text: string, kind: Kind): ParsedConfiguration {
  return parseConfiguration(text, '/work/configuration', { kind, knownDeviceIds: ['rtx-4090', 't4', 'cortex-a76'] });
}

/** "4:11-16 unknown-key", lines from 1, for each problem. */
function saidAbout(text: string, kind: Kind): readonly { readonly place: string; readonly message: string }[] {
  const lines = new LineIndex(text);
  return parse(text, kind).problems.map(({ code, severity, message, location }) => {
    expect(severity).toBe('error');
    if (location.kind !== 'text') throw new Error(`${code} has no range`);
    expect(location.file).toBe('/work/configuration');
    const { line, character } = lines.position(location.start);
    return { place: `${line + 1}:${character}-${character + location.end - location.start} ${code}`, message };
  });
}

/** Comments such as `//   ^^^^ unknown-key: did you mean`, about the line above. */
function markers(text: string): readonly { readonly place: string; readonly part: string }[] {
  let above = 0;
  return text.split('\n').flatMap((line, index) => {
    const match = /^\s*(?:\/\/|#)\s*(\^+) ([\w-]+): (.*)$/.exec(line);
    const [, carets = '', code = '', part = ''] = match ?? [];
    if (match === null) above = index + 1;
    if (match === null) return [];
    const start = line.indexOf('^');
    return [{ place: `${above}:${start}-${start + carets.length} ${code}`, part }];
  });
}

const BAD: Readonly<Record<string, readonly [Kind, string]>> = {
  'unknown keys name the nearest one': [
    'json',
    `{
  "entires": [],
//^^^^^^^^^ unknown-key: did you mean "entries"?
  "colour": 1,
//^^^^^^^^ unknown-key: known are $schema, devices, searchPaths, entries
  "entries": [{
    "model": "net.py",
    "inputs": "1x3",
//  ^^^^^^^^ unknown-key: did you mean "input"?
    "budgets": { "param": "5M" },
//               ^^^^^^^ unknown-key: did you mean "params"?
  }],
}`,
  ],
  'wrong types': [
    'json',
    `{
  "devices": "t4",
//           ^^^^ configuration-type: "devices" must be a list, not "t4"
  "searchPaths": [1],
//                ^ configuration-type: Each of "searchPaths" must be a text that is not empty, not 1
  "entries": [
    7,
//  ^ configuration-type: An entry must be an object, not 7
    { "model": "" },
//             ^^ configuration-type: "model" must be a text that is not empty
    { "model": "a.py", "allowUnknown": "yes" },
//                                     ^^^^^ configuration-type: "allowUnknown" must be true or false
    { "model": "b.py", "budgets": [] },
//                                ^^ configuration-type: "budgets" must be an object, not a list
    { "model": "c.py", "args": 5 },
//                             ^ configuration-type: "args" must be an object
    { "model": "d.py", "name": null },
//                             ^^^^ configuration-type: "name" must be a text that is not empty, not null
    { "name": "e" },
//  ^ missing-key: An entry needs "model"
  ],
}`,
  ],
  'no object at all': [
    'json',
    `  ["net.py"]
//^^^^^^^^^^ configuration-type: The configuration must be an object, not a list`,
  ],
  'keys and entries twice': [
    'json',
    `{
  "devices": ["t4"],
  "devices": ["rtx-4090"],
//^^^^^^^^^ duplicate-key: "devices" is given twice
  "entries": [
    { "model": "a.py:Net" },
    { "model": "a.py:Net" },
//             ^^^^^^^^^^ duplicate-entry: Two entries are called "a.py:Net"
    { "model": "b.py", "name": "a.py:Net" },
//             ^^^^^^ duplicate-entry: Two entries are called "a.py:Net"
    { "model": "b.py", "name": "another" },
  ],
}`,
  ],
  devices: [
    'json',
    `{
  "devices": ["rtx-409O", "abacus"],
//            ^^^^^^^^^^ unknown-device: did you mean "rtx-4090"?
//                        ^^^^^^^^ unknown-device: known are rtx-4090, t4, cortex-a76
  "entries": [{ "model": "a.py", "budgets": { "latency": { "t5": "1 ms" } } }]
//                                                         ^^^^ unknown-device: did you mean "t4"?
}`,
  ],
  models: [
    'json',
    String.raw`{ "entries": [
    { "model": "models\\net.py" },
//             ^^^^^^^^^^^^^^^^ invalid-model: folders are separated by "/"
    { "model": "/work/net.py" },
//             ^^^^^^^^^^^^^^ invalid-model: absolute path
    { "model": "C:/net.py" },
//             ^^^^^^^^^^^ invalid-model: absolute path
    { "model": "net" },
//             ^^^^^ invalid-model: is none of file.py
    { "model": "models/*" },
//             ^^^^^^^^^^ invalid-model: is none of file.py
    { "model": "*.onnx:Net" },
//             ^^^^^^^^^^^^ invalid-model: one only
    { "model": "a*b*c*d*.py" },
//             ^^^^^^^^^^^^^ invalid-model: more than 3 "*"
    { "model": "**/a/**/b/**/c.py:*" },
//             ^^^^^^^^^^^^^^^^^^^^^ invalid-model: more than 2 "**"
] }`,
  ],
  'inputs and arguments': [
    'json',
    `{ "entries": [
    { "model": "a.py", "input": "3,224" },
    { "model": "b.py", "input": "1x3x224px" },
//                              ^^^^^^^^^^^ invalid-input: "1x3x224px"
    { "model": "c.py", "input": ["1x3", "1x4:int65"] },
//                                      ^^^^^^^^^^^ invalid-input: unknown dtype "int65"
    { "model": "d.py", "input": ["a=1x3", "a=1x4"] },
//                                        ^^^^^^^ invalid-input: "a" is given twice
    { "model": "e.py", "input": [] },
//                              ^^ invalid-input: empty
    { "model": "f.py", "args": { "num-classes": 10, "class": 1, "ok": 2 } },
//                               ^^^^^^^^^^^^^ invalid-argument: "num-classes" is no name
//                                                  ^^^^^^^ invalid-argument: "class" is no name
] }`,
  ],
  budgets: [
    'json',
    `{ "entries": [{ "model": "a.py", "budgets": {
    "params": "5m",
//            ^^^^ invalid-budget: did you mean "5M"?
    "macs": "3.6 GFLOPs",
//          ^^^^^^^^^^^^ invalid-budget: 2 FLOPs are one MAC
    "weights": "20 M",
//             ^^^^^^ invalid-budget: has the unit "M"; it takes bytes with their unit
    "activations": 20971520,
//                 ^^^^^^^^ invalid-budget: has no unit; it takes bytes with their unit, such as "20 MiB"
    "peakMemory": "20 KB",
//                ^^^^^^^ invalid-budget: kB for 1000 bytes, KiB for 1024
    "latency": "2.5 ms",
//             ^^^^^^^^ invalid-budget: { "rtx-4090": "2.5 ms" }
    "accuracy": { "imagenet-top1": "0.74", "image net": "74 %" },
//                                 ^^^^^^ invalid-budget: no percent sign
//                                         ^^^^^^^^^^^ invalid-budget: no name of a data set
} }] }`,
  ],
  'more budgets': [
    'json',
    `{ "entries": [{ "model": "a.py", "budgets": {
    "params": "-5M",
//            ^^^^^ contradictory-budget: "-5M" is negative
    "macs": ">= 5M",
//          ^^^^^^^ invalid-budget: begins with ">="
    "weights": ["warm", "5 MiB"],
//              ^^^^^^ invalid-budget: ["warn", LIMIT]
    "activations": ["warn"],
//                  ^^^^^^ invalid-budget: ["warn", LIMIT]
    "peakMemory": true,
//                ^^^^ invalid-budget: The budget true is not bytes
    "latency": { "t4": 3, "rtx-4090": "3 min", "cortex-a76": { "median": "1 ms" } },
//                     ^ invalid-budget: has no unit; it takes a time
//                                    ^^^^^^^ invalid-budget: has the unit "min"
//                                                             ^^^^^^^^ unknown-key: known are roofline, predicted, upper
    "accuracy": { "imagenet-top1": "<= 74 %", "cifar10": "101 %" },
//                                 ^^^^^^^^^ invalid-budget: at least
//                                                       ^^^^^^^ invalid-budget: more than 100 %
} }] }`,
  ],
  growth: [
    'json',
    `{ "entries": [{ "model": "a.py", "budgets": { "growth": {
    "params": "-5 %",
//            ^^^^^^ contradictory-budget: what may be added
    "macs": "+5",
    "weights": "+5",
//             ^^^^ invalid-budget: neither a percentage such as "+5 %" nor bytes
    "latency": "+5 %",
//             ^^^^^^ invalid-budget: A latency is one of a device
    "accuracy": { "a": "-1 %", "b": "+1 point", "c": "-1 point" },
//                     ^^^^^^ invalid-budget: "-0.5 points"
//                                  ^^^^^^^^^^ contradictory-budget: may lose
    "peakMemory": "+x %",
//                ^^^^^^ invalid-budget: is no percentage
    "speed": "+5 %",
//  ^^^^^^^ unknown-key: known are params
} } }] }`,
  ],
  'broken JSON': [
    'json',
    `{
  'entries': [],
//^^^^^^^^^ configuration-syntax: texts stand in double quotes
//         ^ configuration-syntax: stands where a key in double quotes is expected
//             ^ configuration-syntax: stands where a value is expected
}`,
  ],
  'a comma that lacks': [
    'json',
    `{
  "devices": ["t4"]
  "entries": [{ "model": "a.py" "name": "b" }]
//^^^^^^^^^ configuration-syntax: a comma is expected
//                              ^^^^^^ configuration-syntax: a comma is expected
}`,
  ],
  'TOML, the same': [
    'pyproject',
    `
  [project]
  name = "other"
  [tool.layercost]
  devces = ["t4"]
# ^^^^^^ unknown-key: did you mean "devices"?
  [[tool.layercost.entries]]
  model = "net.py:Net"
  budgets.params = "5 MiB"
#                  ^^^^^^^ invalid-budget: has the unit "MiB"
  budgets.latency = { t5 = "1 ms" }
#                     ^^ unknown-device: did you mean "t4"?
  args.size = 2020-01-01
#             ^^^^^^^^^^ invalid-argument: 2020-01-01 is a date
  [tool.layercost.entries.budgets.accuracy]
  "imagenet-top1" = 0.74
#                   ^^^^ invalid-budget: no percent sign
  [[tool.layercost.entries]]
  model = 'models\\net.py'
#         ^^^^^^^^^^^^^^^ invalid-model: folders are separated
`,
  ],
  'a table where a list is wanted': [
    'pyproject',
    `[tool.layercost]
entries = { model = "a.py" }
#         ^^^^^^^^^^^^^^^^^^ configuration-type: "entries" must be a list, not an object
`,
  ],
  'broken TOML': [
    'pyproject',
    `[tool.layercost]
  devices = ["t4"
  entries = []
# ^ configuration-syntax: This is no TOML
`,
  ],
};

/** Ranges count what an editor counts: UTF-16 units, and a line's end as it is. */
const PLACES: readonly (readonly [string, Kind, string])[] = [
  ['after signs of two units', 'json', '{ "name😀": 1, "entires": [] }'],
  ['after lines that end with \\r\\n', 'json', '{\r\n// ü\r\n"entires": [] }'],
  ['after signs of two units', 'pyproject', '[tool.layercost]\n"$schema" = "😀ü"\nentires = []'],
  ['after lines that end with \\r\\n', 'pyproject', '[tool.layercost]\r\n# ü\r\nentires = []\r\n'],
  ['after a byte order mark', 'pyproject', '\uFEFF[tool.layercost]\nentires = []'],
  ['after a byte order mark', 'json', '\uFEFF{ "entires": [] }'],
];

describe('a bad configuration', () => {
  it.each(Object.entries(BAD))('%s', (_title, [kind, text]) => {
    const said = saidAbout(text, kind);
    const wanted = markers(text);
    expect(said.map(({ place }) => place)).toEqual(wanted.map(({ place }) => place));
    for (const [index, { part }] of wanted.entries()) expect(said[index]?.message).toContain(part);
  });

  it.each(PLACES)('is marked %s (%s)', (_title, kind, text) => {
    const marked = parse(text, kind).problems.map(({ code, location }) =>
      location.kind === 'text' ? `${code} ${text.slice(location.start, location.end)}` : code,
    );
    expect(marked).toContain(`unknown-key ${kind === 'json' ? '"entires"' : 'entires'}`);
  });

  it('is nothing to us where a pyproject.toml has no table of ours', () => {
    for (const text of [
      '',
      '[project]\ndependencies = ["layercost"]\n',
      '[project\nlayercost',
      '[tool.other]\na = 1',
    ]) {
      expect(parse(text, 'pyproject')).toEqual({ configuration: undefined, problems: [] });
    }
  });

  it('has a hundred problems at the most, and says how many are left out', () => {
    const text = `{${Array.from({ length: 300 }, (_, index) => `"k${index}": 1`).join(',')}}`;
    const { problems } = parse(text, 'json');
    expect(problems).toHaveLength(100);
    expect(problems.at(-1)?.message).toContain('200 more');
  });
});

/** What is too large or too deep is told, not read. */
const HOSTILE: readonly (readonly [string, Kind, string, string])[] = [
  ['an empty file', 'json', '', 'configuration-syntax'],
  ['deep lists', 'json', '['.repeat(1_000_000), 'configuration-too-deep'],
  ['deep objects', 'json', '{"a":'.repeat(100_000), 'configuration-too-deep'],
  ['a large file', 'json', `{"devices":[${'"t4",'.repeat(300_000)}]}`, 'configuration-too-large'],
  ['a large text', 'json', `{"entries":"${'a'.repeat(1_000_000)}"}`, 'configuration-type'],
  ['an open text', 'json', `{"a":"${'\\"'.repeat(500_000)}`, 'configuration-syntax'],
  ['an open comment', 'json', '/*'.repeat(500_000), 'configuration-syntax'],
  [
    'a large budget',
    'json',
    `{"entries":[{"model":"a.py","budgets":{"params":"${'9'.repeat(500_000)}"}}]}`,
    'invalid-budget',
  ],
  ['a huge number', 'json', '{"entries":[{"model":"a.py","budgets":{"params":1e999}}]}', 'invalid-budget'],
  ['a large input', 'json', `{"entries":[{"model":"a.py","input":"${'1x'.repeat(400_000)}1"}]}`, 'invalid-input'],
  ['deep lists', 'pyproject', `[tool.layercost]\na = ${'['.repeat(1_000_000)}`, 'configuration-too-deep'],
  ['a deep key', 'pyproject', `tool.layercost.${'a.'.repeat(1000)}b = 1`, 'configuration-too-deep'],
  ['a large text', 'pyproject', `[tool.layercost]\na = """${'a""'.repeat(340_000)}"""`, 'configuration-too-large'],
  ['a large file', 'pyproject', `[tool.layercost]\n${'#\n'.repeat(600_000)}`, 'configuration-too-large'],
];

it.each(HOSTILE)('%s in %s', (_title, kind, text, code) => {
  expect(parse(text, kind).problems.map((problem) => problem.code)).toContain(code);
});

const FULL_JSON = `// what the team watches
{
  "$schema": "./layercost.schema.json",
  "devices": ["rtx-4090"],
  "searchPaths": ["src", "../lib"],
  "entries": [
    {
      "name": "student",
      "model": "models/net.py:Student",
      "args": { "width": 0.5, "sizes": [1, "a'b\\n", null, true], "more": { "k": false } },
      "input": ["1x3x224x224", "ids=Nx128:int64"],
      "allowUnknown": true,
      "budgets": {
        "params": "5M", "macs": ["warn", "300 MMACs"], "weights": "20 MB", "activations": "off",
        "peakMemory": ["off", "1 GiB"],
        "latency": { "rtx-4090": "2.5 ms", "t4": { "predicted": "300 us", "upper": ["warn", "1 s"] } },
        "accuracy": { "imagenet-top1": ">= 74.5 %" },
        "growth": {
          "params": "+5 %", "macs": "+1M", "peakMemory": "1 MiB", "latency": "+0.2 ms",
          "accuracy": { "imagenet-top1": "-0.5 points" },
        },
      },
    },
    { "model": "exports/*.onnx", "devices": ["t4"], "args": "(width=2, deep=True)" },
  ],
}`;

const FULL_TOML = `
[tool.layercost]
"$schema" = "./layercost.schema.json"
devices = ["rtx-4090"]
searchPaths = ["src", "../lib"]

[[tool.layercost.entries]]
name = "student"
model = "models/net.py:Student"
args = { width = 0.5, sizes = [1, "a'b\\n"], more.k = false }
input = ["1x3x224x224", "ids=Nx128:int64"]
allowUnknown = true
[tool.layercost.entries.budgets]
params = "5M"
macs = ["warn", "300 MMACs"]
weights = "20 MB"
activations = "off"
peakMemory = ["off", "1 GiB"]
latency.rtx-4090 = "2.5 ms"
latency.t4 = { predicted = "300 us", upper = ["warn", "1 s"] }
accuracy.imagenet-top1 = ">= 74.5 %"
[tool.layercost.entries.budgets.growth]
params = "+5 %"
macs = "+1M"
peakMemory = "1 MiB"
latency = "+0.2 ms"
accuracy.imagenet-top1 = "-0.5 points"

[[tool.layercost.entries]]
model = "exports/*.onnx"
devices = ["t4"]
args = "(width=2, deep=True)"
`;

const FULL_BUDGETS = [
  'error params <= 5000000 (5M)',
  'warn macs <= 300000000 (300 MMACs)',
  'error weights <= 20000000 (20 MB)',
  'error rtx-4090 roofline <= 2.5 (2.5 ms)',
  'error t4 predicted <= 0.3 (300 us)',
  'warn t4 upper <= 1000 (1 s)',
  'error imagenet-top1 >= 0.745 (>= 74.5 %)',
  'error params + 0.05 relative (+5 %)',
  'error macs + 1000000 absolute (+1M)',
  'error peakMemory + 1048576 absolute (1 MiB)',
  'error rtx-4090 roofline + 0.2 absolute (+0.2 ms)',
  'error imagenet-top1 - 0.005 absolute (-0.5 points)',
];

describe('a good configuration', () => {
  it('is what the documents show', () => {
    const folder = path.join(import.meta.dirname, '../..');
    const texts = ['README.md', 'docs/configuration.md'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
    const shown = [...texts.join('\n').matchAll(/^```(jsonc|toml)\n([^]*?)^```$/gm)];
    expect(shown.map(([, language]) => language)).toEqual(['jsonc', 'jsonc', 'toml', 'jsonc']);
    for (const [, language, text = ''] of shown) {
      const { configuration, problems } = parse(text, language === 'toml' ? 'pyproject' : 'json');
      expect(problems).toEqual([]);
      expect(configuration?.entries).not.toEqual([]);
    }
  });

  it.each([
    ['json', FULL_JSON, `[1, "a'b\\n", None, True]`],
    ['pyproject', FULL_TOML, `[1, "a'b\\n"]`],
  ] as const)('is read in full from %s', (kind, text, sizes) => {
    const { configuration, problems } = parse(text, kind);
    expect(problems).toEqual([]);
    expect(configuration).toMatchObject({
      file: '/work/configuration',
      deviceIds: ['rtx-4090'],
      searchPaths: ['src', '../lib'],
    });
    const [student, exported] = entriesOf(configuration);
    expect(student).toMatchObject({
      name: 'student',
      model: 'models/net.py:Student',
      args: `width=0.5, sizes=${sizes}, more={"k": False}`,
      deviceIds: ['rtx-4090', 't4'],
      allowUnknown: true,
    });
    expect(student?.inputs?.map(({ name, shape, dtype }) => [name, printShape(shape), dtype])).toEqual([
      [undefined, '1x3x224x224', undefined],
      ['ids', 'Nx128', 'int64'],
    ]);
    expect(student?.budgets.map(budgetText)).toEqual(FULL_BUDGETS);
    expect(exported).toMatchObject({
      name: undefined,
      args: 'width=2, deep=True',
      deviceIds: ['t4'],
      allowUnknown: false,
      budgets: [],
      inputs: undefined,
    });
  });

  it('keeps where entries, models and budgets stand', () => {
    for (const [kind, text] of [['json', FULL_JSON] as const, ['pyproject', FULL_TOML] as const]) {
      const [student] = entriesOf(parse(text, kind).configuration);
      if (student === undefined) throw new Error('no entry');
      const at = ({ start, end }: { readonly start: number; readonly end: number }): string => text.slice(start, end);
      expect(at(student.modelRange)).toBe('"models/net.py:Student"');
      expect(at(student.range)).toMatch(kind === 'json' ? /^\{\s+"name"[^]*\}$/ : /^\[\[tool[^]*allowUnknown = true$/);
      expect(student.budgets.map(({ range }) => at(range)).slice(0, 3)).toEqual([
        '"5M"',
        '["warn", "300 MMACs"]',
        '"20 MB"',
      ]);
    }
  });

  it('may be nearly empty', () => {
    const file = '/work/configuration';
    expect(parse('{}', 'json')).toEqual({
      configuration: { file, deviceIds: [], searchPaths: [], entries: [], range: { file, start: 0, end: 2 } },
      problems: [],
    });
    expect(parse('[tool.layercost]', 'pyproject').configuration?.entries).toEqual([]);
  });
});

/** What texts and fragments of a configuration are made of. */
const PIECES = [
  ...['{', '}', '[', ']', ':', ',', '"', "'", '\\', '\n', '=', '.', '#', '//', '/*', '1', '-', 'e9', 'null', '"""'],
  ...[
    '😀',
    '\0',
    '[tool.layercost]',
    '[[tool.layercost.entries]]',
    '"entries"',
    'entries',
    '"model"',
    'model',
    '__proto__',
  ],
  ...[
    '"budgets"',
    'budgets',
    '"params"',
    '"latency"',
    '"growth"',
    '"5M"',
    '"t4"',
    '"1 ms"',
    '"+5 %"',
    '"a.py:*"',
    '"1x3"',
  ],
];

describe('whatever the text', () => {
  const pieces = fc.constantFrom(...PIECES);
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((list) => list.join(' ')),
  );
  const damaged = fc
    .tuple(fc.constantFrom(FULL_JSON, FULL_TOML), fc.nat(), fc.nat(40), fc.oneof(fc.constant(''), pieces))
    .map(([text, at, length, piece]) => {
      const start = at % text.length;
      return text.slice(0, start) + piece + text.slice(start + length);
    });

  it.each(['json', 'pyproject'] as const)('%s gives a value and problems with ranges in it', (kind) => {
    fc.assert(
      fc.property(fc.oneof(anyText, damaged), (text) => {
        const { configuration, problems } = parse(text, kind);
        for (const { location, message } of problems) {
          if (location.kind !== 'text') throw new Error('no range');
          expect(location.start).toBeLessThanOrEqual(location.end);
          expect(location.end).toBeLessThanOrEqual(Math.max(text.length, 1));
          expect(message.length).toBeLessThan(400);
        }
        for (const { budgets } of entriesOf(configuration)) {
          for (const budget of budgets) expect(budgetText(budget)).not.toMatch(/NaN|Infinity|undefined/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function entriesOf(configuration: Configuration | undefined): Configuration['entries'] {
  return configuration?.entries ?? [];
}

function budgetText(budget: Budget): string {
  const { metric, severity, text } = budget;
  const isAccuracy = metric.kind === 'accuracy';
  const name =
    metric.kind === 'latency' ? `${metric.deviceId} ${metric.estimate}` : isAccuracy ? metric.dataset : metric.kind;
  if (budget.kind === 'limit') return `${severity} ${name} ${isAccuracy ? '>=' : '<='} ${budget.limit} (${text})`;
  const { growth } = budget;
  const amount = growth.kind === 'relative' ? growth.share : growth.amount;
  return `${severity} ${name} ${isAccuracy ? '-' : '+'} ${amount} ${growth.kind} (${text})`;
}

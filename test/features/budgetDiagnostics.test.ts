/**
 * Budgets as the editor shows them: a file and entries in; line, severity, code and message of each diagnostic out, with
 * the text of each place that belongs to it. Figures by hand: Linear(8, 4) has 8·4 + 4 parameters and 32 MACs.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import { parseConfiguration } from '../../server/src/configuration/parseConfiguration.ts';
import type { Diagnostic } from '../../server/src/features/diagnostics.ts';
import { budgetSteps, type BudgetQuestion } from '../../server/src/lsp/budgets.ts';
import type { ModelSnapshot } from '../../server/src/gate/snapshot.ts';
import { makeConfiguredAnalyzer } from '../support/makeAnalyzer.ts';

const folder = path.join(import.meta.dirname, '../../examples');
const file = path.join(folder, 'net.py');

const HEAD = 'import torch\nfrom torch import nn\n';
/** Line 4 is the class; 7 and 8 create layers, 36 and 4·width + width parameters. */
const NET = `${HEAD}
class Net(nn.Module):
    def __init__(self, width=6):
        super().__init__()
        self.body = nn.Linear(8, 4)
        self.head = nn.Linear(4, width)
    def forward(self, x):
        return self.head(self.body(x))
`;
/** Line 12 creates the same layer three times. */
const BLOCKS = `${HEAD}
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
    def forward(self, x):
        return self.fc(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block(), Block(), nn.Linear(8, 1))
    def forward(self, x):
        return self.blocks(x)
`;

async function shown(
  text: string,
  entries: readonly object[],
  baselineOf: (name: string) => ModelSnapshot | undefined = () => undefined,
): Promise<readonly (readonly string[])[]> {
  const json = JSON.stringify({ entries });
  const configurationFile = path.join(folder, 'layercost.json');
  const { configuration } = parseConfiguration(json, configurationFile, { kind: 'json', knownDeviceIds: ['t4'] });
  if (configuration === undefined) throw new Error('the configuration cannot be read');
  const analyzer = await makeConfiguredAnalyzer(configuration);
  analyzer.setText(file, text);
  const lines = new LineIndex(text);
  const print = ({ range, severity, code, message, related = [] }: Diagnostic): string => {
    const places = related.map((place) => {
      const source = place.range.file === file ? text : json;
      return `${source.slice(place.range.start, place.range.end)} (${place.message})`;
    });
    const line = lines.position(range.start).line + 1;
    return [`${line} ${severity} ${code} ${message}`, ...places].join('\n    ');
  };
  const steps: (readonly string[])[] = [];
  const ask: BudgetQuestion['ask'] = (body) => Promise.resolve(body(analyzer));
  const question = { ask, file, configuration, baselineOf, isCurrent: () => true };
  for await (const { diagnostics } of budgetSteps(question)) steps.push(diagnostics.map(print));
  return steps;
}

interface Case {
  readonly title: string;
  readonly text: string;
  readonly entries: readonly object[];
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: 'a budget that is met, and an entry without one',
    text: NET,
    entries: [{ model: 'net.py:Net', budgets: { params: '66' } }, { model: 'net.py' }],
    says: [],
  },
  {
    title: 'a budget that is missed: the model by its severity, the lines of its layers as information',
    text: NET,
    entries: [{ name: 'student', model: 'net.py:Net', budgets: { params: '60' } }],
    says: [
      '4 error budget-params student: parameters 66, budget 60: 6 (10 %) over. Most: body 36 (54.5 %), head 30 (45.5 %)\n' +
        '    "60" (the budget: 60)\n    nn.Linear(8, 4) (body 36 (54.5 %))\n    nn.Linear(4, width) (head 30 (45.5 %))',
      '7 information budget-params body 36 (54.5 %) of student: parameters 66, budget 60: 6 (10 %) over\n    "60" (the budget: 60)',
      '8 information budget-params head 30 (45.5 %) of student: parameters 66, budget 60: 6 (10 %) over\n    "60" (the budget: 60)',
    ],
  },
  {
    title: 'a warning; layers that one expression creates are one line, and what costs little is none',
    text: BLOCKS,
    entries: [{ model: 'net.py:Net', input: '1x8', budgets: { macs: ['warn', '100'] } }],
    says: [
      '10 warning budget-macs net.py:Net: MACs 200, budget 100: 100 (100 %) over. Most: blocks.0.fc 64 (32 %), blocks.1.fc 64 (32 %), blocks.2.fc 64 (32 %)\n' +
        '    ["warn","100"] (the budget: 100)\n    nn.Linear(8, 8) (blocks.0.fc and 2 more 192 (96 %))',
      '7 information budget-macs blocks.0.fc and 2 more 192 (96 %) of net.py:Net: MACs 200, budget 100: 100 (100 %) over\n    ["warn","100"] (the budget: 100)',
    ],
  },
  {
    title: 'two entries for one model, each with its own arguments: what one leaves open, the other does not give',
    text: NET,
    entries: [
      { name: 'wide', model: 'net.py:Net', args: { width: 10 }, budgets: { params: '80' } },
      { name: 'plain', model: 'net.py:Net', budgets: { params: '65' } },
    ],
    // 36 + 50, and 66
    says: [
      '4 error budget-params wide: parameters 86, budget 80: 6 (7.5 %) over. Most: head 50 (58.1 %), body 36 (41.9 %)',
      '8 information budget-params head 50 (58.1 %) of wide',
      '7 information budget-params body 36 (41.9 %) of wide',
      '4 error budget-params plain: parameters 66, budget 65: 1 (1.5 %) over. Most: body 36 (54.5 %), head 30 (45.5 %)',
    ],
  },
  {
    title: 'globs: the first one holds what no entry names; of a file alone its first model',
    text: `${NET}\nclass Other(Net):\n    def forward(self, x):\n        return self.body(x)\n`,
    entries: [
      { name: 'exact', model: 'net.py:Other', budgets: { params: '66' } },
      { name: 'zoo', model: '*.py:*', budgets: { params: '1' } },
      { name: 'later', model: 'n*.py:*', budgets: { params: '2' } },
      { name: 'file', model: '*.py', budgets: { params: '3' } },
    ],
    says: [
      '4 error budget-params zoo:net.py:Net: parameters 66, budget 1: 65 (6500 %) over',
      '7 information',
      '8 information',
      '4 error budget-params file:net.py: parameters 66, budget 3: 63 (2100 %) over',
    ],
  },
  {
    title: 'a figure that depends on the input is unknown, which is no pass',
    text: NET,
    entries: [{ model: 'net.py:Net', input: 'Nx8', budgets: { macs: '1G' } }],
    says: [
      '4 error unknown-figure net.py:Net: MACs with budget 1G: unknown, as it depends on the input: 56*N\n    "1G" (the budget: 1G)',
    ],
  },
  {
    title: 'unknown figures that the entry allows',
    text: NET,
    entries: [{ model: 'net.py:Net', input: 'Nx8', allowUnknown: true, budgets: { macs: '1G' } }],
    says: [],
  },
  {
    title: 'what follows from a problem that the file shows is not told again',
    text: NET.replace('nn.Linear(4, width)', 'nn.Linear(5, width)'),
    entries: [{ model: 'net.py:Net', input: '1x8', budgets: { macs: '1G' } }],
    says: [],
  },
  {
    title: 'a growth without anything to compare with is not checked',
    text: NET,
    entries: [{ model: 'net.py:Net', budgets: { growth: { params: '+5 %' } } }],
    says: [],
  },
  {
    title: 'half a line: the class before it keeps its budget',
    text: `${NET}\nclass Half(nn.Module):\n    def __init__(self\n`,
    entries: [{ model: 'net.py:Net', budgets: { params: '65' } }],
    says: [
      '4 error budget-params net.py:Net: parameters 66, budget 65: 1 (1.5 %) over',
      '7 information',
      '8 information',
    ],
  },
];

it.each(CASES)('$title', async ({ text, entries, says }) => {
  const last = (await shown(text, entries)).at(-1) ?? [];
  expect(
    last.map((item, index) => item.slice(0, says[index]?.length)),
    last.join('\n'),
  ).toEqual(says);
});

it('a latency says that it is the roofline', async () => {
  const [[first = ''] = []] = await shown(NET, [{ model: 'net.py:Net', budgets: { latency: { t4: '1 ns' } } }]);
  expect(first).toMatch(
    /^4 error budget-latency net\.py:Net: latency on t4 \(roofline\) .* budget 1 ns: .* over\. Most: /,
  );
});

it('models that hints do not need come in a second step', async () => {
  const text = `${NET}\n\ndef small():\n    return Net(2)\n\ndef large():\n    return Net(9)\n`;
  const steps = await shown(text, [{ model: '*.py:*', budgets: { params: '50' } }]);
  // 36 + 10 and 36 + 45
  const models = steps.map((step) => step.filter((item) => item.includes('error')).map((item) => item.split(',')[0]));
  expect(models).toEqual([
    ['4 error budget-params net.py:Net: parameters 66'],
    ['4 error budget-params net.py:Net: parameters 66', '16 error budget-params net.py:large: parameters 81'],
  ]);
});

it('a growth is measured against the model of the same name', async () => {
  const before: ModelSnapshot = {
    name: 'net.py:Net',
    target: 'net.py:Net',
    inputs: [],
    totals: { paramCount: 60, macs: 1, weightBytes: 1, activationBytes: 1, peakMemoryBytes: 1 },
    latency: [],
    accuracy: [],
    layers: [],
    coverageShare: 1,
  };
  const entries = [{ model: 'net.py:Net', budgets: { growth: { params: '+5 %' } } }];
  const [step = []] = await shown(NET, entries, (name) => (name === 'Net' ? before : undefined));
  expect(step[0]).toMatch(
    /^4 error growth-params net\.py:Net: parameters 66, budget \+5 % on 60 = 63: 3 \(4\.8 %\) over/,
  );
});

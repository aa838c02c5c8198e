/**
 * Models whose construction met an unknown that may make layers or hold tensors: every total that it may touch is
 * unknown, and the others are numbers. `cfg` is read from a file, so nothing of it is known.
 */
import { describe, expect, test } from 'vitest';
import { printDim, unknownReason } from '../../server/src/graph/dim.ts';
import type { Report, Totals } from '../../server/src/analysis/report.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';

const HEAD = 'import json, torch\nfrom torch import nn\ncfg = json.load(open("net.json"))\n';

/** A model with one line in its constructor, and an `nn.Linear(8, 8)` that its forward runs. */
const built = (line: string, forward = 'self.fc(x)'): string =>
  `${HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        ${line}
    def forward(self, x):
        return ${forward}
`;

async function reportOf(text: string): Promise<Report> {
  const analyzer = await makeAnalyzer([]);
  const file = '/work/unknown_construction.py';
  analyzer.setText(file, text);
  const inputs = [{ name: undefined, shape: [1, 8], dtype: undefined }];
  const result = analyzer.analyze({ target: `${file}:Net`, inputs, args: undefined, deviceIds: [] });
  analyzer.setText(file, undefined);
  if (result.kind === 'problem') throw new Error(JSON.stringify(result.problems));
  return result.report;
}

function unknownTotals({ totals }: Report): readonly string[] {
  return Object.entries(totals as unknown as Readonly<Record<keyof Totals, Totals['macs']>>)
    .filter(([, figure]) => unknownReason(figure) !== undefined)
    .map(([name]) => name);
}

const ALL: readonly (keyof Totals)[] = [
  'paramCount',
  'bufferCount',
  'weightBytes',
  'macs',
  'elementwiseOps',
  'bytesMoved',
  'activationBytes',
  'peakMemoryBytes',
  'flops',
];

describe('what may make layers makes every total unknown', () => {
  test.each([
    ['a loop over an unknown', 'self.more = nn.ModuleList([nn.Linear(8, 8) for _ in range(cfg["n"])])'],
    ['an unknown condition', 'if cfg["bn"]: self.bn = nn.BatchNorm1d(8)'],
    ['a Sequential of an unknown number of modules', 'self.more = nn.Sequential(*cfg["layers"])'],
    ['a ModuleDict of an unknown', 'self.more = nn.ModuleDict(cfg["layers"])'],
    ['an unknown function that is given the module', 'cfg.extend(self)'],
    ['a layer with an unknown number of layers', 'self.more = nn.LSTM(8, 8, num_layers=cfg["n"])'],
    ['an attribute of an unknown name', 'setattr(self, cfg["name"], nn.Linear(8, 8))'],
  ])('%s', async (_, line) => {
    expect([...unknownTotals(await reportOf(built(line)))].sort()).toEqual([...ALL].sort());
  });

  test('a part that is unknown, once its values meet tensors', async () => {
    const report = await reportOf(built('self.scale = cfg.make()', 'self.fc(x) * self.scale.value'));
    expect([...unknownTotals(report)].sort()).toEqual([...ALL].sort());
  });
});

describe('what can only hold tensors touches what is stored', () => {
  const stored = ['paramCount', 'weightBytes', 'peakMemoryBytes'];
  test('an unknown parameter', async () => {
    expect(unknownTotals(await reportOf(built('self.w = nn.Parameter(cfg["w"])')))).toEqual(stored);
    expect(unknownTotals(await reportOf(built('self.register_parameter("w", cfg["w"])')))).toEqual(stored);
  });
  test('an unknown buffer', async () => {
    const report = await reportOf(built('self.register_buffer("b", cfg["b"])'));
    expect(unknownTotals(report)).toEqual(['bufferCount', 'weightBytes', 'peakMemoryBytes']);
  });
  test('an unknown attribute that nothing uses', async () => {
    expect(unknownTotals(await reportOf(built('self.cfg = cfg')))).toEqual([]);
  });
});

test('a layer whose forward is called directly has its work in its row', async () => {
  const { layers } = await reportOf(`${HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 8, 3)
        self.body = nn.Sequential(nn.Conv1d(8, 8, 3), nn.ReLU())
    def forward(self, x):
        return self.body.forward(self.conv.forward(x))
`);
  expect(layers.map(({ name, op, work, callCount }) => `${name} ${op} ${printDim(work.macs)} ${callCount}`)).toEqual([
    'conv Conv1d 144 1',
    'body.0 Conv1d 768 1',
    'body.1 ReLU 0 1',
  ]);
});

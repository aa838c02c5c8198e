/**
 * The façade on small Python files: which models it finds, what it builds them with, and what it says it assumed.
 * Each case is a file and what its report must say. Counts were worked out by hand from the layers.
 */
import { describe, expect, it } from 'vitest';
import { printDim, unknownReason } from '../../server/src/graph/dim.ts';
import { printType } from '../../server/src/graph/tensorType.ts';
import type { Report } from '../../server/src/analysis/report.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';

const HEAD = 'import torch\nfrom torch import nn\n';
const NET = `
class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, padding=1)
    def forward(self, x):
        return self.conv(x)
`;

/** Net stands for a network that factories build of one block or another. */
const FACTORIES = `
class Narrow(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 1)
    def forward(self, x):
        return self.conv(x)

class Wide(Narrow):
    pass

class Net(nn.Module):
    def __init__(self, block: type[Narrow | Wide]):
        super().__init__()
        self.block = block(3)
    def forward(self, x):
        return self.block(x)

def narrow():
    return Net(Narrow)

def narrow_too():
    return Net(Narrow)

def wide() -> Net:
    model = Net(Wide)
    return model

def plain():
    return nn.Sequential(nn.Linear(4, 4))
`;

interface Case {
  readonly title: string;
  readonly text: string;
  readonly entry?: string;
  readonly input: string;
  readonly params: string;
  readonly macs: string;
  /** What the assumptions say, in part. */
  readonly assumed: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: 'deduces the input from the first layer',
    text: HEAD + NET,
    input: '1x3x224x224 float32',
    params: '224',
    macs: String(224 * 224 * 8 * 27),
    assumed: ['from Conv2d(3, ...)'],
  },
  {
    title: 'takes a directive first',
    text: `${HEAD}# layercost: input=2x3x16x16 args=(width=4)${NET}\nif __name__ == "__main__":\n    Net()(torch.randn(1, 3, 8, 8))\n`,
    input: '2x3x16x16 float32',
    params: '112',
    macs: String(2 * 16 * 16 * 4 * 27),
    assumed: [],
  },
  {
    title: 'takes the call in the script',
    text: `${HEAD}${NET}\nif __name__ == "__main__":\n    net = Net(width=2)\n    net(torch.randn(1, 3, 8, 8))\n`,
    input: '1x3x8x8 float32',
    params: '56',
    macs: String(8 * 8 * 2 * 27),
    assumed: ['as the file itself uses the model'],
  },
  {
    title: 'takes the call at the top level',
    text: `${HEAD}${NET}\ny = Net(width=2)(torch.randn(4, 3, 8, 8))\n`,
    input: '4x3x8x8 float32',
    params: '56',
    macs: String(4 * 8 * 8 * 2 * 27),
    assumed: ['as the file itself uses the model'],
  },
  {
    title: 'takes the call in a test',
    text: `${HEAD}${NET}\ndef test_net():\n    assert Net(1)(torch.zeros(1, 3, 4, 4)).shape[1] == 1\n`,
    input: '1x3x4x4 float32',
    params: '28',
    macs: String(4 * 4 * 27),
    assumed: ['as the file itself uses the model'],
  },
  {
    title: 'shows a class that needs arguments as a factory builds it',
    text: `${HEAD}${NET.replace('width=8', 'width')}\ndef tiny():\n    return Net(1)\n`,
    entry: 'Net',
    input: '1x3x224x224 float32',
    params: '28',
    macs: String(224 * 224 * 27),
    assumed: ['Net as tiny builds it', 'from Conv2d'],
  },
  {
    title: 'counts nothing exactly where a loop could not run',
    text: `${HEAD}${NET.replace('return self.conv(x)', 'for _ in x.tolist():\n            x = self.conv(x)\n        return self.conv(x)')}`,
    input: '1x3x224x224 float32',
    params: '224',
    macs: '?',
    assumed: ['ran no times'],
  },
  {
    title: 'knows neither weights nor work where a loop that makes layers could not run',
    text: `${HEAD}import random\n${NET.replace('        self.conv', '        self.more = nn.ModuleList()\n        for w in random.choices([1, 2]):\n            self.more.append(nn.Linear(w, w))\n        self.conv')}`,
    input: '1x3x224x224 float32',
    params: '?',
    macs: '?',
    assumed: ['ran no times'],
  },
  {
    title: 'counts nothing exactly where what runs hangs on values',
    text: `${HEAD}${NET.replace('return self.conv(x)', 'x = self.conv(x)\n        if x.mean() > 0:\n            x = torch.relu(x)\n        return x')}`,
    input: '1x3x224x224 float32',
    params: '224',
    macs: '?',
    assumed: ['`x.mean() > 0` is not known'],
  },
  {
    title: 'counts exactly where values decide only whether something is written or refused',
    text: `${HEAD}${NET.replace('return self.conv(x)', 'if x.mean() > 0:\n            print("positive")\n        if x.max() > 9:\n            raise ValueError("too large")\n        return self.conv(x)')}`,
    input: '1x3x224x224 float32',
    params: '224',
    macs: String(224 * 224 * 8 * 27),
    assumed: ['`x.mean() > 0` is not known', '`x.max() > 9` is not known'],
  },
  {
    title: 'knows neither weights nor work where it is not known whether a layer is made',
    text: `${HEAD}import random\n${NET.replace('        self.conv', '        if random.random() > 0.5:\n            self.more = nn.Linear(2, 2)\n        self.conv')}`,
    input: '1x3x224x224 float32',
    params: '?',
    macs: '?',
    assumed: ['`random.random() > 0.5` is not known'],
  },
  {
    title: 'knows no work where something unknown is called with tensors',
    text: `${HEAD}import mystery\n${NET.replace('return self.conv(x)', 'mystery.look(x)\n        return self.conv(x)')}`,
    input: '1x3x224x224 float32',
    params: '224',
    macs: '?',
    assumed: [],
  },
];

describe('a model of a file', () => {
  for (const { title, text, entry, input, params, macs, assumed } of CASES) {
    it(title, async () => {
      const report = await reportOf(text, entry);
      expect(report.inputs.map(({ type }) => printType(type))).toEqual([input]);
      expect([report.totals.paramCount, report.totals.macs].map((dim) => printDim(dim))).toEqual([params, macs]);
      const messages = report.assumptions.map(({ message }) => message).join('\n');
      for (const part of assumed) expect(messages).toContain(part);
      if (assumed.length === 0) expect(messages.replace(/^input .*$/m, '')).toBe('');
      // What makes a figure unknown is a part that is not understood.
      expect(report.coverage.share === 1).toBe(params !== '?' && macs !== '?');
    });
  }

  it('takes the input of its directive where its arguments are given', async () => {
    const analyzer = await makeAnalyzer([]);
    const file = '/work/net.py';
    analyzer.setText(file, `${HEAD}# layercost: input=2x3x16x16 args=(width=2)${NET.replace('width=8', 'width')}`);
    const result = analyzer.analyze({ target: `${file}:Net`, inputs: undefined, args: 'width=4', deviceIds: [] });
    analyzer.setText(file, undefined);
    if (result.kind === 'problem') throw new Error(JSON.stringify(result.problems));
    const { inputs, totals } = result.report;
    expect(inputs.map(({ type }) => printType(type))).toEqual(['2x3x16x16 float32']);
    expect([totals.paramCount, totals.macs]).toEqual([112, 2 * 16 * 16 * 4 * 27]);
  });

  it('is analysed for hints only where it explains lines that no other explains', async () => {
    const analyzer = await makeAnalyzer([]);
    const file = '/work/factories.py';
    analyzer.setText(file, HEAD + FACTORIES);
    const entries = analyzer
      .hintReports(file)
      .map(({ entry, report }) => [
        entry.name,
        report === undefined ? 'later' : report.scopes.map(({ typeName }) => typeName).join(' '),
      ]);
    analyzer.setText(file, undefined);
    expect(entries).toEqual([
      ['Net', 'Net Narrow Conv2d'],
      ['narrow', 'Net Narrow Conv2d'],
      ['narrow_too', 'later'],
      ['wide', 'Net Wide Conv2d'],
      ['plain', 'Sequential Linear'],
    ]);
  });

  it('that cannot be built has no figures, and says why', async () => {
    const report = await reportOf(`${HEAD}${NET.replace('super().__init__()', 'raise ValueError("no")')}`, 'Net');
    expect(unknownReason(report.totals.macs)).toContain('no');
    expect(report.problems.map(({ code }) => code)).toContain('python-exception');
  });

  it('keeps its report until a file changes', async () => {
    const analyzer = await makeAnalyzer([]);
    const file = '/work/kept.py';
    analyzer.setText(file, HEAD + NET);
    const first = analyzer.report(file, 'Net');
    expect(analyzer.report(file, 'Net')).toBe(first);
    analyzer.setText(file, `${HEAD}${NET}# changed\n`);
    expect(analyzer.report(file, 'Net')).not.toBe(first);
    analyzer.setText(file, undefined);
  });
});

async function reportOf(text: string, entry: string | undefined): Promise<Report> {
  const analyzer = await makeAnalyzer([]);
  const file = '/work/net.py';
  analyzer.setText(file, text);
  const report = analyzer.report(file, entry);
  analyzer.setText(file, undefined);
  if (report === undefined) throw new Error('no model was found');
  return report;
}

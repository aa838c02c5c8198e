/**
 * Entries of the configuration against what a file says of its models: a file and entries in; which models there are,
 * their inputs and parameters out. Parameters by hand: width · 8 + 8 for Linear(width, 8).
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Analyzer } from '../../server/src/analysis/analyzer.ts';
import { parseConfiguration } from '../../server/src/configuration/parseConfiguration.ts';
import { givenText } from '../../server/src/features/givenText.ts';
import { lensTitle } from '../../server/src/features/codeLens.ts';
import { printDim } from '../../server/src/graph/dim.ts';
import { printType } from '../../server/src/graph/tensorType.ts';
import { makeConfiguredAnalyzer } from '../support/makeAnalyzer.ts';

const examples = path.join(import.meta.dirname, '../../examples');
const HEAD = 'import torch\nfrom torch import nn\n';
const net = (name: string, parameters: string): string => `
class ${name}(nn.Module):
    def __init__(self, ${parameters}):
        super().__init__()
        self.fc = nn.Linear(width, 8)
    def forward(self, x):
        return self.fc(x)
`;
const DIRECTED = `${HEAD}# layercost: input=2x5 args=(width=5)${net('Net', 'width=3')}`;
const USED = `${HEAD}${net('Net', 'width=3')}\nif __name__ == "__main__":\n    Net(7)(torch.randn(4, 7))\n`;
const FACTORIES = `${HEAD}${net('Net', 'width')}
def small():
    return Net(2)

def large():
    return Net(9)

def _hidden():
    return Net(4)

def untold(width):
    make = {"net": Net}["net"]
    return make(width)
`;

type Entries = readonly object[];

const CASES: readonly (readonly [title: string, text: string, entries: Entries, models: readonly string[]])[] = [
  ['nothing is configured', DIRECTED, [], ['Net 2x5 48']],
  [
    'an entry goes before the comment',
    DIRECTED,
    [{ model: 'net.py:Net', args: { width: 6 }, input: '1x6' }],
    ['Net 1x6 56, input and arguments from layercost.json'],
  ],
  [
    'the comment says what an entry leaves open',
    DIRECTED,
    [{ model: 'net.py:Net', input: '9x5' }],
    ['Net 9x5 48, input from layercost.json'],
  ],
  [
    'an entry of budgets alone changes nothing',
    DIRECTED,
    [{ model: 'net.py:Net', budgets: { params: '5M' } }],
    ['Net 2x5 48'],
  ],
  [
    'an entry goes before the use in the file',
    USED,
    [{ model: 'net.py:Net', args: 'width=1', input: '1x1' }],
    ['Net 1x1 16, input and arguments from layercost.json'],
  ],
  ['an entry without input leaves the use alone', USED, [{ model: 'net.py:Net' }], ['Net 4x7 64']],
  [
    'an entry for another model changes nothing',
    USED,
    [
      { model: 'net.py:Other', input: '1x1' },
      { model: 'other.py', input: '1x1' },
    ],
    ['Net 4x7 64'],
  ],
  [
    'a file alone means its first model',
    HEAD + net('A', 'width=3') + net('B', 'width=3'),
    [{ model: 'net.py', input: '6x3' }],
    ['A 6x3 32, input from layercost.json', 'B 1x3 32'],
  ],
  [
    'a name goes before globs, globs in their order',
    HEAD + net('A', 'width=3') + net('B', 'width=3'),
    [
      { model: '*.py:[AB]', input: '2x3' },
      { model: '**/*.py:*', input: '7x3' },
      { model: 'net.py:B', input: '5x3' },
    ],
    ['A 2x3 32, input from layercost.json', 'B 5x3 32, input from layercost.json'],
  ],
  [
    'the first of two entries of one model',
    HEAD + net('A', 'width=3'),
    [
      { model: 'net.py:A', name: 'a', input: '2x3' },
      { model: 'net.py:A', name: 'b', input: '7x3' },
    ],
    ['A 2x3 32, input from layercost.json'],
  ],
  [
    'a class is shown as a configured factory builds it',
    FACTORIES,
    [{ model: 'net.py:large', input: '3x9' }],
    ['Net 3x9 80, input from layercost.json', 'small 1x2 24', 'large 3x9 80, input from layercost.json'],
  ],
  [
    'a class gets its arguments',
    FACTORIES,
    [{ model: 'net.py:Net', args: { width: 1 } }],
    ['Net 1x1 16, arguments from layercost.json', 'small 1x2 24', 'large 1x9 80'],
  ],
  [
    'functions that nobody takes for models',
    FACTORIES,
    [{ model: 'net.py:_hidden' }, { model: 'net.py:untold', args: { width: 5 } }],
    ['Net 1x4 40', 'small 1x2 24', 'large 1x9 80', '_hidden 1x4 40', 'untold 1x5 48, arguments from layercost.json'],
  ],
];

describe('with a configuration', () => {
  it.each(CASES)('%s', async (_title, text, entries, wanted) => {
    const analyzer = await configured('/work', entries);
    analyzer.setText('/work/net.py', text);
    const names = analyzer.modelNames('/work/net.py', { hasArguments: false });
    expect(names.map((name) => modelText(analyzer, '/work/net.py', name))).toEqual(wanted);
  });

  it('a model that is named explains the lines that it shares', async () => {
    const analyzer = await configured('/work', [{ model: 'net.py:large', input: '3x9' }]);
    analyzer.setText('/work/net.py', FACTORIES);
    const [first] = analyzer.hintReports('/work/net.py');
    expect(first?.report?.inputs.map(({ type }) => printType(type))).toEqual(['3x9 float32']);
  });

  it('an ONNX file gets its input, and the lens says from where', async () => {
    const analyzer = await configured(examples, [{ model: '*.onnx', input: '3x3x16x16' }]);
    const report = analyzer.report(path.join(examples, 'tiny_cnn.onnx'), undefined);
    expect(report?.inputs.map(({ type }) => printType(type))).toEqual(['3x3x16x16 float32']);
    if (report !== undefined) expect(lensTitle(report, 't4')).toContain('input 3×3×16×16 (layercost.json)');
  });

  it('what is asked for goes before it', async () => {
    const analyzer = await configured(examples, [{ model: 'small_cnn.py:SmallCNN', input: '1x3x64x64' }]);
    const target = path.join(examples, 'small_cnn.py:SmallCNN');
    const inputs = [{ name: undefined, shape: [2, 3, 32, 32], dtype: undefined }];
    const texts = [undefined, inputs].map((given) => {
      const result = analyzer.analyze({ target, inputs: given, args: undefined, deviceIds: [] });
      if (result.kind === 'problem') throw new Error(result.problems[0]?.message);
      const { report } = result;
      return `${report.inputs.map(({ type }) => printType(type)).join()} ${givenText(report.entry) ?? ''}`;
    });
    expect(texts).toEqual(['1x3x64x64 float32 input from layercost.json', '2x3x32x32 float32 ']);
  });
});

function configured(folder: string, entries: Entries): Promise<Analyzer> {
  const text = JSON.stringify({ entries });
  const options = { kind: 'json', knownDeviceIds: [] } as const;
  const { configuration, problems } = parseConfiguration(text, `${folder}/layercost.json`, options);
  if (configuration === undefined || problems.length > 0) throw new Error(problems[0]?.message);
  return makeConfiguredAnalyzer(configuration);
}

/** "Net 1x6 56, input from layercost.json": name, input, parameters. */
function modelText(analyzer: Analyzer, file: string, name: string): string {
  const report = analyzer.report(file, name);
  if (report === undefined) return `${name} has no report`;
  const input = report.inputs.map(({ type }) => printType(type).replace(' float32', '')).join();
  const given = givenText(report.entry);
  return `${name} ${input} ${printDim(report.totals.paramCount)}${given === undefined ? '' : `, ${given}`}`;
}

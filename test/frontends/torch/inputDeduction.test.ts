/**
 * Inputs that nobody gave are deduced from the layers; the description says what it rests on.
 * Each case is a model's text and what is expected of it.
 */
import { describe, expect, it } from 'vitest';
import { printShape } from '../../../server/src/graph/tensorType.ts';
import { traceText } from './support/traceModel.ts';

const HEAD = 'import torch\nfrom torch import nn\nimport torch.nn.functional as F\n';

interface DeductionCase {
  readonly title: string;
  /** Lines of __init__ after super().__init__(). */
  readonly init: readonly string[];
  readonly forward: readonly string[];
  readonly parameters?: string;
  /** "name=shape dtype" for each input. */
  readonly inputs: readonly string[];
  readonly note: string;
}

const CASES: readonly DeductionCase[] = [
  {
    title: 'an image for a convolution',
    init: ['self.conv = nn.Conv2d(3, 8, 3)'],
    forward: ['return self.conv(x)'],
    inputs: ['x=1x3x224x224 float32'],
    note: 'input 1x3x224x224 (from Conv2d(3, ...))',
  },
  {
    title: 'a size that a later linear layer fits',
    init: ['self.conv = nn.Conv2d(1, 6, 5)', 'self.fc = nn.Linear(6 * 14 * 14, 10)'],
    forward: ['return self.fc(torch.flatten(F.max_pool2d(self.conv(x), 2), 1))'],
    inputs: ['x=1x1x32x32 float32'],
    note: 'input 1x1x32x32 (from Conv2d(1, ...))',
  },
  {
    title: 'channels last, undone',
    init: ['self.conv = nn.Conv2d(3, 8, 3)'],
    forward: ['return self.conv(x.permute(0, 3, 1, 2) / 255)'],
    inputs: ['x=1x224x224x3 float32'],
    note: 'input 1x224x224x3 (from Conv2d(3, ...))',
  },
  {
    title: 'the size that the model says',
    init: ['self.image_size = 96', 'self.conv = nn.Conv2d(3, 8, 3)'],
    forward: ['n, c, h, w = x.shape', 'assert h == self.image_size', 'return self.conv(x)'],
    inputs: ['x=1x3x96x96 float32'],
    note: "input 1x3x96x96 (from Conv2d(3, ...), the model's image_size)",
  },
  {
    title: 'a flat vector behind a view',
    init: ['self.fc = nn.Linear(784, 10)'],
    forward: ['x = x.view(-1, 784)', 'return self.fc(x)'],
    inputs: ['x=1x784 float32'],
    note: 'input 1x784 (from Linear(784, ...))',
  },
  {
    title: 'a flat vector behind a flatten',
    init: ['self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))'],
    forward: ['return self.net(x)'],
    inputs: ['x=1x784 float32'],
    note: 'input 1x784 (from Linear(784, ...))',
  },
  {
    title: 'ids for an embedding',
    init: ['self.embed = nn.Embedding(100, 16)', 'self.fc = nn.Linear(16, 2)'],
    forward: ['return self.fc(self.embed(x).mean(dim=1))'],
    inputs: ['x=1x128 int64'],
    note: 'input 1x128:int64 (from Embedding(100, ...))',
  },
  {
    title: 'as many ids as an assertion permits',
    init: ['self.embed = nn.Embedding(100, 16)', 'self.position = nn.Embedding(32, 16)'],
    forward: ['b, t = x.size()', 'assert t <= 32', 'return self.embed(x) + self.position(torch.arange(t))'],
    inputs: ['x=1x32 int64'],
    note: 'input 1x32:int64 (from Embedding(100, ...))',
  },
  {
    title: 'a sequence for a batch-first LSTM',
    init: ['self.lstm = nn.LSTM(10, 20, batch_first=True)'],
    forward: ['return self.lstm(x)[0]'],
    inputs: ['x=1x128x10 float32'],
    note: 'input 1x128x10 (from LSTM(10, ...))',
  },
  {
    title: 'a sequence for a GRU that wants steps first',
    init: ['self.gru = nn.GRU(10, 20)'],
    forward: ['return self.gru(x)[0]'],
    inputs: ['x=128x1x10 float32'],
    note: 'input 128x1x10 (from GRU(10, ...))',
  },
  {
    title: 'a signal for a 1d convolution',
    init: ['self.conv = nn.Conv1d(2, 8, 3)'],
    forward: ['return self.conv(x)'],
    inputs: ['x=1x2x1024 float32'],
    note: 'input 1x2x1024 (from Conv1d(2, ...))',
  },
  {
    title: 'a clip for a 3d convolution',
    init: ['self.conv = nn.Conv3d(3, 8, 3)'],
    forward: ['return self.conv(x)'],
    inputs: ['x=1x3x16x112x112 float32'],
    note: 'input 1x3x16x112x112 (from Conv3d(3, ...))',
  },
  {
    title: 'a sequence where a linear layer stands before attention',
    init: ['self.fc = nn.Linear(6, 8)', 'self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)'],
    forward: ['n, t, d = x.shape', 'return self.layer(self.fc(x)).reshape(n, t * 8)'],
    inputs: ['x=1x128x6 float32'],
    note: 'input 1x128x6 (from Linear(6, ...))',
  },
  {
    title: 'each of several inputs',
    init: ['self.conv = nn.Conv2d(3, 8, 3)', 'self.fc = nn.Linear(5, 8)'],
    parameters: 'image, vector, scale=None',
    forward: ['y = self.conv(image).mean(dim=(2, 3))', 'return y + self.fc(vector)'],
    inputs: ['image=1x3x224x224 float32', 'vector=1x5 float32'],
    note: 'input 1x3x224x224, 1x5 (from Conv2d(3, ...))',
  },
  {
    title: 'features for a normalisation',
    init: ['self.norm = nn.BatchNorm1d(7)', 'self.fc = nn.Linear(7, 2)'],
    forward: ['return self.fc(self.norm(x))'],
    inputs: ['x=1x7 float32'],
    note: 'input 1x7 (from BatchNorm1d(7))',
  },
  {
    title: 'what functional layers ask',
    init: ['self.weight = nn.Parameter(torch.zeros(4, 9))'],
    forward: ['return F.linear(torch.relu(x), self.weight)'],
    inputs: ['x=1x9 float32'],
    note: 'input 1x9 (from Linear(9, ...))',
  },
];

function sourceOf({ init, forward, parameters }: DeductionCase): string {
  return [
    HEAD,
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    `    def forward(self, ${parameters ?? 'x'}):`,
    ...forward.map((line) => `        ${line}`),
  ].join('\n');
}

describe('deduced inputs', () => {
  it.each(CASES.map((item) => [item.title, item] as const))('%s', async (_title, item) => {
    const result = await traceText(sourceOf(item), { target: 'Net' });
    const inputs = result.inputs.map(({ name, shape, dtype }) => `${name ?? ''}=${printShape(shape)} ${dtype ?? ''}`);
    expect(result.problems).toEqual([]);
    expect(inputs).toEqual(item.inputs);
    expect(result.assumptions.find(({ kind }) => kind === 'input')?.message).toBe(item.note);
    expect(result.graph?.outputs.length).toBeGreaterThan(0);
  });

  it('takes the dtype that the first layer wants for a given shape', async () => {
    const item = CASES.find(({ title }) => title === 'ids for an embedding');
    const result = await traceText(sourceOf(item ?? (CASES[0] as DeductionCase)), {
      target: 'Net',
      inputs: [{ shape: [4, 9] }],
    });
    expect(result.inputs).toEqual([{ shape: [4, 9], dtype: 'int64' }]);
    expect(result.problems).toEqual([]);
  });
});

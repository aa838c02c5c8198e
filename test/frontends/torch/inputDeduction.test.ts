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
  readonly decorator?: string;
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
  {
    title: 'a sequence for attention',
    init: ['self.attention = nn.MultiheadAttention(8, 2, batch_first=True)'],
    forward: ['return self.attention(x, x, x)[0]'],
    inputs: ['x=1x128x8 float32'],
    note: 'input 1x128x8 (from MultiheadAttention(8, ...))',
  },
  {
    title: 'an image that is published, where the first layer sees patches',
    init: ['self.default_cfg = {"input_size": (3, 64, 48)}', 'self.fc = nn.Linear(3 * 16 * 16, 8)'],
    forward: [
      'n, c, h, w = x.shape',
      'x = x.reshape(n, c, h // 16, 16, w // 16, 16).permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)',
      'return self.fc(x)',
    ],
    inputs: ['x=1x3x64x48 float32'],
    note: "input 1x3x64x48 (from Linear in the model, the model's default_cfg)",
  },
  {
    title: 'a feature count that is no image size',
    init: ['self.input_size = 784', 'self.fc = nn.Linear(784, 8)'],
    forward: ['return self.fc(x)'],
    inputs: ['x=1x784 float32'],
    note: 'input 1x784 (from Linear(784, ...))',
  },
  {
    title: 'the shape that an annotation says',
    init: ['self.fc = nn.Linear(7, 4)'],
    parameters: 'x: Float[Tensor, "b 5 7"]',
    forward: ['return self.fc(x)'],
    inputs: ['x=1x5x7 float32'],
    note: 'input 1x5x7 (x is annotated "b 5 7"; taken: b = 1)',
  },
  {
    title: 'annotated names that have one size in all parameters, features as the layers ask',
    init: ['self.fc = nn.Linear(16, 16)'],
    parameters: 'q: Float[torch.Tensor, "*batch t d"], kv: Float[Tensor, "*batch s d"], mask: "Bool[Tensor, \'t s\']"',
    forward: ['a = self.fc(q) @ self.fc(kv).transpose(1, 2)', 'return a.masked_fill(mask, 0.0)'],
    inputs: ['q=1x128x16 float32', 'kv=1x128x16 float32', 'mask=128x128 bool'],
    note: 'input 1x128x16, 1x128x16, 128x128:bool (q is annotated "*batch t d"; kv is annotated "*batch s d"; mask is annotated "t s"; taken: batch = 1, t = 128, d = 16, s = 128)',
  },
  {
    title: 'annotated images, by an alias and under a checker',
    init: ['self.conv = nn.Conv2d(3, 8, 3)'],
    parameters: 'x: Image | None',
    decorator: '@jaxtyped(typechecker=typechecker)',
    forward: ['return self.conv(x)'],
    inputs: ['x=1x3x32x48 float32'],
    note: 'input 1x3x32x48 (x is annotated "b rgb=3 h=32 w=48"; taken: b = 1)',
  },
  {
    title: 'sizes of torchtyping',
    init: ['self.fc = nn.Embedding(7, 4)'],
    parameters: 'x: TensorType["batch", 9, torch.int64]',
    forward: ['return self.fc(x)'],
    inputs: ['x=1x9 int64'],
    note: 'input 1x9:int64 (x is annotated "batch 9"; taken: batch = 1)',
  },
  {
    title: 'what the layers ask, where an annotation does not fit',
    init: ['self.fc = nn.Linear(7, 4)'],
    parameters: 'x: Float[Tensor, "b 9"]',
    forward: ['return self.fc(x)'],
    inputs: ['x=1x7 float32'],
    note: 'input 1x7 (from Linear(7, ...))',
  },
];

const TYPES = `from torch import Tensor
from jaxtyping import Bool, Float, jaxtyped
from torchtyping import TensorType
from beartype import beartype as typechecker
Image = Float[Tensor, "b rgb=3 h=32 w=48"]
`;

function sourceOf({ init, forward, parameters, decorator }: DeductionCase): string {
  return [
    HEAD,
    parameters?.includes(':') === true ? TYPES : '',
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    ...(decorator === undefined ? [] : [`    ${decorator}`]),
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

  it('reads annotations that stay text', async () => {
    const text = `from __future__ import annotations\n${HEAD}${TYPES}
class Net(nn.Module):
    def forward(self, x: Float[Tensor, "b 3 8"]) -> Float[Tensor, "b 8"]:
        return x.mean(1)
`;
    const result = await traceText(text, { target: 'Net' });
    expect(result.inputs.map(({ shape }) => printShape(shape))).toEqual(['1x3x8']);
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

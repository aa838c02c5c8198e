/**
 * Programs that would take all memory, each read by the command line in a process that has 400 MB of heap: it survives,
 * says which bound ended the program, and the model beside it has its figures (Linear(4, 3): 15 parameters, 12 MACs, as
 * PyTorch counts them).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

interface Case {
  /** At the file's top level. */
  readonly text?: string;
  /** In the constructor and in forward of a model that is asked for, too. */
  readonly init?: string;
  readonly forward?: string;
  /** What is told of it. */
  readonly says: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'instances that are kept': {
    text: 'class A:\n    def __init__(self): self.a = 1\nkept = []\nfor j in range(30):\n    for i in range(900_000): kept.append(A())',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'dicts that are kept': {
    text: 'kept = []\nfor j in range(30):\n    for i in range(900_000): kept.append({"a": i, "b": j})',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'a dict of tuples': {
    text: 'd = {}\nfor j in range(30):\n    for i in range(900_000): d[(i, j)] = i',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'generators and closures that hold each other': {
    text: 'def chain(f): return lambda: f()\nf = lambda: 0\nfor j in range(30):\n    for i in range(900_000): f = chain(f)',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'texts that are kept': {
    text: 's = "a" * 1_000_000\nkept = []\nfor i in range(900_000): kept.append((s + str(i)).upper())',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'copies of a long list': {
    text: 'a = [0] * 900_000\nkept = []\nfor i in range(100_000): kept.append(a[:])',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'results that are never made': {
    text: 'a = [0] * 10**9\nb = "a" * 10**10\nc = list(range(10**9))\nd = 10**(10**7)\ne = f"{1:>9999999999}"\nf = 1 << (1 << 40)',
    says: [],
  },
  'a comprehension without an end': {
    text: 'd = {i: i for i in range(10**8)}',
    says: ['Stopped after 1000000 rounds of a loop.'],
  },
  'layers without an end': {
    init: 'self.many = nn.ModuleList()\n        for i in range(1_000_000_007): self.many.append(nn.Linear(4, 4))',
    says: ['Stopped after making more than 50000 layers.'],
  },
  '200,000 layers that run 1,000 times': {
    init: 'self.many = nn.Sequential(*[nn.Linear(4, 4) for _ in range(200_000)])',
    forward: 'for _ in range(1000): x = self.many(x)',
    says: ['Stopped after making more than 50000 layers.'],
  },
  'operations without an end': {
    init: 'pass',
    forward: 'while True: x = x + 1',
    says: ['Stopped after recording 100000 operations.'],
  },
  'parameters without an end': {
    init: 'for i in range(1_000_000): self.register_parameter(f"p{i}", nn.Parameter(torch.zeros(4)))',
    says: ['Stopped after making values of more than 256 MB.'],
  },
  'an einsum of 5,000 operands, a join of 100,000 tensors, a tensor of 5,000 dims': {
    init: 'pass',
    forward:
      'torch.einsum(",".join(["ab"] * 5000) + "->a", *[x] * 5000); torch.cat([x] * 100_000); return x.view(*[1] * 5000, 4)',
    says: [],
  },
};

const NO_TIME = 'Stopped, as there was no more time for it.';

const folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly totals: { readonly paramCount: number | null; readonly macs: number | null };
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

function analyze(file: string, model: string): Answer {
  const cli = path.join(import.meta.dirname, '../../dist/cli.js');
  const args = ['--max-old-space-size=400', cli, 'analyze', `${file}:${model}`, '--format', 'json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  // 2 where the model has no figures.
  expect([0, 2], stderr.slice(-2000)).toContain(status);
  return JSON.parse(stdout) as Answer; // what the command line prints with --format json
}

describe('in 400 MB', () => {
  test.each(Object.entries(cases))(
    '%s',
    (name, { text = '', init, forward = '', says }) => {
      const file = path.join(folder, `${name.replaceAll(/\W+/g, '_')}.py`);
      const hostile = `# layercost: input=1x4
class Hostile(nn.Module):
    def __init__(self):
        super().__init__()
        ${init ?? 'pass'}
    def forward(self, x):
        ${forward}
        return x
`;
      const good = `# layercost: input=1x4
class Good(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 3)
    def forward(self, x): return self.l(x)
`;
      writeFileSync(file, `import torch, torch.nn as nn\n${text}\n${init === undefined ? '' : hostile}${good}`);
      const { totals, problems } = analyze(file, 'Good');
      expect([totals.paramCount, totals.macs]).toEqual([15, 12]);
      const told = init === undefined ? problems : [...problems, ...analyze(file, 'Hostile').problems];
      const bounds = told.filter(({ code }) => code === 'execution-bound').map(({ message }) => message);
      // A machine that is busy may spend the time before it spends the bound.
      expect(bounds.map((message, at) => (message === NO_TIME ? says[at] : message))).toEqual(says);
      expect(told.filter(({ code }) => code === 'internal-error')).toEqual([]);
    },
    240_000,
  );
});

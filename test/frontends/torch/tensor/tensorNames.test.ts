/**
 * Public names of torch.Tensor, nn.Module and nn.Sequential that PyTorch has are no AttributeError, modelled or not.
 * Names: test/truth/data/torch/publicNames.json, made by test/truth/torch/make_public_names.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../evaluation/support/pythonPrograms.ts';
import { makeTorchProject } from '../support/traceModel.ts';

const { names } = JSON.parse(
  readFileSync(new URL('../../../truth/data/torch/publicNames.json', import.meta.url), 'utf8'),
) as { readonly names: Readonly<Record<string, readonly string[]>> }; // Written by our own script.

describe.each(Object.entries(names))('%s', (owner, listed) => {
  it('has all its names', async () => {
    const text = `import torch
from torch import nn
for name in ${JSON.stringify(listed)}:
    try:
        getattr(${owner}, name)
    except AttributeError:
        print(name)
`;
    const project = await makeTorchProject({ '/work/case.py': text });
    expect(runProgram(project, '/work/case.py').printed).toBe('');
  });
});

describe('what is not modelled', () => {
  const program = (lines: string): string => `import torch\nx = torch.zeros(2, 3)\n${lines}\n`;
  it.each([
    ['a method that gives several tensors', 'u, s, v = x.svd()\nprint(u, v)', '? ?\n'],
    [
      'a method in place keeps shape, and loses the elements',
      'print(x.i0_().shape, x[0, 0].item())',
      'torch.Size([2, 3]) ?\n',
    ],
    [
      'a name that PyTorch lacks',
      'try:\n    x.lenght\nexcept AttributeError as error:\n    print(error)',
      "'Tensor' object has no attribute 'lenght'\n",
    ],
  ])('%s', async (_title, lines, printed) => {
    const project = await makeTorchProject({ '/work/case.py': program(lines) });
    expect(runProgram(project, '/work/case.py').printed).toBe(printed);
  });
});

/**
 * What torch.nn.utils.parametrizations.orthogonal registers, as PyTorch 2.13 prints it for the same texts.
 */
import { expect, test } from 'vitest';
import { runProgram } from '../../evaluation/support/pythonPrograms.ts';
import { makeTorchProject } from './support/traceModel.ts';

const ORIGINAL = 'parametrizations.weight.original';
const BASE = 'parametrizations.weight.0.base';

test.each([
  ['nn.Linear(4, 4)', `['bias (4,)', '${ORIGINAL} (4, 4)'] ['${BASE} (4, 4)']`],
  ['nn.Linear(4, 6)', `['bias (6,)', '${ORIGINAL} (6, 4)'] ['${BASE} (6, 6)']`],
  ['nn.Linear(6, 4)', `['bias (4,)', '${ORIGINAL} (4, 6)'] ['${BASE} (6, 6)']`],
  ['nn.Conv2d(2, 4, 3)', `['bias (4,)', '${ORIGINAL} (4, 2, 3, 3)'] ['${BASE} (4, 2, 3, 3)']`],
  ['nn.Linear(4, 6), orthogonal_map="cayley"', `['bias (6,)', '${ORIGINAL} (6, 4)'] ['${BASE} (6, 6)']`],
  ['nn.Linear(4, 4), use_trivialization=False', `['bias (4,)', '${ORIGINAL} (4, 4)'] []`],
])('orthogonal(%s)', async (args, printed) => {
  const text = `from torch import nn
from torch.nn.utils.parametrizations import orthogonal
layer = orthogonal(${args})
show = lambda pairs: [f"{name} {tuple(tensor.shape)}" for name, tensor in pairs]
print(show(layer.named_parameters()), show(layer.named_buffers()))
`;
  const project = await makeTorchProject({ '/work/case.py': text });
  expect(runProgram(project, '/work/case.py').printed).toBe(`${printed}\n`);
});

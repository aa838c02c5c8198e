/**
 * torch.nn.init: fills weights with numbers, which we do not keep; every function gives its tensor back.
 * calculate_gain('relu') is the square root of 2, and fans follow from shapes.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyFloat, PyTuple, type Value } from '../../../evaluation/values.ts';
import { multiplyDims, type Dim } from '../../../graph/dim.ts';
import { elementCount } from '../../../graph/tensorType.ts';
import { TensorValue } from '../tensorValue.ts';
import { asNumber } from '../torchNatives.ts';
import { dimValue } from '../torchWorld.ts';

const OWNER = 'torch.nn.init';

const FILLERS: readonly string[] = [
  'uniform_(tensor, a=0.0, b=1.0, generator=None)',
  'normal_(tensor, mean=0.0, std=1.0, generator=None)',
  'trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None)',
  '_no_grad_trunc_normal_(tensor, mean, std, a, b, generator=None)',
  'constant_(tensor, val)',
  'ones_(tensor)',
  'zeros_(tensor)',
  'eye_(tensor)',
  'dirac_(tensor, groups=1)',
  'xavier_uniform_(tensor, gain=1.0, generator=None)',
  'xavier_normal_(tensor, gain=1.0, generator=None)',
  "kaiming_uniform_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None)",
  "kaiming_normal_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None)",
  'orthogonal_(tensor, gain=1, generator=None)',
  'sparse_(tensor, sparsity, std=0.01, generator=None)',
];

/** Names without the underscore are the older ones. */
const OLD_NAMES = [
  'uniform',
  'normal',
  'constant',
  'eye',
  'dirac',
  'xavier_uniform',
  'xavier_normal',
  'kaiming_uniform',
  'kaiming_normal',
  'orthogonal',
  'sparse',
];

export const initFunctions: ReadonlyMap<string, Value> = new Map([
  ...members(OWNER, Object.fromEntries(FILLERS.map((signature) => [signature, fill] as const))),
  ...members(OWNER, Object.fromEntries(OLD_NAMES.map((name) => [`${name}(tensor, *args, **kwargs)`, fill] as const))),
  ...members(OWNER, {
    'calculate_gain(nonlinearity, param=None)': gain,
    '_calculate_fan_in_and_fan_out(tensor)': (runtime, tensor) => {
      const [fanIn, fanOut] = fans(runtime, tensor);
      return new PyTuple([dimValue(fanIn), dimValue(fanOut)]);
    },
    '_calculate_correct_fan(tensor, mode)': (runtime, tensor, mode) => {
      const [fanIn, fanOut] = fans(runtime, tensor);
      return dimValue(mode === 'fan_out' ? fanOut : fanIn);
    },
  }),
]);

function fill(runtime: Runtime, tensor: Value): Value {
  if (tensor instanceof TensorValue && tensor.data !== undefined) {
    runtime.mutating(tensor);
    tensor.data = undefined;
  }
  return tensor;
}

/** Source: PyTorch documentation, torch.nn.init.calculate_gain. */
function gain(runtime: Runtime, nonlinearity: Value, param: Value): Value {
  const slope = param === null ? 0.01 : asNumber(runtime, param, 'param');
  switch (nonlinearity) {
    case 'tanh':
      return new PyFloat(5 / 3);
    case 'relu':
      return new PyFloat(Math.SQRT2);
    case 'leaky_relu':
      return new PyFloat(Math.sqrt(2 / (1 + slope ** 2)));
    case 'selu':
      return new PyFloat(3 / 4);
    default:
      return 1;
  }
}

/** Fan in and out of a weight: the second and first axis, times the kernel. */
function fans(runtime: Runtime, tensor: Value): readonly [Dim, Dim] {
  const shape = tensor instanceof TensorValue ? tensor.type.shape : undefined;
  if (shape === undefined || shape.length < 2) {
    return runtime.raise(
      'ValueError',
      'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
    );
  }
  const [out = 0, input = 0, ...kernel] = shape;
  const field = elementCount(kernel);
  return [multiplyDims(input, field), multiplyDims(out, field)];
}

/**
 * Activations and the softmax family of torch.nn.functional; `name_` and `inplace=True` change their argument.
 * softmax(8x1000, dim=-1) -> 8x1000; glu(8x64) -> 8x32.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import {
  activations,
  glu,
  gumbelSoftmax,
  logSoftmax,
  prelu,
  softmax,
  softmin,
  type ActivationName,
  type SoftmaxAttributes,
} from '../../../operators/activation.ts';
import type { Operator } from '../../../operators/operator.ts';
import { storeInPlace } from '../tensor/inPlace.ts';
import type { TensorValue } from '../tensorValue.ts';
import { asDType, torchFunction, type TorchCall } from '../torchNatives.ts';
import { FUNCTIONAL, rankOf } from './functionArguments.ts';

/** [function, operator, further parameters]; numbers among them become the node's attributes. */
const ACTIVATIONS: readonly (readonly [string, ActivationName, string])[] = [
  ['relu', 'relu', ', inplace=False'],
  ['relu6', 'relu6', ', inplace=False'],
  ['leaky_relu', 'leakyRelu', ', negative_slope=0.01, inplace=False'],
  ['elu', 'elu', ', alpha=1.0, inplace=False'],
  ['celu', 'celu', ', alpha=1.0, inplace=False'],
  ['selu', 'selu', ', inplace=False'],
  ['silu', 'silu', ', inplace=False'],
  ['mish', 'mish', ', inplace=False'],
  ['sigmoid', 'sigmoid', ''],
  ['logsigmoid', 'logSigmoid', ''],
  ['tanh', 'tanh', ''],
  ['tanhshrink', 'tanhshrink', ''],
  ['hardtanh', 'hardtanh', ', min_val=-1.0, max_val=1.0, inplace=False'],
  ['hardsigmoid', 'hardsigmoid', ', inplace=False'],
  ['hardswish', 'hardswish', ', inplace=False'],
  ['hardshrink', 'hardshrink', ', lambd=0.5'],
  ['softshrink', 'softshrink', ', lambd=0.5'],
  ['softplus', 'softplus', ', beta=1, threshold=20'],
  ['softsign', 'softsign', ''],
  ['threshold', 'threshold', ', threshold, value, inplace=False'],
  ['rrelu', 'rrelu', ', lower=0.125, upper=0.3333333333333333, training=False, inplace=False'],
];

const IN_PLACE = ['relu', 'leaky_relu', 'elu', 'celu', 'selu', 'hardtanh', 'threshold', 'rrelu'];

function activationFunction(
  [name, operator, parameters]: (typeof ACTIVATIONS)[number],
  suffix: string,
): NativeFunction {
  const numbers = [...parameters.matchAll(/(\w+)=?[\d.-]*/g)]
    .map((match) => match[1] ?? '')
    .filter((parameter) => !['inplace', 'training', 'False'].includes(parameter) && !/^\d/.test(parameter));
  const canBeInPlace = parameters.includes('inplace');
  return torchFunction(`${name}${suffix}(input${parameters})`, FUNCTIONAL, (call) => {
    const input = call.tensor('input');
    const output = call.record(activations[operator], numberAttributes(call, numbers), [input]);
    return suffix === '_' || (canBeInPlace && call.boolean('inplace'))
      ? storeInPlace(call.runtime, input, output)
      : output;
  });
}

function numberAttributes(call: TorchCall, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, call.number(name)]));
}

function softmaxFunction(name: string, operator: Operator<SoftmaxAttributes>): NativeFunction {
  return torchFunction(`${name}(input, dim=None, _stacklevel=3, dtype=None)`, FUNCTIONAL, (call) => {
    const input = call.tensor('input');
    const dtype = asDType(call.runtime, call.value('dtype'), 'dtype');
    return call.record(operator, { dim: softmaxDim(call, input), ...(dtype && { dtype }) }, [input]);
  });
}

/** Without a dim, PyTorch takes 0 for ranks 0, 1 and 3, else 1. */
function softmaxDim(call: TorchCall, input: TensorValue): number {
  const dim = call.optionalInt('dim');
  if (dim !== undefined) return dim;
  return [0, 1, 3].includes(rankOf(input) ?? 2) ? 0 : 1;
}

export const activationFunctions: readonly NativeFunction[] = [
  ...ACTIVATIONS.map((row) => activationFunction(row, '')),
  ...ACTIVATIONS.filter(([name]) => IN_PLACE.includes(name)).map((row) => activationFunction(row, '_')),
  torchFunction("gelu(input, approximate='none')", FUNCTIONAL, (call) => {
    const operator = call.string('approximate') === 'tanh' ? activations.geluTanh : activations.gelu;
    return call.record(operator, {}, [call.tensor('input')]);
  }),
  torchFunction('prelu(input, weight)', FUNCTIONAL, (call) =>
    call.record(prelu, {}, [call.tensor('input'), call.tensor('weight')]),
  ),
  torchFunction('glu(input, dim=-1)', FUNCTIONAL, (call) =>
    call.record(glu, { dim: call.int('dim') }, [call.tensor('input')]),
  ),
  softmaxFunction('softmax', softmax),
  softmaxFunction('log_softmax', logSoftmax),
  softmaxFunction('softmin', softmin),
  torchFunction('gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1)', FUNCTIONAL, (call) =>
    call.record(gumbelSoftmax, { dim: call.int('dim') }, [call.tensor('logits')]),
  ),
];

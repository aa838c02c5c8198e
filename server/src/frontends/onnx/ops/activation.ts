/**
 * ONNX's activation functions, and com.microsoft's fused GELUs.
 */
import {
  activations,
  hardmax,
  logSoftmax,
  prelu,
  softmax,
  type ActivationName,
  type SoftmaxAttributes,
} from '../../../operators/activation.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import type { Operator } from '../../../operators/operator.ts';
import { apply, firstOutput, fused, withDtype, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { mapAll, typeOf } from './elementwise.ts';

const PLAIN = {
  Celu: 'celu',
  Elu: 'elu',
  HardSigmoid: 'hardsigmoid',
  HardSwish: 'hardswish',
  LeakyRelu: 'leakyRelu',
  Mish: 'mish',
  Relu: 'relu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Swish: 'silu',
  Tanh: 'tanh',
  ThresholdedRelu: 'thresholdedRelu',
} as const satisfies Record<string, ActivationName>;

export const activationMappings: MappingTable = {
  ...mapAll(PLAIN, (name) => (call) => activation(call, name)),
  Gelu: (call) => activation(call, call.string('approximate') === 'tanh' ? 'geluTanh' : 'gelu'),
  /** With a bias of 0 (the default) a hard shrink, else a soft one. */
  Shrink: (call) => activation(call, (call.float('bias') ?? 0) === 0 ? 'hardshrink' : 'softshrink'),
  PRelu: (call) => withDtype(apply(prelu, call.tensors(0, 1), {}), typeOf(call)),
  Softmax: (call) => alongAxis(call, softmax),
  LogSoftmax: (call) => alongAxis(call, logSoftmax),
  Hardmax: (call) => alongAxis(call, hardmax),
  /** Swish of the first input, times the second. */
  SwiGLU(call) {
    const gate = activation(call, 'silu');
    return fused(gate, apply(elementwise.mul, [firstOutput(gate), call.tensor(1)], {}));
  },
};

export const microsoftActivationMappings: MappingTable = {
  Gelu: (call) => activation(call, 'gelu'),
  QuickGelu: (call) => activation(call, 'quickGelu'),
  FastGelu: (call) => biased(call, 'geluTanh'),
  BiasGelu: (call) => biased(call, 'gelu'),
};

/** An activation of the first input, by its name: also what fused nodes name in an attribute. */
export function activation(call: NodeCall, name: ActivationName, x = call.tensor(0)): MappedNode {
  const constants: Record<string, number> = {};
  for (const key of ['alpha', 'beta', 'gamma', 'lambd', 'bias']) {
    const value = call.float(key);
    if (value !== undefined) constants[key] = value;
  }
  return withDtype(apply(activations[name], [x], constants), x?.dtype);
}

/** Default axis: the last one since opset 13; before, 1, with all axes from there on as one row. */
function alongAxis(call: NodeCall, operator: Operator<SoftmaxAttributes>): MappedNode {
  const dim = call.int('axis') ?? (call.opset >= 13 ? -1 : 1);
  const rank = call.tensor(0)?.shape?.length;
  // An axis of 1 in a list is the whole row of opset 1 to 12: nothing to normalise along, but no mistake.
  const isPastTheEnd = call.opset < 13 && rank !== undefined && dim === rank;
  return withDtype(apply(operator, call.tensors(0), { dim: isPastTheEnd ? -1 : dim }), typeOf(call));
}

function biased(call: NodeCall, name: ActivationName): MappedNode {
  if (!call.hasInput(1)) return activation(call, name);
  const sum = apply(elementwise.add, call.tensors(0, 1), {});
  const result = activation(call, name, firstOutput(sum));
  return { ...fused(sum, result), op: result.op, attributes: result.attributes };
}

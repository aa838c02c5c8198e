/**
 * ONNX's reductions, ArgMax and ArgMin, CumSum and CumProd. Results keep the input's type.
 */
import { tensorType } from '../../../graph/tensorType.ts';
import { identity } from '../../../operators/identity.ts';
import { argmax, argmin, cumprod, cumsum, reductions, type ReductionName } from '../../../operators/reduction.ts';
import { apply, notTold, openShape, withDtype, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { axesOf } from './axes.ts';
import { mapAll, typeOf } from './elementwise.ts';
import { dependsOnData } from './shape.ts';

const REDUCTIONS = {
  ReduceL1: 'absoluteSum',
  ReduceL2: 'norm',
  ReduceLogSum: 'logSum',
  ReduceLogSumExp: 'logSumExp',
  ReduceMax: 'amax',
  ReduceMean: 'mean',
  ReduceMin: 'amin',
  ReduceProd: 'prod',
  ReduceSum: 'sum',
  ReduceSumSquare: 'sumOfSquares',
} as const satisfies Record<string, ReductionName>;

export const reductionMappings: MappingTable = {
  ...mapAll(REDUCTIONS, (name) => (call) => reduced(call, name)),
  ArgMax: (call) => apply(argmax, call.tensors(0), { dim: call.int('axis') ?? 0, keepDim: call.flag('keepdims', 1) }),
  ArgMin: (call) => apply(argmin, call.tensors(0), { dim: call.int('axis') ?? 0, keepDim: call.flag('keepdims', 1) }),
  CumSum: (call) => cumulative(call, cumsum),
  CumProd: (call) => cumulative(call, cumprod),
};

function reduced(call: NodeCall, name: ReductionName): MappedNode {
  const keepDim = call.flag('keepdims', 1);
  const axes = axesOf(call, 1);
  const x = call.tensor(0);
  if (axes.kind === 'unknown') {
    if (keepDim) return dependsOnData(call, name, 'axes', x?.shape?.length);
    const [count] = call.tensor(1)?.shape ?? [];
    const rank = x?.shape?.length;
    const known = rank !== undefined && typeof count === 'number' ? rank - count : undefined;
    return dependsOnData(call, name, 'axes', known);
  }
  const dims = axes.kind === 'given' && axes.axes.length > 0 ? axes.axes : undefined;
  if (dims === undefined && call.flag('noop_with_empty_axes')) return withDtype(apply(identity, [x], {}), typeOf(call));
  const attributes = { dims, keepDim, keepsType: true };
  const mapped = apply(reductions[name], [x], attributes);
  if (mapped.mismatch === undefined || x === undefined) return withDtype(mapped, typeOf(call));
  // The shared operators refuse what PyTorch does: means of integers, the maximum of nothing. ONNX takes them.
  const lenient = apply(reductions.sum, [tensorType('float32', x.shape)], attributes);
  return withDtype(lenient.mismatch === undefined ? { ...lenient, op: mapped.op } : mapped, typeOf(call));
}

function cumulative(call: NodeCall, operator: typeof cumsum): MappedNode {
  const [dim] = call.numbers(1) ?? [];
  const x = call.tensor(0);
  if (dim !== undefined) return withDtype(apply(operator, [x], { dim, keepsType: true }), typeOf(call));
  // Any axis gives the same shape and costs the same.
  if (x?.shape !== undefined && x.shape.length > 0) {
    return withDtype(apply(operator, [x], { dim: 0, keepsType: true }), typeOf(call));
  }
  const reason = 'the axis depends on data';
  return notTold(
    operator.name,
    reason,
    tensorType(x?.dtype ?? 'unknown', x?.shape && openShape(x.shape.length, reason)),
  );
}

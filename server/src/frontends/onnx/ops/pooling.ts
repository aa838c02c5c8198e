/**
 * ONNX's poolings. Strides default to 1 there, unlike PyTorch's.
 */
import { addDims, multiplyDims, subtractDims } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { averagePool, lpPool, maxPool, type PoolAttributes } from '../../../operators/pooling.ts';
import { roiPool } from '../../../operators/interpolation.ts';
import { globalAveragePool, globalLpPool, globalMaxPool, maxUnpool } from '../../../operators/poolingToSize.ts';
import { apply, misfit, notTold, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { windowAttributes } from './convolution.ts';

export const poolingMappings: MappingTable = {
  MaxPool: (call) =>
    pooled(call, 'maxPool', (attributes) =>
      apply(maxPool, call.tensors(0), { ...attributes, returnIndices: call.outputCount > 1 }),
    ),
  AveragePool: (call) => pooled(call, 'averagePool', (attributes) => apply(averagePool, call.tensors(0), attributes)),
  LpPool: (call) => pooled(call, 'lpPool', (attributes) => apply(lpPool, call.tensors(0), attributes)),
  GlobalAveragePool: (call) => apply(globalAveragePool, call.tensors(0), {}),
  GlobalMaxPool: (call) => apply(globalMaxPool, call.tensors(0), {}),
  GlobalLpPool: (call) => apply(globalLpPool, call.tensors(0), {}),
  MaxUnpool: (call) => unpooled(call),
  /** Inputs: x, boxes of five numbers. */
  MaxRoiPool(call) {
    const [height, width] = call.ints('pooled_shape') ?? [];
    if (height === undefined || width === undefined) return missingAttribute(call, 'roiPool', 'pooled_shape');
    return apply(roiPool, call.tensors(0, 1), { outputSize: [height, width] });
  },
};

function pooled(call: NodeCall, op: string, map: (attributes: PoolAttributes) => MappedNode): MappedNode {
  const kernel = call.ints('kernel_shape');
  if (kernel === undefined) return missingAttribute(call, op, 'kernel_shape');
  const { stride = kernel.map(() => 1), ...rest } = windowAttributes(call);
  return map({ ...rest, stride, kernel, ceilMode: call.flag('ceil_mode') });
}

/** Inputs: x, indices, the output's whole shape where it is given. */
function unpooled(call: NodeCall): MappedNode {
  const kernel = call.ints('kernel_shape');
  if (kernel === undefined) return missingAttribute(call, 'maxUnpool', 'kernel_shape');
  const outputSize = call.dims(2);
  if (call.hasInput(2) && outputSize === undefined) {
    return notTold(
      'maxUnpool',
      'the output shape depends on data',
      tensorType(call.tensor(0)?.dtype ?? 'unknown', undefined),
    );
  }
  const { stride = kernel.map(() => 1), padding } = windowAttributes(call);
  const pairs = padding === undefined || typeof padding === 'string' ? [] : padding;
  const spatial = call.tensor(0)?.shape?.slice(2);
  const sizes = spatial?.map((size, i) => {
    const [begin, end] = pairs[i] ?? [0, 0];
    const span = addDims(multiplyDims(subtractDims(size, 1), stride[i] ?? 1), kernel[i] ?? 1);
    return subtractDims(span, addDims(begin, end));
  });
  return apply(maxUnpool, call.tensors(0, 1), { kernel, stride, outputSize: outputSize ?? sizes });
}

export function missingAttribute(call: NodeCall, op: string, name: string): MappedNode {
  const message = `the attribute ${name} is missing`;
  return misfit(op, message, tensorType(call.tensor(0)?.dtype ?? 'unknown', undefined));
}

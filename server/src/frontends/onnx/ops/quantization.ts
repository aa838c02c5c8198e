/**
 * Quantising and back: one operation to scale and one to shift an element (QuantizeLinear also rounds and clips).
 * com.microsoft's QLinear operators do the float operator's work on quantised values.
 */
import { multiplyDims } from '../../../graph/dim.ts';
import type { DType } from '../../../graph/dtype.ts';
import { elementCount, tensorType } from '../../../graph/tensorType.ts';
import { elementwise, type ElementwiseName } from '../../../operators/elementwise.ts';
import { activations, softmax } from '../../../operators/activation.ts';
import { concat } from '../../../operators/join.ts';
import { averagePool } from '../../../operators/pooling.ts';
import { globalAveragePool } from '../../../operators/poolingToSize.ts';
import { reductions } from '../../../operators/reduction.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import { apply, counted, withDtype, type MappedNode, type MappingTable, type NodeMapping } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { typeOf } from './elementwise.ts';
import { windowAttributes } from './convolution.ts';
import { missingAttribute } from './pooling.ts';

const QUANTIZE_OPS = 4;
const DEQUANTIZE_OPS = 2;

/** Inputs: x, scale, zero point. The type is the zero point's, else output_dtype's, else uint8. */
const quantize: NodeMapping = (call) => scaled(call, 'quantize', quantizedType(call), QUANTIZE_OPS);
const dequantize: NodeMapping = (call) => scaled(call, 'dequantize', floatType(call), DEQUANTIZE_OPS);

export const quantizationMappings: MappingTable = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  /** Outputs: y (uint8), its scale, its zero point. */
  DynamicQuantizeLinear(call) {
    const x = call.tensor(0);
    const outputs = [tensorType('uint8', x?.shape), tensorType('float32', []), tensorType('uint8', [])];
    return counted('quantize', [x], outputs, {
      elementwiseOps: multiplyDims(elementCount(x?.shape), QUANTIZE_OPS + EXTREMES_OPS),
    });
  },
};

/** Smallest and largest element. */
const EXTREMES_OPS = 2;

export const microsoftQuantizationMappings: MappingTable = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  /** Inputs: a, its scale and zero point, b, its scale and zero point, the result's. */
  QLinearAdd: (call) => quantizedPair(call, 'add'),
  QLinearMul: (call) => quantizedPair(call, 'mul'),
  QLinearLeakyRelu: (call) => withDtype(apply(activations.leakyRelu, call.tensors(0), {}), typeOf(call)),
  QLinearSigmoid: (call) => withDtype(apply(activations.sigmoid, call.tensors(0), {}), typeOf(call)),
  QLinearSoftmax: (call) => withDtype(apply(softmax, call.tensors(0), { dim: call.int('axis') ?? -1 }), typeOf(call)),
  QLinearGlobalAveragePool: (call) => withDtype(apply(globalAveragePool, call.tensors(0), {}), typeOf(call)),
  QLinearAveragePool(call) {
    const kernel = call.ints('kernel_shape');
    if (kernel === undefined) return missingAttribute(call, 'averagePool', 'kernel_shape');
    const { stride = kernel.map(() => 1), ...rest } = windowAttributes(call);
    const attributes = { ...rest, stride, kernel, ceilMode: call.flag('ceil_mode') };
    return withDtype(apply(averagePool, call.tensors(0), attributes), typeOf(call));
  },
  QLinearReduceMean(call) {
    const attributes = { dims: call.ints('axes'), keepDim: call.flag('keepdims', 1), keepsType: true };
    const x = call.tensor(0);
    return withDtype(apply(reductions.mean, [x && tensorType('float32', x.shape)], attributes), typeOf(call));
  },
  /** Inputs: the result's scale and zero point, then each part with its scale and zero point. */
  QLinearConcat(call) {
    const parts = call.tensors().filter((_, index) => index >= 2 && index % 3 === 2);
    return withDtype(apply(concat, parts, { dim: call.int('axis') ?? 0 }), typeOf(call, 2));
  },
};

function scaled(call: NodeCall, op: string, dtype: DType, opsPerElement: number): MappedNode {
  const x = call.tensor(0);
  return counted(op, call.tensors(0, 1, 2), [tensorType(dtype, x?.shape)], {
    elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement),
  });
}

function quantizedType(call: NodeCall): DType {
  const code = call.int('output_dtype') ?? 0;
  return typeOf(call, 2) ?? (code === 0 ? 'uint8' : dtypeOfCode(code));
}

function floatType(call: NodeCall): DType {
  const code = call.int('output_dtype') ?? 0;
  return code === 0 ? (typeOf(call, 1) ?? 'float32') : dtypeOfCode(code);
}

function quantizedPair(call: NodeCall, name: ElementwiseName): MappedNode {
  return withDtype(apply(elementwise[name], call.tensors(0, 3), {}), typeOf(call));
}

/**
 * ONNX's matrix products: MatMul, Gemm, Einsum, the quantised ones, and com.microsoft's fused and packed ones.
 */
import { floorDivideDims, multiplyDims, type Dim } from '../../../graph/dim.ts';
import { elementCount, tensorType, type Shape, type TensorType } from '../../../graph/tensorType.ts';
import { einsum } from '../../../operators/einsum.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { gemm, matmul } from '../../../operators/matrix.ts';
import { packedLinear } from '../../../operators/packedLinear.ts';
import {
  apply,
  counted,
  firstOutput,
  fused,
  notTold,
  withDtype,
  type MappedNode,
  type MappingTable,
} from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { activation } from './activation.ts';
import { FUSED_ACTIVATIONS } from './convolution.ts';
import { typeOf } from './elementwise.ts';

export const matrixMappings: MappingTable = {
  MatMul: (call) => apply(matmul, call.tensors(0, 1), {}),
  /** ONNX MatMulInteger-10: a, b, and their zero points. */
  MatMulInteger: (call) => apply(matmul, call.tensors(0, 1), { outputDtype: 'int32' }),
  /** Inputs: a, its scale and zero point, b, its scale and zero point, y's scale and zero point. */
  QLinearMatMul: (call) => apply(matmul, call.tensors(0, 3), { outputDtype: typeOf(call, 7) }),
  Gemm: (call) => general(call),
  Einsum: (call) => apply(einsum, call.tensors(), { equation: call.string('equation') ?? '' }),
  Det: (call) => determinant(call),
};

export const microsoftMatrixMappings: MappingTable = {
  FusedMatMul: (call) => fusedMatmul(call),
  TransposeMatMul: (call) => fusedMatmul(call),
  FusedGemm(call) {
    const product = general(call);
    const name = FUSED_ACTIVATIONS[call.string('activation') ?? ''];
    return name === undefined ? product : fused(product, activation(call, name, firstOutput(product)));
  },
  GemmFastGelu(call) {
    const product = apply(matmul, call.tensors(0, 1), {});
    const biased = call.hasInput(2) ? [apply(elementwise.add, [firstOutput(product), call.tensor(2)], {})] : [];
    return fused(product, ...biased, activation(call, 'geluTanh', firstOutput(biased[0] ?? product)));
  },
  /** Weights of a few bits in blocks: their shape does not tell K and N, attributes do. */
  MatMulNBits: (call) => packed(call),
  MatMulBnb4: (call) => packed(call),
  MatMulFpQ4: (call) => packed(call),
  MatMulIntegerToFloat: (call) =>
    withBias(call, apply(matmul, call.tensors(0, 1), { outputDtype: typeOf(call, 2) }), 6),
  DynamicQuantizeMatMul: (call) =>
    withBias(call, apply(matmul, call.tensors(0, 1), { outputDtype: typeOf(call, 0) }), 4),
};

function general(call: NodeCall): MappedNode {
  return apply(gemm, call.tensors(0, 1, 2), {
    transA: call.flag('transA'),
    transB: call.flag('transB'),
    alpha: call.float('alpha'),
    beta: call.float('beta'),
  });
}

/** com.microsoft.FusedMatMul: alpha * a b, each side's last two axes perhaps swapped, or its batch axes moved behind. */
function fusedMatmul(call: NodeCall): MappedNode {
  const a = arranged(call.tensor(0), call.flag('transA'), call.flag('transBatchA'));
  const b = arranged(call.tensor(1), call.flag('transB'), call.flag('transBatchB'));
  const product = apply(matmul, [a, b], {});
  const scale = call.float('alpha') ?? 1;
  if (scale === 1) return product;
  return fused(product, apply(elementwise.mul, [firstOutput(product)], { scalars: ['float'] }));
}

function arranged(x: TensorType | undefined, isTransposed: boolean, areBatchesMoved: boolean): TensorType | undefined {
  const shape = x?.shape;
  if (x === undefined || shape === undefined || shape.length < 2) return x;
  // transBatch: [M, batch..., K] is read as [batch..., M, K].
  const [first = 1] = shape;
  const placed: Shape = areBatchesMoved ? [...shape.slice(1, -1), first, ...shape.slice(-1)] : shape;
  if (!isTransposed) return tensorType(x.dtype, placed);
  return tensorType(x.dtype, [...placed.slice(0, -2), ...placed.slice(-2).toReversed()]);
}

function packed(call: NodeCall): MappedNode {
  const inFeatures = call.int('K');
  const outFeatures = call.int('N');
  const dtype = call.tensor(0)?.dtype ?? 'unknown';
  if (inFeatures === undefined || outFeatures === undefined) {
    return notTold('packedLinear', 'the attributes K and N are missing', tensorType(dtype, undefined));
  }
  return withDtype(apply(packedLinear, call.tensors(), { inFeatures, outFeatures }), dtype);
}

function withBias(call: NodeCall, product: MappedNode, index: number): MappedNode {
  if (!call.hasInput(index)) return product;
  return fused(product, apply(elementwise.add, [firstOutput(product), call.tensor(index)], {}));
}

/** ONNX Det-11: of each matrix of n x n, by elimination 2/3 n^3 operations (Golub and Van Loan, section 3.2). */
function determinant(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const [size = 1] = x?.shape?.slice(-1) ?? [];
  const output = tensorType(x?.dtype ?? 'unknown', x?.shape?.slice(0, -2));
  const ops: Dim = floorDivideDims(multiplyDims(multiplyDims(elementCount(x?.shape), size), 2), 3);
  return counted('determinant', [x], [output], { elementwiseOps: ops });
}

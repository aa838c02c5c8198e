/**
 * Matrix products with the broadcasting of numpy and PyTorch.
 * matmul 8x4x5 with 5x6 -> 8x4x6, 960 MACs; linear 8x512 with weight 1000x512 -> 8x1000, 4,096,000 MACs.
 */
import type { DType } from '../graph/dtype.ts';
import { mismatch, type NoAttributes, type Operator } from './operator.ts';

export type MatmulAttributes = {
  /** Where it is not the inputs': ONNX MatMulInteger and QLinearMatMul. */
  readonly outputDtype?: DType | undefined;
};

export type GemmAttributes = {
  readonly transA?: boolean | undefined;
  readonly transB?: boolean | undefined;
  /** Factors of the product and of the addend; they only cost where they are not 1. */
  readonly alpha?: number | undefined;
  readonly beta?: number | undefined;
};

export type TensordotAttributes = {
  /** Axes of each side that are summed over, pair by pair (torch.tensordot with an int n: the last n and first n). */
  readonly leftAxes: readonly number[];
  readonly rightAxes: readonly number[];
};

const pending = {
  family: 'matrix',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs: a, b; any rank from 1, batch axes broadcast (torch.matmul, ONNX MatMul; also mv and dot). */
export const matmul: Operator<MatmulAttributes> = { name: 'matmul', ...pending };

/** Inputs: x (... x in), weight (out x in, or in), bias?. torch.nn.functional.linear. */
export const linear: Operator<NoAttributes> = { name: 'linear', ...pending };

/** Inputs: a, b, c?: alpha*op(a)*op(b) + beta*c, rank 2 (ONNX Gemm-13; torch.addmm(c, a, b), torch.mm). */
export const gemm: Operator<GemmAttributes> = { name: 'gemm', ...pending };

/** Inputs: a, b, c?, rank 3 with equal batches (torch.bmm; torch.baddbmm(c, a, b)). */
export const batchMatmul: Operator<NoAttributes> = { name: 'batchMatmul', ...pending };

/** Inputs: left (... x in1), right (... x in2), weight (out x in1 x in2), bias?. torch.nn.functional.bilinear. */
export const bilinear: Operator<NoAttributes> = { name: 'bilinear', ...pending };

/** Inputs: two vectors. An elementwise product: no sums, so no MACs. */
export const outer: Operator<NoAttributes> = { name: 'outer', ...pending };

/** Inputs: a, b. torch.tensordot. */
export const tensordot: Operator<TensordotAttributes> = { name: 'tensordot', ...pending };

export const matrixOperators: readonly Operator[] = [matmul, linear, gemm, batchMatmul, bilinear, outer, tensordot];

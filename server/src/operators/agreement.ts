/**
 * Dims that must agree, where some are symbolic: 4 and 5 differ for certain, N and 4 may be the same.
 * agreedDim(N, 4) -> 4: of two dims that must be equal, the one that tells more.
 */
import { compareDims, unknownDim, unknownReason, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, type Shape, type TensorType } from '../graph/tensorType.ts';

/** Whether two dims cannot be equal, whatever the symbols stand for. */
export function areDifferent(left: Dim, right: Dim): boolean {
  return compareDims(left, right) === 'different';
}

/** Of two dims that must be equal: a number before a symbol, a symbol before an unknown. */
export function agreedDim(left: Dim, right: Dim): Dim {
  if (typeof left === 'number') return left;
  if (typeof right === 'number') return right;
  return unknownReason(left) === undefined ? left : right;
}

/** Number of elements that a list of dims spans; 1 for none. */
export function productOfDims(dims: readonly Dim[]): Dim {
  return elementCount(dims);
}

/** A dim of a shape, from the end where negative: dimAt([2, 3], -1) is 3. For indices that the caller has checked. */
export function dimAt(shape: Shape, index: number): Dim {
  return shape.at(index) ?? unknownDim(`there is no axis ${index}`);
}

/** A shape of known rank and unknown sizes. */
export function unknownShape(rank: number, reason: string): Shape {
  return Array.from({ length: rank }, () => unknownDim(reason));
}

/** The element type of the first input that has one; operands of one call share it. */
export function dtypeOf(...inputs: readonly (TensorType | undefined)[]): DType {
  return inputs.find((input) => input !== undefined && input.dtype !== 'unknown')?.dtype ?? 'unknown';
}

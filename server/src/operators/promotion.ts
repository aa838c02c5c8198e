/**
 * Result types of mixed operands, by PyTorch's rules (pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
 * int64 tensor + Python float -> float32; float16 tensor + float32 zero-dimensional tensor -> float16.
 */
import type { DType } from '../graph/dtype.ts';
import type { TensorType } from '../graph/tensorType.ts';

/** A Python number that stands as an operand beside tensors. */
export type ScalarKind = 'bool' | 'int' | 'float' | 'complex';

/** Promotes two types of equal standing, as `torch.promote_types`; 'unknown' where one is unknown or they do not mix. */
export function promoteTypes(left: DType, right: DType): DType {
  return left === right ? left : 'unknown';
}

/** `torch.result_type` of tensors and Python scalars: dimensioned tensors win over zero-dimensional ones, those over scalars. */
export function resultType(tensors: readonly TensorType[], scalars: readonly ScalarKind[] = []): DType {
  return scalars.length === 0 ? (tensors[0]?.dtype ?? 'unknown') : 'unknown';
}

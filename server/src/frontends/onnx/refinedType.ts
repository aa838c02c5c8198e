/**
 * What is inferred of a value, with gaps filled by what the file declares: ?x10 float32 and Nx10 -> Nx10 float32.
 * Where both tell a size, the inferred one counts.
 */
import { unknownReason, type Dim } from '../../graph/dim.ts';
import type { Shape, ValueType } from '../../graph/tensorType.ts';

export function refinedType(inferred: ValueType, declared: ValueType | undefined): ValueType {
  if (declared === undefined || declared.kind === 'unknown') return inferred;
  if (inferred.kind === 'unknown') return declared;
  if (inferred.kind === 'tensor' && inferred.dtype === 'unknown' && inferred.shape === undefined) return declared;
  if ((inferred.kind === 'tensor' || inferred.kind === 'sparseTensor') && declared.kind === inferred.kind) {
    const dtype = inferred.dtype === 'unknown' ? declared.dtype : inferred.dtype;
    return { ...inferred, dtype, shape: refinedShape(inferred.shape, declared.shape) };
  }
  if ((inferred.kind === 'sequence' || inferred.kind === 'optional') && declared.kind === inferred.kind) {
    return { ...inferred, element: refinedType(inferred.element, declared.element) };
  }
  return inferred;
}

function refinedShape(inferred: Shape | undefined, declared: Shape | undefined): Shape | undefined {
  if (inferred === undefined || declared?.length !== inferred.length) return inferred ?? declared;
  return inferred.map((dim, i) => refinedDim(dim, declared[i] ?? dim));
}

function refinedDim(inferred: Dim, declared: Dim): Dim {
  return unknownReason(inferred) !== undefined && unknownReason(declared) === undefined ? declared : inferred;
}

/**
 * The type that holds for both of two values: branches of an If, elements of a sequence.
 * 2x3 float32 and 2x5 float32 -> 2x? float32; other ranks -> float32 of unknown rank.
 */
import { compareDims, unknownDim } from '../../graph/dim.ts';
import { tensorType, type Shape, type ValueType } from '../../graph/tensorType.ts';

export function mergedType(left: ValueType, right: ValueType): ValueType {
  if (left.kind === 'unknown' || right.kind === 'unknown') return left.kind === 'unknown' ? left : right;
  if (left.kind === 'tensor' && right.kind === 'tensor') {
    const dtype = left.dtype === right.dtype ? left.dtype : 'unknown';
    return tensorType(dtype, mergedShape(left.shape, right.shape));
  }
  if ((left.kind === 'sequence' || left.kind === 'optional') && left.kind === right.kind) {
    return { kind: left.kind, element: mergedType(left.element, right.element) };
  }
  if (left.kind === 'map' && right.kind === 'map' && left.key === right.key) {
    return { ...left, value: mergedType(left.value, right.value) };
  }
  if (left.kind === 'sparseTensor' && right.kind === 'sparseTensor' && left.dtype === right.dtype) {
    return { ...left, shape: mergedShape(left.shape, right.shape) };
  }
  return { kind: 'unknown', reason: 'the two possible types differ' };
}

export function mergedShape(left: Shape | undefined, right: Shape | undefined): Shape | undefined {
  if (left === undefined || right === undefined || left.length !== right.length) return undefined;
  return left.map((dim, i) => {
    const same = compareDims(dim, right[i] ?? -1) === 'equal';
    return same ? dim : unknownDim('the sizes of the possible values differ');
  });
}

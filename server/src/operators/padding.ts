/**
 * Padding at the ends of dims, and cropping where a pad is negative.
 * pad(1x3x224x224, before [3, 3], after [3, 3]) -> 1x3x230x230.
 */
import { addDims, minimumDim, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import { printShape, type Shape } from '../graph/tensorType.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, resolveAxes, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';
import { isBelow } from './windows.ts';

export type PadAttributes = {
  /** For the last dims, in the order of the dims: `F.pad(x, (left, right, top, bottom))` has before [top, left]. */
  readonly before: readonly Dim[];
  readonly after: readonly Dim[];
  readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
};
/** `F.pad`, the padding layers, ONNX Pad ('edge' is replicate, 'wrap' circular). */
export const pad = dataMovement<PadAttributes>('pad', 'padding', padRule);

export type CenterCropPadAttributes = { readonly shape: readonly Dim[]; readonly axes?: readonly number[] | undefined };
/** ONNX CenterCropPad-18. Absent axes: all. */
export const centerCropPad = dataMovement<CenterCropPadAttributes>(
  'centerCropPad',
  'padding',
  (shape, { shape: asked, axes }) => {
    const resolved = axes === undefined ? shape.map((_, axis) => axis) : resolveAxes(axes, shape);
    if (typeof resolved === 'string') return misfit(resolved);
    if (resolved.length !== asked.length) {
      return misfit(`${asked.length} sizes for ${resolved.length} axes of ${printShape(shape)}`);
    }
    const result = [...shape];
    for (const [i, axis] of resolved.entries()) result[axis] = asked[i] ?? 0;
    return shaped(result);
  },
);

export const paddingOperators: readonly Operator[] = [pad, centerCropPad];

function padRule(shape: Shape, { before, after, mode }: PadAttributes): ShapeResult {
  const first = shape.length - before.length;
  if (first < 0 || before.length !== after.length) {
    return misfit(
      `pads for ${Math.max(before.length, after.length)} axes, but ${printShape(shape)} has ${shape.length}`,
    );
  }
  const isCopying = mode === 'reflect' || mode === 'replicate';
  if (isCopying && shape.slice(-before.length - 1).includes(0)) {
    return misfit(`there is nothing to copy to the ends of ${printShape(shape)}`);
  }
  const result = [...shape];
  for (const [i, begin] of before.entries()) {
    const axis = first + i;
    const size = shape[axis] ?? 0;
    const end = after[i] ?? 0;
    const pads = `pads ${printDim(begin)} and ${printDim(end)} of axis ${axis} of ${printShape(shape)}`;
    const padded = addDims(size, addDims(begin, end));
    const cropped = addDims(size, addDims(minimumDim(begin, 0), minimumDim(end, 0)));
    const isCroppedAway = (mode === 'constant' || mode === 'circular') && isBelow(cropped, 0);
    // One pair is checked for a rest; PyTorch leaves nothing of an image or a volume without complaint.
    const least = isCopying && before.length === 1 ? 1 : 0;
    if (isCroppedAway || isBelow(padded, least)) return misfit(`${pads} crop more than there is`);
    if (mode === 'reflect' && (isBelow(subtractDims(size, begin), 1) || isBelow(subtractDims(size, end), 1))) {
      return misfit(`reflecting ${pads} needs more elements than it has`);
    }
    if (mode === 'circular' && (isBelow(subtractDims(size, begin), 0) || isBelow(subtractDims(size, end), 0))) {
      return misfit(`circular ${pads} go around more than once`);
    }
    result[axis] = padded;
  }
  return shaped(result);
}

/**
 * Operators that repeat data: expand (a view), repeat, tile, repeatInterleave.
 * expand(3x1, [-1, 4]) -> 3x4; repeat(3, [4, 2]) -> 4x6.
 */
import { multiplyDims, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, type Shape } from '../graph/tensorType.ts';
import { agreedDim, areDifferent } from './agreement.ts';
import { broadcastShapes, type ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, replaceDim, resolveAxis, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';

/** -1 keeps the input's dim. */
export type ExpandAttributes = { readonly shape: readonly Dim[] };
/** `x.expand`, `expand_as`, `torch.broadcast_to`. */
export const expand = dataMovement<ExpandAttributes>('expand', 'shape', expandRule, {
  isView: true,
  whenUnranked: ({ shape }) => shape.map((dim) => (dim === -1 ? unknownDim('the rank of the input is unknown') : dim)),
});

export type BroadcastToAttributes = { readonly shape: readonly Dim[] };
/** ONNX Expand: both shapes broadcast, a 1 in the asked shape keeps the input's dim. */
export const broadcastTo = dataMovement<BroadcastToAttributes>(
  'broadcastTo',
  'shape',
  (shape, attributes) => broadcastShapes([shape, attributes.shape]),
  { isView: true },
);

export type RepeatAttributes = { readonly repeats: readonly Dim[] };
/** `x.repeat`, ONNX Tile: as many repeats as dims; more of them add dims in front. */
export const repeat = dataMovement<RepeatAttributes>('repeat', 'shape', (shape, { repeats }) => {
  if (repeats.length >= shape.length) return repeated(shape, repeats);
  return misfit(`cannot repeat ${printShape(shape)} by [${repeats.map(printDim).join(', ')}]: too few repeats`);
});

/** `torch.tile`: fewer repeats than dims count from the last one. */
export const tile = dataMovement<RepeatAttributes>('tile', 'shape', (shape, { repeats }) => repeated(shape, repeats));

/** Absent dim: the flattened input. Repeats that stand in a tensor are the second input, and `repeats` null. */
export type RepeatInterleaveAttributes = {
  readonly repeats: Dim | null;
  readonly dim?: number | undefined;
  readonly outputSize?: Dim | undefined;
};
export const repeatInterleave = dataMovement<RepeatInterleaveAttributes>(
  'repeatInterleave',
  'shape',
  (input, { repeats, dim, outputSize }) => {
    const shape = dim === undefined ? [elementCount(input)] : input;
    const axis = shape.length === 0 ? undefined : resolveAxis(dim ?? 0, shape.length);
    if (axis === undefined) return misfit(noAxis(dim ?? 0, shape));
    if (typeof repeats === 'number' && repeats < 0)
      return misfit(`cannot repeat ${printShape(input)} ${repeats} times`);
    const size =
      repeats === null ? unknownDim('the repeats depend on the data') : multiplyDims(shape[axis] ?? 1, repeats);
    return shaped(replaceDim(shape, axis, [outputSize ?? size]));
  },
);

export const expandOperators: readonly Operator[] = [expand, broadcastTo, repeat, tile, repeatInterleave];

function expandRule(shape: Shape, { shape: asked }: ExpandAttributes): ShapeResult {
  const added = asked.length - shape.length;
  const text = `cannot expand ${printShape(shape)} to [${asked.map(printDim).join(', ')}]`;
  if (added < 0) return misfit(`${text}: it has ${shape.length} axes, more than ${asked.length}`);
  const result: Dim[] = [];
  for (const [i, goal] of asked.entries()) {
    const dim = i < added ? 1 : (shape[i - added] ?? 1);
    const isKept = goal === -1;
    if (isKept && i < added) return misfit(`${text}: a new axis ${i} cannot be -1`);
    if (!isKept && typeof goal === 'number' && goal < 0) return misfit(`${text}: ${goal} is no size`);
    if (!isKept && areDifferent(dim, 1) && areDifferent(dim, goal)) {
      return misfit(`${text}: ${printDim(dim)} against ${printDim(goal)} in axis ${i}`);
    }
    result.push(isKept ? dim : dim === 1 ? goal : agreedDim(goal, areDifferent(dim, 1) ? dim : goal));
  }
  return shaped(result);
}

function repeated(shape: Shape, repeats: readonly Dim[]): ShapeResult {
  const negative = repeats.find((count) => typeof count === 'number' && count < 0);
  if (negative !== undefined) return misfit(`cannot repeat ${printShape(shape)} ${printDim(negative)} times`);
  const rank = Math.max(shape.length, repeats.length);
  const padded = [...Array<Dim>(rank - shape.length).fill(1), ...shape];
  const counts = [...Array<Dim>(rank - repeats.length).fill(1), ...repeats];
  return shaped(padded.map((dim, i) => multiplyDims(dim, counts[i] ?? 1)));
}

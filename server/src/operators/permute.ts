/**
 * Operators that change the order of dims or elements: permute, transpose, moveDims, flip, roll, rot90.
 * permute(1x3x224x224, [0, 2, 3, 1]) -> 1x224x224x3.
 */
import type { Dim } from '../graph/dim.ts';
import { printShape, type Shape } from '../graph/tensorType.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, resolveAxes, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';

/** Absent: the reverse order (ONNX Transpose's default, `x.T`). */
export type PermuteAttributes = { readonly dims?: readonly number[] | undefined };
export const permute = dataMovement<PermuteAttributes>(
  'permute',
  'shape',
  (shape, { dims }) => {
    if (dims === undefined) return shaped([...shape].reverse());
    const axes = resolveAxes(dims, shape);
    if (typeof axes === 'string') return misfit(axes);
    if (axes.length === shape.length) return shaped(reorder(shape, axes));
    return misfit(`cannot permute ${printShape(shape)} by [${dims.join(', ')}]: it has ${shape.length} axes`);
  },
  { isView: true },
);

export type TransposeAttributes = { readonly dim0: number; readonly dim1: number };
export const transpose = dataMovement<TransposeAttributes>(
  'transpose',
  'shape',
  (shape, { dim0, dim1 }) => {
    const first = resolveAxes([dim0], shape);
    const second = resolveAxes([dim1], shape);
    if (typeof first === 'string') return misfit(first);
    if (typeof second === 'string') return misfit(second);
    return shaped(swap(shape, first[0] ?? 0, second[0] ?? 0));
  },
  { isView: true },
);

export type MoveDimsAttributes = { readonly source: readonly number[]; readonly destination: readonly number[] };
/** `torch.movedim`. */
export const moveDims = dataMovement<MoveDimsAttributes>('moveDims', 'shape', moveRule, { isView: true });

export type FlipAttributes = { readonly dims: readonly number[] };
export const flip = dataMovement<FlipAttributes>('flip', 'shape', (shape, { dims }) => {
  const axes = resolveAxes(dims, shape);
  return typeof axes === 'string' ? misfit(axes) : shaped(shape);
});

/** Absent dims: rolled as one flat row. A dim may be rolled twice. */
export type RollAttributes = { readonly shifts: readonly Dim[]; readonly dims?: readonly number[] | undefined };
export const roll = dataMovement<RollAttributes>('roll', 'shape', (shape, { shifts, dims }) => {
  const wrong = dims?.map((dim) => resolveAxes([dim], shape)).find((axis) => typeof axis === 'string');
  if (typeof wrong === 'string') return misfit(wrong);
  const [first] = dims ?? [];
  if (shape.length === 0 && first !== undefined) return misfit(noAxis(first, shape));
  if (dims === undefined || dims.length === shifts.length) return shaped(shape);
  return misfit(`cannot roll ${printShape(shape)}: ${shifts.length} shifts for ${dims.length} axes`);
});

export type Rot90Attributes = { readonly times: number; readonly dims: readonly number[] };
export const rot90 = dataMovement<Rot90Attributes>('rot90', 'shape', (shape, { times, dims }) => {
  const axes = resolveAxes(dims, shape);
  if (typeof axes === 'string') return misfit(axes);
  const [first, second] = axes;
  if (axes.length !== 2 || first === undefined || second === undefined) {
    return misfit(`cannot rotate ${printShape(shape)} in [${dims.join(', ')}]: expected two axes`);
  }
  return shaped(times % 2 === 0 ? shape : swap(shape, first, second));
});

export const permuteOperators: readonly Operator[] = [permute, transpose, moveDims, flip, roll, rot90];

function moveRule(shape: Shape, { source, destination }: MoveDimsAttributes): ShapeResult {
  const from = resolveAxes(source, shape);
  const to = resolveAxes(destination, shape);
  if (typeof from === 'string') return misfit(from);
  if (typeof to === 'string') return misfit(to);
  if (from.length !== to.length) {
    return misfit(`cannot move axes of ${printShape(shape)}: [${source.join(', ')}] to [${destination.join(', ')}]`);
  }
  const others = shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  const order = shape.map((_, place) => {
    const moved = from[to.indexOf(place)];
    return to.includes(place) && moved !== undefined ? moved : (others.shift() ?? 0);
  });
  return shaped(reorder(shape, order));
}

function reorder(shape: Shape, axes: readonly number[]): Shape {
  return axes.flatMap((axis) => shape.slice(axis, axis + 1));
}

function swap(shape: Shape, first: number, second: number): Shape {
  const order = shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis));
  return reorder(shape, order);
}

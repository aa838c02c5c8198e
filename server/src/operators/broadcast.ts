/**
 * NumPy's broadcasting of any number of shapes, symbolic dims included.
 * [8, 1, N] and [4, 1] -> [8, 4, N]; [2, 3] and [4] -> mismatch that quotes both.
 * A symbolic dim beside a number other than 1 must be that number (or 1), so the result is known: N and 4 give 4.
 * Two symbols are equal or one of them is 1: N and M give max(M, N).
 */
import { compareDims, maximumDim, printDim, unknownReason, type Dim } from '../graph/dim.ts';
import { printShape, type Shape } from '../graph/tensorType.ts';

export type ShapeResult =
  | { readonly kind: 'ok'; readonly shape: Shape | undefined }
  /** The message quotes the shapes that do not fit. */
  | { readonly kind: 'mismatch'; readonly message: string };

/** The common shape; undefined rank where one of them has an unknown rank. */
export function broadcastShapes(shapes: readonly (Shape | undefined)[]): ShapeResult {
  const known = shapes.filter((shape) => shape !== undefined);
  const rank = known.reduce((most, shape) => Math.max(most, shape.length), 0);
  const result: Dim[] = [];
  for (let fromEnd = rank; fromEnd > 0; fromEnd--) {
    let joined: Dim = 1;
    for (const shape of known) {
      const dim = shape.at(-fromEnd);
      if (dim === undefined || fromEnd > shape.length) continue;
      const next = broadcastDims(joined, dim);
      if (next === undefined) return { kind: 'mismatch', message: describe(known, joined, dim, fromEnd) };
      joined = next;
    }
    result.push(joined);
  }
  return { kind: 'ok', shape: known.length === shapes.length ? result : undefined };
}

/** The size that two dims broadcast to; undefined where they do not fit, whatever the symbols stand for. */
export function broadcastDims(left: Dim, right: Dim): Dim | undefined {
  if (left === 1) return right;
  if (right === 1) return left;
  const comparison = compareDims(left, right);
  if (comparison === 'equal') return left;
  if (comparison === 'different') {
    const oneIsPossible = canBeOne(left) || canBeOne(right);
    if (!oneIsPossible || (typeof left !== 'number' && typeof right !== 'number')) return undefined;
  }
  if (typeof left === 'number') return left;
  if (typeof right === 'number') return right;
  if (unknownReason(left) !== undefined) return left;
  return unknownReason(right) !== undefined ? right : maximumDim(left, right);
}

/** Whether a shape broadcasts to a target without changing it: operands of in-place operations, masks, values. */
export function broadcastsTo(shape: Shape, target: Shape): boolean {
  if (shape.length > target.length) return false;
  return shape.every((dim, i) => {
    const goal = target[target.length - shape.length + i] ?? 1;
    return dim === 1 || compareDims(dim, goal) !== 'different';
  });
}

function canBeOne(dim: Dim): boolean {
  return compareDims(dim, 1) !== 'different';
}

/** Shapes of one call that a message quotes. */
const MAX_QUOTED = 8;

function describe(shapes: readonly Shape[], left: Dim, right: Dim, fromEnd: number): string {
  const names = shapes
    .slice(0, MAX_QUOTED)
    .map((shape) => printShape(shape))
    .join(' and ');
  return `${names} do not broadcast: ${printDim(left)} against ${printDim(right)} in axis -${fromEnd}`;
}

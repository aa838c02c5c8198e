/**
 * The cells that a network was trained on, as embeddings on a few axes: which of them is nearest, and how far away.
 * reference.nearest(embedding) -> { cell: "|nor_conv_3x3~0|+...", distance: 0.04 }; docs/predictor.md has the format.
 */
import type { StoredNumbers } from './safetensors.ts';

export interface NearestCell {
  /** As the benchmark writes it; one of those that compute the same. */
  readonly cell: string;
  /** 0 for what computes the same, 1 for the median of two cells of the training. */
  readonly distance: number;
}

export interface ReferenceCells {
  /** `embedding` is what the network's head reads. */
  nearest(embedding: Float32Array): NearestCell;
}

export type ReferenceResult =
  | { readonly kind: 'reference'; readonly reference: ReferenceCells }
  | { readonly kind: 'problem'; readonly message: string };

/** `mean` [width], `projection` [axes, width], `points` [cells, axes], and a text `cells` with a cell a line. */
export function createReferenceCells(
  tensors: ReadonlyMap<string, StoredNumbers>,
  metadata: ReadonlyMap<string, string>,
  width: number,
): ReferenceResult {
  const [mean, projection, points] = ['mean', 'projection', 'points'].map((name) => tensors.get(name));
  if (mean === undefined || projection === undefined || points === undefined) {
    return problem('there must be tensors "mean", "projection" and "points"');
  }
  const cells = metadata.get('cells')?.split('\n') ?? [];
  const axes = projection.shape[0] ?? 0;
  const found = [mean, projection, points].map(({ shape }) => shape.join('x')).join(', ');
  if (found !== `${width}, ${axes}x${width}, ${cells.length}x${axes}` || cells.length === 0 || axes === 0) {
    return problem(`"mean", "projection" and "points" of shape ${found}, for ${cells.length} cells and width ${width}`);
  }
  const place = new Float64Array(axes);
  const nearest = (embedding: Float32Array): NearestCell => {
    for (let axis = 0; axis < axes; axis++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        sum += ((embedding[c] ?? 0) - (mean.values[c] ?? 0)) * (projection.values[axis * width + c] ?? 0);
      }
      place[axis] = sum;
    }
    let best = 0;
    let least = Infinity;
    for (let row = 0; row < cells.length; row++) {
      let squares = 0;
      for (let axis = 0; axis < axes && squares < least; axis++) {
        squares += ((points.values[row * axes + axis] ?? 0) - (place[axis] ?? 0)) ** 2;
      }
      if (squares < least) [best, least] = [row, squares];
    }
    return { cell: cells[best] ?? '', distance: Math.sqrt(least) };
  };
  return { kind: 'reference', reference: { nearest } };
}

function problem(message: string): ReferenceResult {
  return { kind: 'problem', message };
}

/**
 * Where we answer on purpose otherwise than PyTorch does, with the reason.
 */

interface Difference {
  /** "2x3 float32, 120 MACs" */
  readonly ours: string;
  readonly because: string;
}

export const DIFFERENCES: ReadonlyMap<string, Difference> = new Map<string, Difference>([]);

/**
 * One input of a model, as it is given or deduced: a shape, a dtype, and the argument that it is for.
 */
import type { DType } from '../../../graph/dtype.ts';
import type { Shape } from '../../../graph/tensorType.ts';

export interface InputSpec {
  /** The argument of forward; by position where it is left out. */
  readonly name?: string | undefined;
  /** Undefined: a tensor of unknown shape. */
  readonly shape: Shape | undefined;
  /** What the model's first layer takes where it is left out. */
  readonly dtype?: DType | undefined;
}

/**
 * A hint as plain data: a text after an expression. Both kinds are switched apart, small costs fold away.
 */
import type { TextRange } from '../../base/text.ts';

export interface InlayHint {
  /** Where it stands: the end of the expression. */
  readonly offset: number;
  readonly kind: 'cost' | 'shape' | 'cell';
  readonly text: string;
  /** The expression that it speaks of. */
  readonly range: TextRange;
}

export interface CostThresholds {
  /** A layer with fewer parameters and fewer MACs than these shows no cost. */
  readonly minParamCount: number;
  readonly minMacs: number;
}

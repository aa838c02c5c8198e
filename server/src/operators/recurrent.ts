/**
 * Recurrent layers over a whole sequence: RNN, GRU, LSTM, stacked and bidirectional.
 * lstm, hidden 20, of 5x3x10 (steps x batch x in) -> 5x3x20, 1x3x20, 1x3x20; 36,000 MACs.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';

export type RecurrentAttributes = {
  readonly hiddenSize: Dim;
  /** Left out: the input's last axis. Given, it is checked against it. */
  readonly inputSize?: Dim | undefined;
  readonly numLayers?: number | undefined;
  readonly isBidirectional?: boolean | undefined;
  /** Batch before steps (ONNX layout 1). */
  readonly isBatchFirst?: boolean | undefined;
  /** LSTM with projections: the width of the output and of the hidden state. */
  readonly projSize?: Dim | undefined;
  readonly hasBias?: boolean | undefined;
  /**
   * ONNX's outputs: directions have an axis of their own (steps x directions x batch x hidden; batch-first: batch x
   * steps x directions x hidden, and states batch x directions x hidden).
   */
  readonly hasDirectionAxis?: boolean | undefined;
};

export type RecurrentCellAttributes = {
  readonly hiddenSize: Dim;
  readonly inputSize?: Dim | undefined;
  readonly hasBias?: boolean | undefined;
};

const pending = {
  family: 'recurrent',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs: x (steps x batch x in, or steps x in), h0?, then weights (any order). Outputs: output, h. */
export const rnn: Operator<RecurrentAttributes> = { name: 'rnn', ...pending };
export const gru: Operator<RecurrentAttributes> = { name: 'gru', ...pending };
/** Inputs: x, h0?, c0?, then weights (any order). Outputs: output, h, c. */
export const lstm: Operator<RecurrentAttributes> = { name: 'lstm', ...pending };

/** One step. Inputs: x (batch x in, or in), h0?, then weights. Outputs: h. */
export const rnnCell: Operator<RecurrentCellAttributes> = { name: 'rnnCell', ...pending };
export const gruCell: Operator<RecurrentCellAttributes> = { name: 'gruCell', ...pending };
/** One step. Inputs: x, h0?, c0?, then weights. Outputs: h, c. */
export const lstmCell: Operator<RecurrentCellAttributes> = { name: 'lstmCell', ...pending };

export const recurrentOperators: readonly Operator[] = [rnn, gru, lstm, rnnCell, gruCell, lstmCell];

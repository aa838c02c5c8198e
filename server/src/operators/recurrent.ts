/**
 * Recurrent layers over a whole sequence: RNN, GRU, LSTM, stacked and bidirectional.
 * lstm, hidden 20, of 5x3x10 (steps x batch x in) -> 5x3x20, 1x3x20, 1x3x20; 36,000 MACs.
 * MACs are all gates' matrix products over all steps (torch.utils.flop_counter where the kernel is not fused).
 */
import { addDims, multiplyDims, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt, dtypeOf, productOfDims } from './agreement.ts';
import { mismatch, ok, unknownWork, type Operator } from './operator.ts';
import { isBelow } from './windows.ts';

export type RecurrentAttributes = {
  readonly hiddenSize: Dim;
  /** Left out: the input's last axis. Given, it is checked against it. */
  readonly inputSize?: Dim | undefined;
  readonly numLayers?: number | undefined;
  readonly isBidirectional?: boolean | undefined;
  /** Batch before steps (ONNX layout 1). */
  readonly isBatchFirst?: boolean | undefined;
  /** LSTM with projections: the width of the output and of the hidden state; 0 as left out. */
  readonly projSize?: Dim | undefined;
  /** Left out: true. */
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
  /** Left out: true. */
  readonly hasBias?: boolean | undefined;
};

type Kind = 'rnn' | 'gru' | 'lstm';

/**
 * Per hidden element and step. `ops` adds the two products of each gate and applies its nonlinearity; the GRU resets
 * (1) and blends (4), the LSTM updates its cell (3), squashes (1) and gates it (1). Each gate has two biases.
 */
const KINDS = {
  rnn: { gates: 1, states: 1, ops: 2 },
  gru: { gates: 3, states: 1, ops: 11 },
  lstm: { gates: 4, states: 2, ops: 13 },
} as const;

/** Inputs: x (steps x batch x in, or steps x in), h0?, then weights (any order). Outputs: output, h. */
export const rnn = recurrentOperator('rnn');
export const gru = recurrentOperator('gru');
/** Inputs: x, h0?, c0?, then weights (any order). Outputs: output, h, c. */
export const lstm = recurrentOperator('lstm');

/** One step. Inputs: x (batch x in, or in), h0?, then weights. Outputs: h. */
export const rnnCell = cellOperator('rnn');
export const gruCell = cellOperator('gru');
/** One step. Inputs: x, h0?, c0?, then weights. Outputs: h, c. */
export const lstmCell = cellOperator('lstm');

export const recurrentOperators: readonly Operator[] = [rnn, gru, lstm, rnnCell, gruCell, lstmCell];

interface Sequence {
  readonly steps: Dim;
  /** Undefined where the input has no batch axis. */
  readonly batch: Dim | undefined;
  readonly features: Dim;
}

function recurrentOperator(kind: Kind): Operator<RecurrentAttributes> {
  return {
    name: kind,
    family: 'recurrent',
    isView: false,
    infer([x, ...rest], attributes) {
      const sequence = readSequence(x?.shape, attributes);
      const dtype = dtypeOf(x, ...rest);
      const count = 1 + KINDS[kind].states;
      const impossible = sizesProblem(attributes);
      if (impossible !== undefined) {
        return mismatch(impossible, ...Array<TensorType>(count).fill(tensorType(dtype, undefined)));
      }
      if (sequence === undefined) return ok(...Array<TensorType>(count).fill(tensorType(dtype, undefined)));
      if (typeof sequence === 'string') {
        return mismatch(sequence, ...Array<TensorType>(count).fill(tensorType(dtype, undefined)));
      }
      const states = stateShapes(kind, sequence, attributes);
      const outputs = [outputShape(sequence, attributes), ...states].map((shape) => tensorType(dtype, shape));
      const problem =
        inputSizeProblem(x?.shape, sequence.features, attributes.inputSize) ?? statesProblem(rest, states);
      return problem === undefined ? ok(...outputs) : mismatch(problem, ...outputs);
    },
    work([x], _outputs, attributes) {
      const sequence = readSequence(x?.shape, attributes);
      if (sequence === undefined || typeof sequence === 'string') return unknownWork("the sequence's shape is unknown");
      const rows = multiplyDims(multiplyDims(sequence.steps, sequence.batch ?? 1), directionsOf(attributes));
      const outputWidth = outputWidthOf(attributes);
      const first = stepMacs(kind, sequence.features, outputWidth, attributes);
      const other = stepMacs(kind, multiplyDims(outputWidth, directionsOf(attributes)), outputWidth, attributes);
      const products = addDims(first, multiplyDims(other, layersOf(attributes) - 1));
      const hiddenElements = multiplyDims(multiplyDims(rows, layersOf(attributes)), attributes.hiddenSize);
      return {
        macs: multiplyDims(rows, products),
        elementwiseOps: multiplyDims(hiddenElements, stepOps(kind, attributes.hasBias)),
      };
    },
  };
}

function cellOperator(kind: Kind): Operator<RecurrentCellAttributes> {
  const { states } = KINDS[kind];
  return {
    name: `${kind}Cell`,
    family: 'recurrent',
    isView: false,
    infer([x, ...rest], { hiddenSize, inputSize }) {
      const dtype = dtypeOf(x, ...rest);
      if (x?.shape === undefined) return ok(...Array<TensorType>(states).fill(tensorType(dtype, undefined)));
      if (x.shape.length === 0 || x.shape.length > 2) {
        const unknown = Array<TensorType>(states).fill(tensorType(dtype, undefined));
        return mismatch(`expected an input of 1 or 2 axes, got ${printShape(x.shape)}`, ...unknown);
      }
      const shapes = Array<Shape>(states).fill([...x.shape.slice(0, -1), hiddenSize]);
      const outputs = shapes.map((shape) => tensorType(dtype, shape));
      const problem = inputSizeProblem(x.shape, dimAt(x.shape, -1), inputSize) ?? statesProblem(rest, shapes);
      return problem === undefined ? ok(...outputs) : mismatch(problem, ...outputs);
    },
    work([x], _outputs, attributes) {
      if (x?.shape === undefined) return unknownWork("the input's shape is unknown");
      const rows = productOfDims(x.shape.slice(0, -1));
      const { hiddenSize, hasBias } = attributes;
      return {
        macs: multiplyDims(rows, stepMacs(kind, dimAt(x.shape, -1), hiddenSize, attributes)),
        elementwiseOps: multiplyDims(multiplyDims(rows, hiddenSize), stepOps(kind, hasBias)),
      };
    },
  };
}

function layersOf(attributes: RecurrentAttributes): number {
  return attributes.numLayers ?? 1;
}

function directionsOf(attributes: RecurrentAttributes): number {
  return attributes.isBidirectional === true ? 2 : 1;
}

function outputWidthOf({ projSize, hiddenSize }: RecurrentAttributes): Dim {
  return projSize === undefined || projSize === 0 ? hiddenSize : projSize;
}

/** MACs of one step of one layer in one direction: gates over input and state, and the projection. */
function stepMacs(
  kind: Kind,
  inputWidth: Dim,
  stateWidth: Dim,
  { hiddenSize, projSize }: { readonly hiddenSize: Dim; readonly projSize?: Dim | undefined },
): Dim {
  const gates = multiplyDims(multiplyDims(hiddenSize, KINDS[kind].gates), addDims(inputWidth, stateWidth));
  return addDims(gates, multiplyDims(hiddenSize, projSize ?? 0));
}

function stepOps(kind: Kind, hasBias: boolean | undefined): number {
  const { gates, ops } = KINDS[kind];
  return ops + (hasBias === false ? 0 : 2 * gates);
}

function readSequence(x: Shape | undefined, attributes: RecurrentAttributes): Sequence | string | undefined {
  if (x === undefined) return undefined;
  if (x.length === 2) return { steps: dimAt(x, 0), batch: undefined, features: dimAt(x, 1) };
  if (x.length !== 3) return `expected a sequence of 2 or 3 axes, got ${printShape(x)}`;
  const [first = 0, second = 0, features = 0] = x;
  return attributes.isBatchFirst === true
    ? { steps: second, batch: first, features }
    : { steps: first, batch: second, features };
}

function outputShape({ steps, batch }: Sequence, attributes: RecurrentAttributes): Shape {
  const directions = directionsOf(attributes);
  const width = outputWidthOf(attributes);
  if (attributes.hasDirectionAxis === true) {
    return attributes.isBatchFirst === true
      ? [batch ?? 1, steps, directions, width]
      : [steps, directions, batch ?? 1, width];
  }
  const features = multiplyDims(width, directions);
  if (batch === undefined) return [steps, features];
  return attributes.isBatchFirst === true ? [batch, steps, features] : [steps, batch, features];
}

/** The final hidden state, and for an LSTM the final cell state. */
function stateShapes(kind: Kind, { batch }: Sequence, attributes: RecurrentAttributes): readonly Shape[] {
  const rows = layersOf(attributes) * directionsOf(attributes);
  const widths = [outputWidthOf(attributes), attributes.hiddenSize].slice(0, KINDS[kind].states);
  const isBatchLeading = attributes.hasDirectionAxis === true && attributes.isBatchFirst === true;
  return widths.map((width) => {
    if (batch === undefined) return [rows, width];
    return isBatchLeading ? [batch, rows, width] : [rows, batch, width];
  });
}

/** PyTorch's rules: at least one layer and one hidden feature, and projections that make the state smaller. */
function sizesProblem({ numLayers = 1, hiddenSize, projSize = 0 }: RecurrentAttributes): string | undefined {
  if (!(numLayers >= 1)) return `the number of layers must be positive, got ${numLayers}`;
  if (isBelow(hiddenSize, 1)) return `the hidden size must be positive, got ${printDim(hiddenSize)}`;
  if (isBelow(projSize, 0)) return `the size of the projection must not be negative, got ${printDim(projSize)}`;
  if (projSize === 0 || !isBelow(subtractDims(hiddenSize, projSize), 1)) return undefined;
  return `the projection ${printDim(projSize)} must be smaller than the hidden size ${printDim(hiddenSize)}`;
}

function inputSizeProblem(x: Shape | undefined, features: Dim, inputSize: Dim | undefined): string | undefined {
  if (inputSize === undefined || !areDifferent(features, inputSize)) return undefined;
  return `expected ${printDim(inputSize)} input features, got ${printShape(x)}`;
}

/** Initial states have the shapes of the final ones. */
function statesProblem(given: readonly (TensorType | undefined)[], expected: readonly Shape[]): string | undefined {
  for (const [i, shape] of expected.entries()) {
    const state = given[i]?.shape;
    if (state === undefined) continue;
    const fits = state.length === shape.length && state.every((dim, axis) => !areDifferent(dim, dimAt(shape, axis)));
    const name = i === 0 ? 'hidden' : 'cell';
    if (!fits) return `expected an initial ${name} state ${printShape(shape)}, got ${printShape(state)}`;
  }
  return undefined;
}

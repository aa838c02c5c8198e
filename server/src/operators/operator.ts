/**
 * What an operator is: a row of the one table that all front ends share, name -> { infer, work }.
 * A front end translates its world into `inputs` (tensor types) and typed attributes, and calls `applyOperator`.
 */
import { addDims, refusedSize, unknownDim, type Dim } from '../graph/dim.ts';
import {
  printShape,
  tensorBytes,
  tensorType,
  type Shape,
  type TensorType,
  type ValueType,
} from '../graph/tensorType.ts';
import type { Attributes, NodeWork } from '../graph/modelGraph.ts';

export type OperatorFamily =
  | 'convolution'
  | 'matrix'
  | 'attention'
  | 'normalization'
  | 'activation'
  | 'pooling'
  | 'elementwise'
  | 'shape'
  | 'join'
  | 'indexing'
  | 'reduction'
  | 'embedding'
  | 'padding'
  | 'interpolation'
  | 'recurrent'
  | 'creation'
  | 'other';

/** Of operators that take none: `{}`. */
export type NoAttributes = Readonly<Record<string, never>>;

export type InferResult =
  | { readonly kind: 'ok'; readonly outputs: readonly TensorType[] }
  /** The user's shapes do not fit: the message quotes both. `outputs` is what we go on with (often of unknown rank). */
  | { readonly kind: 'mismatch'; readonly message: string; readonly outputs: readonly TensorType[] };

export interface Operator<A extends Attributes = Attributes> {
  /** Canonical name, as in the graph's printing: "conv2d" is `convolution`, so one name for 1-3 dimensions. */
  readonly name: string;
  readonly family: OperatorFamily;
  /** A view moves no bytes: its output aliases its first input (reshape, transpose, slice, expand). */
  readonly isView: boolean;
  infer(inputs: readonly (TensorType | undefined)[], attributes: A): InferResult;
  work(inputs: readonly (TensorType | undefined)[], outputs: readonly TensorType[], attributes: A): OperatorWork;
}

/** Arithmetic of one call. Bytes follow from the types unless an operator knows better (an embedding reads few rows). */
export interface OperatorWork {
  /** Multiply-accumulates of convolutions, matrix products and attention products, without bias. */
  readonly macs: Dim;
  /** Everything else, one per element and arithmetic operation: see docs/accuracy.md. */
  readonly elementwiseOps: Dim;
  readonly bytesRead?: Dim;
  readonly bytesWritten?: Dim;
}

export interface Application {
  readonly outputs: readonly TensorType[];
  readonly work: NodeWork;
  /** Set where the shapes do not fit. */
  readonly mismatch: string | undefined;
}

/** Infers shapes and counts work of one call; never throws on user shapes. */
export function applyOperator<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly (TensorType | undefined)[],
  attributes: A,
): Application {
  const inferred = operator.infer(inputs, attributes);
  if (inferred.kind === 'mismatch') {
    return { outputs: inferred.outputs, work: unknownWork(inferred.message), mismatch: inferred.message };
  }
  const { outputs } = inferred;
  const refused = refusedOutput(inputs, outputs);
  if (refused !== undefined) return { outputs, work: unknownWork(refused), mismatch: refused };
  const work = operator.work(inputs, outputs, attributes);
  return {
    outputs,
    mismatch: undefined,
    work: {
      macs: work.macs,
      elementwiseOps: work.elementwiseOps,
      bytesRead: work.bytesRead ?? (operator.isView ? 0 : sumBytes(inputs)),
      bytesWritten: work.bytesWritten ?? (operator.isView ? 0 : sumBytes(outputs)),
    },
  };
}

/** Why a result cannot be, where one of its sizes cannot: "a size cannot be -3, in the output 1x8x?". */
export function refusedOutput(
  inputs: readonly (ValueType | undefined)[],
  outputs: readonly ValueType[],
): string | undefined {
  for (const output of outputs) {
    for (const dim of dimsOf(output)) {
      const reason = typeof dim === 'number' ? undefined : refusedSize(dim);
      // One that an input brought was told before.
      if (reason === undefined || inputs.some((input) => dimsOf(input).includes(dim))) continue;
      return `${reason}, in the output ${printShape(dimsOf(output))}`;
    }
  }
  return undefined;
}

function dimsOf(type: ValueType | undefined): Shape {
  return type?.kind === 'tensor' ? (type.shape ?? []) : [];
}

/** The work of a node that we do not understand: every figure unknown for one reason. */
export function unknownWork(reason: string): NodeWork {
  const unknown = unknownDim(reason);
  return { macs: unknown, elementwiseOps: unknown, bytesRead: unknown, bytesWritten: unknown };
}

export function ok(...outputs: readonly TensorType[]): InferResult {
  return { kind: 'ok', outputs };
}

/** A mismatch with one output of unknown rank, so that the rest of the model is still read. */
export function mismatch(message: string, ...outputs: readonly TensorType[]): InferResult {
  return { kind: 'mismatch', message, outputs: outputs.length > 0 ? outputs : [tensorType('unknown', undefined)] };
}

function sumBytes(types: readonly (TensorType | undefined)[]): Dim {
  return types.reduce<Dim>((sum, type) => (type === undefined ? sum : addDims(sum, tensorBytes(type))), 0);
}

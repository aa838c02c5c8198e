/**
 * Records views and moves of elements, and carries known elements along.
 * A view shares its elements with the tensor it shows (aliases.ts); a copy has its own.
 */
import type { Attributes } from '../../../graph/modelGraph.ts';
import type { Operator } from '../../../operators/operator.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { aliasElements } from './aliases.ts';
import { countOf, knownArray, numericShape, positionsOf, type KnownArray } from './knownArray.ts';

/** Says where each element of the result stands in the source, given the result's shape; undefined: not known. */
export type Move = (source: KnownArray, shape: readonly number[]) => KnownArray | undefined;

/** Elements keep their order: reshape and its kin. */
export const inOrder: Move = (source, shape) => ({ shape, data: source.data });

/** Records a view of one tensor. */
export function recordView<A extends Attributes>(
  call: TorchCall,
  operator: Operator<A>,
  attributes: A,
  input: TensorValue,
  move: Move,
): TensorValue {
  const output = call.record(operator, attributes, [input]);
  showElements(input, output, move);
  return output;
}

/** Declares `output` a view of `input` where their elements are known. */
export function showElements(input: TensorValue, output: TensorValue, move: Move): void {
  const source = knownArray(input);
  const shape = numericShape(output.type.shape);
  if (source === undefined || shape === undefined) return;
  const positions = move(positionsOf(source.shape), shape);
  if (positions?.data.length === countOf(shape)) aliasElements(input, output, positions.data);
}

/** Records an operation that copies elements of one tensor to other places. */
export function recordMove<A extends Attributes>(
  call: TorchCall,
  operator: Operator<A>,
  attributes: A,
  input: TensorValue,
  move: Move,
): TensorValue {
  const output = call.record(operator, attributes, [input]);
  moveElements(input, output, move);
  return output;
}

/** Gives `output` its known elements. */
export function moveElements(input: TensorValue, output: TensorValue, move: Move): void {
  const source = knownArray(input);
  const shape = numericShape(output.type.shape);
  if (source === undefined || shape === undefined) return;
  const moved = move(source, shape);
  if (moved?.data.length === countOf(shape)) output.data = moved.data;
}

/** What an operation computes from known elements, unless it has none: cast, sums, sorts. */
export function setElements(output: TensorValue, compute: () => readonly number[] | undefined): TensorValue {
  const shape = numericShape(output.type.shape);
  if (shape === undefined) return output;
  const data = compute();
  if (data?.length === countOf(shape)) output.data = data;
  return output;
}

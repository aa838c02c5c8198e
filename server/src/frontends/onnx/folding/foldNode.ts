/**
 * Constant folding of shape arithmetic: the known elements of a node's outputs, where its inputs are known and few.
 * Shape(x: Nx3x224x224) -> [N, 3, 224, 224]; its Gather at 0 -> N; Concat with [-1] -> [N, -1].
 */
import { addDims, type Dim } from '../../../graph/dim.ts';
import type { ValueType } from '../../../graph/tensorType.ts';
import type { NodeCall } from '../nodeCall.ts';
import type { ConstantTensor } from '../onnxValue.ts';
import { arithmeticFolds, type Fold } from './arithmetic.ts';
import { axisOf, elementAt, madeOf } from './elements.ts';
import { foldShape, foldSize, movementFolds } from './movement.ts';

const FOLDS: Readonly<Record<string, Fold>> = { ...arithmeticFolds, ...movementFolds };

/** One entry an output: its elements, or undefined where they are not known. */
export function foldNode(call: NodeCall, outputs: readonly ValueType[]): readonly (ConstantTensor | undefined)[] {
  const { opType } = call.node;
  if (opType === 'Shape') return [foldShape(call)];
  if (opType === 'Size') return [foldSize(call)];
  const isSplit = opType === 'Split';
  const fold = Object.hasOwn(FOLDS, opType) ? FOLDS[opType] : undefined;
  if (fold === undefined && !isSplit) return [];
  // Only where all inputs may be known is any of them read.
  if (!call.inputs.every((input) => input === undefined || input.constant !== undefined)) return [];
  const inputs = call.inputs.flatMap((input) => (input === undefined ? [] : [input.constant?.()]));
  if (!inputs.every((input) => input !== undefined) || !isReadable(inputs)) return [];
  if (isSplit) return foldSplit(call, inputs, outputs);
  return [fold?.(call, inputs, sizesOf(outputs[0]))];
}

/** A fold of no inputs would be a constant, which is none of its business. */
function isReadable(inputs: readonly ConstantTensor[]): boolean {
  return inputs.length > 0;
}

function foldSplit(
  call: NodeCall,
  [x]: readonly ConstantTensor[],
  outputs: readonly ValueType[],
): readonly (ConstantTensor | undefined)[] {
  const axis = x === undefined ? undefined : axisOf(call.int('axis') ?? 0, x.shape.length);
  if (x === undefined || axis === undefined) return [];
  let start: Dim = 0;
  return outputs.map((output) => {
    const shape = sizesOf(output);
    const from = start;
    const size = shape?.[axis];
    if (shape === undefined || size === undefined || typeof from !== 'number') return undefined;
    start = addDims(from, size);
    return madeOf(x.dtype, shape, (place) => elementAt(x, place.with(axis, from + (place[axis] ?? 0))));
  });
}

function sizesOf(type: ValueType | undefined): readonly number[] | undefined {
  const shape = type?.kind === 'tensor' ? type.shape : undefined;
  return shape?.every((dim) => typeof dim === 'number') === true ? shape : undefined;
}

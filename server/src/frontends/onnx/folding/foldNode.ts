/**
 * Constant folding of shape arithmetic: the known elements of a node's outputs, where its inputs are known and few.
 * Shape(x: Nx3x224x224) -> [N, 3, 224, 224]; its Gather at 0 -> N; Concat with [-1] -> [N, -1].
 */
import { addDims, termCount, type Dim } from '../../../graph/dim.ts';
import type { ValueType } from '../../../graph/tensorType.ts';
import type { NodeCall } from '../nodeCall.ts';
import type { OnnxBudget } from '../onnxBudget.ts';
import { elementTotal, MOST_FOLDED, type ConstantTensor } from '../onnxValue.ts';
import { arithmeticFolds, type Fold } from './arithmetic.ts';
import { axisOf, elementAt, madeOf } from './elements.ts';
import { foldShape, foldSize, movementFolds } from './movement.ts';

const FOLDS: Readonly<Record<string, Fold>> = { ...arithmeticFolds, ...movementFolds };

/** One entry an output: its elements, or undefined where they are not known. */
export function foldNode(
  call: NodeCall,
  outputs: readonly ValueType[],
  budget: OnnxBudget,
): readonly (ConstantTensor | undefined)[] {
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
  const steps = foldingSteps(call, inputs, outputs[0]);
  if (steps > MOST_STEPS) return [];
  budget.fold(steps);
  if (isSplit) return foldSplit(call, inputs, outputs);
  return [fold?.(call, inputs, sizesOf(outputs[0]))];
}

/** A fold of no inputs would be a constant, which is none of its business. */
function isReadable(inputs: readonly ConstantTensor[]): boolean {
  return inputs.length > 0;
}

/** Beyond, no shape is computed: 4,096 elements of which each is a sum of 64 products. */
const MOST_STEPS = 64 * MOST_FOLDED;

/** Elements that are read and made, a symbolic one as often as it has terms: of each of two operands for their product. */
function foldingSteps(call: NodeCall, inputs: readonly ConstantTensor[], output: ValueType | undefined): number {
  const sizes = [sizesOf(output), ...inputs.map(({ shape }) => shape)].map((shape) => elementTotal(shape ?? []));
  const isArithmetic = Object.hasOwn(arithmeticFolds, call.node.opType) || call.node.opType.startsWith('Reduce');
  const perElement = isArithmetic ? inputs.reduce((product, input) => product * mostTerms(input), 1) : 1;
  return sizes.reduce((sum, size) => sum + Math.min(size, MOST_FOLDED), 0) * perElement;
}

function mostTerms({ elements }: ConstantTensor): number {
  return elements.reduce<number>((most, element) => Math.max(most, termCount(element)), 1);
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

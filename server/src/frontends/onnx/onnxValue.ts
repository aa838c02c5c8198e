/**
 * A value while a graph is read: its place in the ModelGraph, its type, and its elements where they are known and few,
 * since shapes are computed from them: Shape of Nx3x224x224 has the elements [N, 3, 224, 224].
 */
import type { Dim } from '../../graph/dim.ts';
import type { DType } from '../../graph/dtype.ts';
import type { ParameterId, ValueId } from '../../graph/modelGraph.ts';
import type { ValueType } from '../../graph/tensorType.ts';

/** Known elements in row-major order: integers and bools as dims (perhaps symbolic), floats as numbers. */
export interface ConstantTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: readonly Dim[];
}

export interface OnnxValue {
  readonly id: ValueId;
  readonly type: ValueType;
  /** Reads the elements, from the file where need be; undefined where they are known not to be known. */
  readonly constant: (() => ConstantTensor | undefined) | undefined;
  /** The stored tensor that it is. */
  readonly parameter: ParameterId | undefined;
}

/** Elements beyond which nothing is computed: shape arithmetic has few. */
export const MOST_FOLDED = 4_096;
/** Of floats only scales and the like matter to shapes; more of them are weights. */
export const MOST_FOLDED_FLOATS = 64;

export function scalarConstant(dtype: DType, element: Dim): ConstantTensor {
  return { dtype, shape: [], elements: [element] };
}

export function listConstant(dtype: DType, elements: readonly Dim[]): ConstantTensor {
  return { dtype, shape: [elements.length], elements };
}

export function elementTotal(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

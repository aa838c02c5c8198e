/**
 * Operators that only move elements: the type stays, a rule gives the shape, nothing is computed.
 * dataMovement('flip', 'shape', rule) -> an operator whose output is rule(shape of its first input).
 */
import type { Attributes } from '../graph/modelGraph.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import type { ShapeResult } from './broadcast.ts';
import { mismatch, ok, type InferResult, type Operator, type OperatorFamily, type OperatorWork } from './operator.ts';

export type Inputs = readonly (TensorType | undefined)[];

/** The output's shape, from that of the first input, which has a known rank. */
export type ShapeRule<A extends Attributes> = (shape: Shape, attributes: A, inputs: Inputs) => ShapeResult;

export interface MovementOptions<A extends Attributes> {
  readonly isView?: boolean;
  /** What is known of the output where the first input's rank is not. */
  readonly whenUnranked?: (attributes: A) => Shape | undefined;
  /** Where elements are combined on the way, or not all of the input is read. */
  readonly work?: Operator<A>['work'];
}

export function dataMovement<A extends Attributes>(
  name: string,
  family: OperatorFamily,
  rule: ShapeRule<A>,
  options: MovementOptions<A> = {},
): Operator<A> {
  return {
    name,
    family,
    isView: options.isView ?? false,
    infer(inputs, attributes) {
      const [x] = inputs;
      const dtype = x?.dtype ?? 'unknown';
      if (x?.shape === undefined) return ok(tensorType(dtype, options.whenUnranked?.(attributes)));
      return oneOutput(dtype, rule(x.shape, attributes, inputs));
    },
    work: options.work ?? noWork,
  };
}

export function oneOutput(dtype: TensorType['dtype'], result: ShapeResult): InferResult {
  if (result.kind === 'mismatch') return mismatch(result.message, tensorType(dtype, undefined));
  return ok(tensorType(dtype, result.shape));
}

export function shaped(shape: Shape | undefined): ShapeResult {
  return { kind: 'ok', shape };
}

/** Shapes that do not fit; the message quotes them. */
export function misfit(message: string): ShapeResult {
  return { kind: 'mismatch', message };
}

export function noWork(): OperatorWork {
  return { macs: 0, elementwiseOps: 0 };
}

/** An axis counted from the start; undefined where there is none. A scalar has the one axis 0, as in PyTorch. */
export function resolveAxis(axis: number, rank: number): number | undefined {
  const extent = Math.max(rank, 1);
  const fromStart = axis < 0 ? axis + extent : axis;
  return Number.isInteger(axis) && fromStart >= 0 && fromStart < extent ? fromStart : undefined;
}

/** Axes counted from the start, each once; else what is wrong with them. */
export function resolveAxes(axes: readonly number[], shape: Shape): readonly number[] | string {
  const resolved = new Set<number>();
  for (const axis of axes) {
    const fromStart = resolveAxis(axis, shape.length);
    if (fromStart === undefined) return noAxis(axis, shape);
    if (resolved.has(fromStart)) return `axis ${axis} of ${printShape(shape)} is named twice in [${axes.join(', ')}]`;
    resolved.add(fromStart);
  }
  return [...resolved];
}

export function noAxis(axis: number, shape: Shape): string {
  return `${printShape(shape)} has no axis ${axis}`;
}

/** A shape with one dim replaced by others: replaceDim([2, 3], 1, [4, 5]) is [2, 4, 5]. */
export function replaceDim(shape: Shape, axis: number, dims: Shape): Shape {
  return [...shape.slice(0, axis), ...dims, ...shape.slice(axis + 1)];
}

/**
 * Axes that ONNX moved from attributes to inputs over the opsets (Squeeze-13, ReduceSum-13, ReduceMean-18, ...).
 */
import type { Dim } from '../../../graph/dim.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import type { NodeCall } from '../nodeCall.ts';

export type Axes =
  | { readonly kind: 'given'; readonly axes: readonly number[] }
  | { readonly kind: 'absent' }
  /** They depend on data. */
  | { readonly kind: 'unknown' };

/** The attribute where it is there, else the input. */
export function axesOf(call: NodeCall, inputIndex: number, attribute = 'axes'): Axes {
  const listed = call.ints(attribute);
  if (listed !== undefined) return { kind: 'given', axes: listed };
  if (!call.hasInput(inputIndex)) return { kind: 'absent' };
  const axes = call.numbers(inputIndex);
  return axes === undefined ? { kind: 'unknown' } : { kind: 'given', axes };
}

/** A shape with another size along one axis, counted from the end where negative; as it is where there is no such axis. */
export function withSize(shape: Shape, axis: number, size: Dim): Shape {
  const at = axis < 0 ? axis + shape.length : axis;
  return at >= 0 && at < shape.length ? shape.with(at, size) : shape;
}

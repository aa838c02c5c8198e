/**
 * Operators that repeat data: expand (a view), repeat, repeatInterleave.
 * expand(3x1, [-1, 4]) -> 3x4; repeat(3, [4, 2]) -> 4x6.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** -1 keeps the input's dim. */
export type ExpandAttributes = { readonly shape: readonly Dim[] };
/** `x.expand`, `expand_as`, `broadcast_to`. */
export const expand = pending<ExpandAttributes>('expand', 'shape', true);

export type BroadcastToAttributes = { readonly shape: readonly Dim[] };
/** ONNX Expand: both shapes broadcast, a 1 in the asked shape keeps the input's dim. */
export const broadcastTo = pending<BroadcastToAttributes>('broadcastTo', 'shape', true);

/** Fewer repeats than dims count from the last one (`torch.tile`); `x.repeat` wants as many, or more. */
export type RepeatAttributes = { readonly repeats: readonly Dim[] };
/** `x.repeat`, `torch.tile`, ONNX Tile. */
export const repeat = pending<RepeatAttributes>('repeat', 'shape');

/** Absent dim: the flattened input. Repeats that stand in a tensor are the second input, and `repeats` null. */
export type RepeatInterleaveAttributes = {
  readonly repeats: Dim | null;
  readonly dim?: number | undefined;
  readonly outputSize?: Dim | undefined;
};
export const repeatInterleave = pending<RepeatInterleaveAttributes>('repeatInterleave', 'shape');

export const expandOperators: readonly Operator[] = [expand, broadcastTo, repeat, repeatInterleave];

/**
 * Operators that change the order of dims or elements: permute, transpose, moveDims, flip, roll, rot90.
 * permute(1x3x224x224, [0, 2, 3, 1]) -> 1x224x224x3.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** Absent: the reverse order (ONNX Transpose's default, `x.T`). */
export type PermuteAttributes = { readonly dims?: readonly number[] | undefined };
export const permute = pending<PermuteAttributes>('permute', 'shape', true);

export type TransposeAttributes = { readonly dim0: number; readonly dim1: number };
export const transpose = pending<TransposeAttributes>('transpose', 'shape', true);

export type MoveDimsAttributes = { readonly source: readonly number[]; readonly destination: readonly number[] };
/** `torch.movedim`. */
export const moveDims = pending<MoveDimsAttributes>('moveDims', 'shape', true);

export type FlipAttributes = { readonly dims: readonly number[] };
export const flip = pending<FlipAttributes>('flip', 'shape');

/** Absent dims: rolled as one flat row. */
export type RollAttributes = { readonly shifts: readonly Dim[]; readonly dims?: readonly number[] | undefined };
export const roll = pending<RollAttributes>('roll', 'shape');

export type Rot90Attributes = { readonly times: number; readonly dims: readonly number[] };
export const rot90 = pending<Rot90Attributes>('rot90', 'shape');

export const permuteOperators: readonly Operator[] = [permute, transpose, moveDims, flip, roll, rot90];

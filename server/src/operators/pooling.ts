/**
 * Pooling with a window: max, average and Lp over one to three spatial axes.
 * 1x64x112x112, kernel 3, stride 2, padding 1 -> 1x64x56x56.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';
import type { Padding } from './windows.ts';

/** The kernel has one entry per spatial axis; the other lists may have a single one for all axes. */
export type PoolAttributes = {
  readonly kernel: readonly Dim[];
  /** Left out: PyTorch's rule, the kernel. (ONNX's default is 1: its front end says so.) */
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly ceilMode?: boolean | undefined;
};

export type MaxPoolAttributes = PoolAttributes & {
  /** A second output with the positions of the maxima (int64). */
  readonly returnIndices?: boolean | undefined;
};

const pending = {
  family: 'pooling',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs: x (batch x channels x spatial..., or without batch). */
export const maxPool: Operator<MaxPoolAttributes> = { name: 'maxPool', ...pending };
export const averagePool: Operator<PoolAttributes> = { name: 'averagePool', ...pending };
export const lpPool: Operator<PoolAttributes> = { name: 'lpPool', ...pending };

export const poolingOperators: readonly Operator[] = [maxPool, averagePool, lpPool];

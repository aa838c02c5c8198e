/**
 * Operators whose output is their input: identity and dropout at inference cost nothing, clone and contiguous copy.
 * contiguous(2x3 float32) -> 2x3 float32, 24 bytes read and 24 written.
 */
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** `nn.Identity`, `detach`, ONNX Identity. */
export const identity = pending('identity', 'shape', true);
/** Also `alphaDropout`, `featureDropout`, stochastic depth; at inference nothing is done. ONNX gives a second output, the mask, if `hasMask`. */
export const dropout = pending<{ readonly p?: number | undefined; readonly hasMask?: boolean | undefined }>(
  'dropout',
  'elementwise',
  true,
);
/** `clone`, `x.copy_(y)`: the first input is the source. */
export const clone = pending('clone', 'shape');
/** `contiguous`: counted as a copy (PyTorch skips it where the layout is contiguous already; layouts are not tracked). */
export const contiguous = pending('contiguous', 'shape');

export const identityOperators: readonly Operator[] = [identity, dropout, clone, contiguous];

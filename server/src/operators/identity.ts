/**
 * Operators whose output is their input: identity and dropout at inference cost nothing, clone and contiguous copy.
 * contiguous(2x3 float32) -> 2x3 float32, 24 bytes read and 24 written.
 */
import { tensorType } from '../graph/tensorType.ts';
import { dataMovement, noWork, shaped } from './dataMovement.ts';
import { ok, type Operator } from './operator.ts';

/** `nn.Identity`, `detach`, ONNX Identity. */
export const identity = dataMovement('identity', 'shape', shaped, { isView: true });

export type DropoutAttributes = {
  readonly p?: number | undefined;
  /** ONNX gives a second output. */
  readonly hasMask?: boolean | undefined;
};
/** Also `alpha_dropout`, `feature_dropout`, stochastic depth: at inference nothing is done. */
export const dropout: Operator<DropoutAttributes> = {
  name: 'dropout',
  family: 'elementwise',
  isView: true,
  infer([x], { hasMask }) {
    const output = tensorType(x?.dtype ?? 'unknown', x?.shape);
    return hasMask === true ? ok(output, tensorType('bool', x?.shape)) : ok(output);
  },
  work: noWork,
};

/** `clone`, `x.copy_(y)`: the first input is the source. */
export const clone = dataMovement('clone', 'shape', shaped);
/** `contiguous`: counted as a copy (PyTorch skips it where the layout is contiguous already; layouts are not tracked). */
export const contiguous = dataMovement('contiguous', 'shape', shaped);

export const identityOperators: readonly Operator[] = [identity, dropout, clone, contiguous];

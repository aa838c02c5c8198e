/**
 * Dropout of torch.nn.functional: at inference the output is the input, and nothing is counted.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import { dropout } from '../../../operators/identity.ts';
import { torchFunction, type TorchCall } from '../torchNatives.ts';
import type { TensorValue } from '../tensorValue.ts';
import { FUNCTIONAL } from './functionArguments.ts';

const DROPOUTS: readonly (readonly [string, string])[] = [
  ['dropout', 'p=0.5, training=True'],
  ['dropout1d', 'p=0.5, training=True'],
  ['dropout2d', 'p=0.5, training=True'],
  ['dropout3d', 'p=0.5, training=True'],
  ['alpha_dropout', 'p=0.5, training=False'],
  ['feature_alpha_dropout', 'p=0.5, training=False'],
];

/** A dropout node keeps its place in the graph even where it does nothing. */
export function applyDropout(call: TorchCall): TensorValue {
  return call.record(dropout, { p: call.number('p') }, [call.tensor('input')]);
}

export const dropoutFunctions: readonly NativeFunction[] = DROPOUTS.map(([name, parameters]) =>
  torchFunction(`${name}(input, ${parameters}, inplace=False)`, FUNCTIONAL, applyDropout),
);

/**
 * Operations whose result has a shape we know and a cost that we do not count: decompositions, histograms.
 * They become `unknown` nodes with the reason, so that totals say that something is missing.
 */
import type { TensorType } from '../../../graph/tensorType.ts';
import { recordUnknown } from '../record.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';

/** Results of the given types; the node's work is unknown. */
export function uncounted(
  call: TorchCall,
  inputs: readonly TensorValue[],
  ...types: readonly TensorType[]
): TensorValue[] {
  const reason = `the work of ${call.originalOp} depends on the method, and is not counted`;
  return recordUnknown(call.runtime, call.originalOp, reason, inputs, types);
}

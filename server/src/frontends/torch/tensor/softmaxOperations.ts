/**
 * Softmax of tensors, and functions that stand in `torch` too: x.softmax(-1), torch.log_softmax(x, 1), x.prelu(w).
 */
import { logSoftmax, prelu, softmax, type SoftmaxAttributes } from '../../../operators/activation.ts';
import type { Operator } from '../../../operators/operator.ts';
import { asDType } from '../torchNatives.ts';
import { both, type TensorOperation } from './operation.ts';

function softmaxOperation(name: string, operator: Operator<SoftmaxAttributes>): TensorOperation {
  return both(`${name}(input, dim, dtype=None)`, (call) => {
    const dtype = asDType(call.runtime, call.value('dtype'), 'dtype');
    return call.record(operator, { dim: call.int('dim'), ...(dtype && { dtype }) }, [call.tensor('input')]);
  });
}

export const softmaxOperations: readonly TensorOperation[] = [
  softmaxOperation('softmax', softmax),
  softmaxOperation('log_softmax', logSoftmax),
  both('prelu(input, weight)', (call) => call.record(prelu, {}, [call.tensor('input'), call.tensor('weight')])),
];

/**
 * ONNX's RNN, GRU and LSTM. Inputs: x, w, r, b, sequence_lens, initial_h, initial_c, peepholes; outputs with an axis
 * of directions: y, y_h, y_c.
 */
import { gru, lstm, rnn, type RecurrentAttributes } from '../../../operators/recurrent.ts';
import type { Operator } from '../../../operators/operator.ts';
import { apply, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';

export const recurrentMappings: MappingTable = {
  RNN: (call) => recurrent(call, rnn, [5]),
  GRU: (call) => recurrent(call, gru, [5]),
  LSTM: (call) => recurrent(call, lstm, [5, 6]),
};

function recurrent(call: NodeCall, operator: Operator<RecurrentAttributes>, states: readonly number[]): MappedNode {
  const weights = call.tensors(1, 2, 3);
  const [, , hidden] = call.tensor(2)?.shape ?? [];
  return apply(operator, [call.tensor(0), ...call.tensors(...states), ...weights], {
    hiddenSize: call.int('hidden_size') ?? hidden ?? 1,
    isBidirectional: call.string('direction') === 'bidirectional',
    isBatchFirst: call.flag('layout'),
    hasBias: call.hasInput(3),
    hasDirectionAxis: true,
  });
}

/**
 * torch.nn.utils.rnn: packed sequences of different lengths. We keep the padded tensor, as the lengths are data:
 * pack_padded_sequence(8x20x32, lengths, batch_first=True) counts all 20 steps of each of the 8 sequences.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyInstance, PyTuple, type PyClass, type Value } from '../../../evaluation/values.ts';
import { maximumDim, multiplyDims, type Dim } from '../../../graph/dim.ts';
import { tensorType, type Shape } from '../../../graph/tensorType.ts';
import { transpose } from '../../../operators/permute.ts';
import { recordOne, recordUnknown } from '../record.ts';
import type { TensorValue } from '../tensorValue.ts';
import { asTensor, guardUnknown, sequenceItems } from '../torchNatives.ts';
import { makeTensor, worldOf } from '../torchWorld.ts';

const OWNER = 'torch.nn.utils.rnn';

export class PackedSequenceValue extends PyInstance {
  constructor(
    class_: PyClass,
    /** Steps x batch x features. */
    readonly padded: TensorValue,
    readonly lengths: Value,
  ) {
    super(class_);
  }
}

export function paddedTensor(runtime: Runtime, packed: PackedSequenceValue): TensorValue {
  runtime.assume('packed sequences are counted at their full padded length');
  return packed.padded;
}

/** A packed result with the lengths of another. */
export function packedLike(runtime: Runtime, packed: PackedSequenceValue, padded: TensorValue): PackedSequenceValue {
  return makePacked(runtime, padded, packed.lengths);
}

function makePacked(runtime: Runtime, padded: TensorValue, lengths: Value): PackedSequenceValue {
  const result = new PackedSequenceValue(worldOf(runtime).packedSequenceClass, padded, lengths);
  const [steps = 1, batch = 1, ...features] = padded.type.shape ?? [];
  const shape = padded.type.shape === undefined ? undefined : [multiplyDims(steps, batch), ...features];
  result.attributes.set('data', makeTensor(runtime, tensorType(padded.type.dtype, shape)));
  return result;
}

/** Functions of torch.nn.utils.rnn. */
export const packedSequenceFunctions = members(OWNER, {
  'pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True)': (
    runtime,
    input,
    lengths,
    batchFirst,
  ) =>
    guardUnknown(runtime, `${OWNER}.pack_padded_sequence`, [input], () => {
      const x = asTensor(runtime, input, 'input');
      return makePacked(runtime, batchFirst === true ? swapped(runtime, x) : x, lengths);
    }),
  'pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None)': (
    runtime,
    sequence,
    batchFirst,
  ) => {
    if (!(sequence instanceof PackedSequenceValue)) {
      const [unknown = null] = recordUnknown(runtime, `${OWNER}.pad_packed_sequence`, 'the sequence is unknown', []);
      return new PyTuple([unknown, runtime.unknown('the lengths are unknown')]);
    }
    const { padded, lengths } = sequence;
    return new PyTuple([batchFirst === true ? swapped(runtime, padded) : padded, lengths]);
  },
  "pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right')": (
    runtime,
    sequences,
    batchFirst,
  ) => guardUnknown(runtime, `${OWNER}.pad_sequence`, [], () => padSequence(runtime, sequences, batchFirst === true)),
});

function padSequence(runtime: Runtime, sequences: Value, isBatchFirst: boolean): Value {
  const tensors = sequenceItems(runtime, sequences, 'sequences').map((item) => asTensor(runtime, item, 'sequences'));
  const [first] = tensors;
  const shapes = tensors.map((tensor) => tensor.type.shape);
  let shape: Shape | undefined;
  if (first?.type.shape !== undefined && shapes.every((other) => other !== undefined)) {
    const longest = shapes.map((other) => other[0] ?? 0).reduce<Dim>(maximumDim, 0);
    const features = first.type.shape.slice(1);
    shape = isBatchFirst ? [tensors.length, longest, ...features] : [longest, tensors.length, ...features];
  }
  const type = tensorType(first?.type.dtype ?? 'unknown', shape);
  const reason = 'padding sequences copies them, which is not counted';
  return recordUnknown(runtime, `${OWNER}.pad_sequence`, reason, tensors, [type])[0] ?? null;
}

function swapped(runtime: Runtime, x: TensorValue): TensorValue {
  return recordOne(runtime, transpose, { dim0: 0, dim1: 1 }, [x], `${OWNER}.pack_padded_sequence`);
}

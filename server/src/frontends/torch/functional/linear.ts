/**
 * Linear maps and lookups of torch.nn.functional. linear(8x512, weight 1000x512) -> 8x1000.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import { unknownDim, type Dim } from '../../../graph/dim.ts';
import { embedding, embeddingBag, oneHot } from '../../../operators/embedding.ts';
import { bilinear, linear } from '../../../operators/matrix.ts';
import { torchFunction, type TorchCall } from '../torchNatives.ts';
import { FUNCTIONAL } from './functionArguments.ts';

export const linearFunctions: readonly NativeFunction[] = [
  torchFunction('linear(input, weight, bias=None)', FUNCTIONAL, (call) =>
    call.record(linear, {}, [call.tensor('input'), call.tensor('weight'), call.optionalTensor('bias')]),
  ),
  torchFunction('bilinear(input1, input2, weight, bias=None)', FUNCTIONAL, (call) =>
    call.record(bilinear, {}, [
      call.tensor('input1'),
      call.tensor('input2'),
      call.tensor('weight'),
      call.optionalTensor('bias'),
    ]),
  ),
  torchFunction(
    'embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False)',
    FUNCTIONAL,
    (call) => call.record(embedding, {}, [call.tensor('input'), call.tensor('weight')]),
  ),
  torchFunction(
    "embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None)",
    FUNCTIONAL,
    (call) =>
      call.record(embeddingBag, { mode: bagMode(call), includeLastOffset: call.boolean('include_last_offset') }, [
        call.tensor('input'),
        call.tensor('weight'),
        call.optionalTensor('offsets'),
        call.optionalTensor('per_sample_weights'),
      ]),
  ),
  torchFunction('one_hot(tensor, num_classes=-1)', FUNCTIONAL, (call) =>
    call.record(oneHot, { numClasses: classCount(call) }, [call.tensor('tensor')]),
  ),
];

function bagMode(call: TorchCall): 'sum' | 'mean' | 'max' {
  const mode = call.string('mode');
  if (mode === 'sum' || mode === 'mean' || mode === 'max') return mode;
  return call.runtime.raise('ValueError', "mode has to be one of 'sum', 'mean' or 'max'");
}

/** Left out (-1), the largest class of the data plus one. */
function classCount(call: TorchCall): Dim {
  const given = call.dim('num_classes');
  if (given !== -1) return given;
  const { data } = call.tensor('tensor');
  return data && data.length > 0 ? Math.max(...data) + 1 : unknownDim('the number of classes depends on the data');
}

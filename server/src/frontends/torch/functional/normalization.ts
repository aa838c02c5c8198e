/**
 * Normalisations of torch.nn.functional. layer_norm(8x128x768, (768,)) -> 8x128x768.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  localResponseNorm,
  lpNormalize,
  rmsNorm,
} from '../../../operators/normalization.ts';
import { torchFunction } from '../torchNatives.ts';
import { FUNCTIONAL } from './functionArguments.ts';

export const normalizationFunctions: readonly NativeFunction[] = [
  torchFunction(
    'batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05)',
    FUNCTIONAL,
    (call) =>
      call.record(batchNorm, { training: call.boolean('training') }, [
        call.tensor('input'),
        call.optionalTensor('weight'),
        call.optionalTensor('bias'),
        call.optionalTensor('running_mean'),
        call.optionalTensor('running_var'),
      ]),
  ),
  torchFunction('layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)', FUNCTIONAL, (call) =>
    call.record(layerNorm, { normalizedShape: call.dims('normalized_shape') }, [
      call.tensor('input'),
      call.optionalTensor('weight'),
      call.optionalTensor('bias'),
    ]),
  ),
  torchFunction('rms_norm(input, normalized_shape, weight=None, eps=None)', FUNCTIONAL, (call) =>
    call.record(rmsNorm, { normalizedShape: call.dims('normalized_shape') }, [
      call.tensor('input'),
      call.optionalTensor('weight'),
    ]),
  ),
  torchFunction('group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)', FUNCTIONAL, (call) =>
    call.record(groupNorm, { numGroups: call.dim('num_groups') }, [
      call.tensor('input'),
      call.optionalTensor('weight'),
      call.optionalTensor('bias'),
    ]),
  ),
  torchFunction(
    'instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05)',
    FUNCTIONAL,
    (call) =>
      call.record(instanceNorm, { usesRunningStats: !call.boolean('use_input_stats') }, [
        call.tensor('input'),
        call.optionalTensor('weight'),
        call.optionalTensor('bias'),
        call.optionalTensor('running_mean'),
        call.optionalTensor('running_var'),
      ]),
  ),
  torchFunction('local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0)', FUNCTIONAL, (call) =>
    call.record(localResponseNorm, { size: call.dim('size') }, [call.tensor('input')]),
  ),
  torchFunction('normalize(input, p=2.0, dim=1, eps=1e-12, out=None)', FUNCTIONAL, (call) =>
    call.record(lpNormalize, { axis: call.int('dim'), p: call.number('p') }, [call.tensor('input')]),
  ),
];

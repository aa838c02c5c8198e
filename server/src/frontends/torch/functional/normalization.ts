/**
 * Normalisations of torch.nn.functional. layer_norm(8x128x768, (768,)) -> 8x128x768.
 */
import type { NativeFunction, Value } from '../../../evaluation/values.ts';
import { elementCount, printShape, type Shape } from '../../../graph/tensorType.ts';
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  localResponseNorm,
  lpNormalize,
  rmsNorm,
} from '../../../operators/normalization.ts';
import { torchFunction, type TorchCall } from '../torchNatives.ts';
import { knownSizes, knownStrides } from '../layout/layout.ts';
import { isDense, viewStrides } from '../layout/strides.ts';
import { refuse } from '../record.ts';
import { FUNCTIONAL } from './functionArguments.ts';

/** The rank is checked; PyTorch views images as volumes, which their layout must allow. */
function localResponse(call: TorchCall): Value {
  const input = call.tensor('input');
  const { shape } = input.type;
  if (shape !== undefined && shape.length < 3) {
    call.runtime.raise('ValueError', `Expected 3D or higher dimensionality input (got ${shape.length} dimensions)`);
  }
  // Before PyTorch looks at the size.
  if (shape?.includes(0) === true) return input;
  const sizes = knownSizes(shape);
  const strides = knownStrides(shape, input.layout);
  if (sizes !== undefined && strides !== undefined && sizes.length > 3 && isDense(sizes, strides)) {
    const [batch = 1, channels = 1, rows = 1, ...rest] = sizes;
    const volume = [batch, 1, channels, rows, rest.reduce((product, size) => product * size, 1)];
    if (viewStrides(sizes, strides, volume) === undefined) {
      refuse(call.runtime, 'shape-mismatch', `cannot view ${printShape(sizes)} as a volume without a copy`);
    }
  }
  return call.record(localResponseNorm, { size: call.dim('size') }, [input]);
}

/** Statistics of the input need more than one value a channel: axes from the last given one on, and those before it. */
function checkSpread(call: TorchCall, axes: readonly number[]): void {
  const { shape } = call.tensor('input').type;
  if (shape === undefined) return;
  const last = axes.at(-1) ?? 0;
  const counted = [...axes.slice(0, -1).flatMap((axis) => shape.slice(axis, axis + 1)), ...shape.slice(last)];
  if (counted.every((dim) => dim === 1)) refuseOneValue(call, shape);
}

function refuseOneValue(call: TorchCall, shape: Shape): never {
  return call.runtime.raise(
    'ValueError',
    `Expected more than 1 value per channel when training, got input ${printShape(shape)}`,
  );
}

export const normalizationFunctions: readonly NativeFunction[] = [
  torchFunction(
    'batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05)',
    FUNCTIONAL,
    (call) => {
      if (call.boolean('training')) checkSpread(call, [0, 2]);
      return call.record(batchNorm, { training: call.boolean('training') }, [
        call.tensor('input'),
        call.optionalTensor('weight'),
        call.optionalTensor('bias'),
        call.optionalTensor('running_mean'),
        call.optionalTensor('running_var'),
      ]);
    },
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
  torchFunction('group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)', FUNCTIONAL, (call) => {
    const numGroups = call.dim('num_groups');
    const { shape } = call.tensor('input').type;
    if (shape !== undefined && shape.length > 1 && elementCount(shape) === numGroups) refuseOneValue(call, shape);
    return call.record(groupNorm, { numGroups }, [
      call.tensor('input'),
      call.optionalTensor('weight'),
      call.optionalTensor('bias'),
    ]);
  }),
  torchFunction(
    'instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05, *, _has_no_batch=False)',
    FUNCTIONAL,
    (call) => {
      // Layers put a batch of 1 before an input that has none.
      const hasNoBatch = call.boolean('_has_no_batch');
      if (call.boolean('use_input_stats')) checkSpread(call, [hasNoBatch ? 1 : 2]);
      const attributes = { usesRunningStats: !call.boolean('use_input_stats'), ...(hasNoBatch ? { hasNoBatch } : {}) };
      return call.record(instanceNorm, attributes, [
        call.tensor('input'),
        call.optionalTensor('weight'),
        call.optionalTensor('bias'),
        call.optionalTensor('running_mean'),
        call.optionalTensor('running_var'),
      ]);
    },
  ),
  torchFunction('local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0)', FUNCTIONAL, (call) =>
    localResponse(call),
  ),
  torchFunction('normalize(input, p=2.0, dim=1, eps=1e-12, out=None)', FUNCTIONAL, (call) =>
    call.record(lpNormalize, { axis: call.int('dim'), p: call.number('p') }, [call.tensor('input')]),
  ),
];

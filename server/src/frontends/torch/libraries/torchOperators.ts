/**
 * torch.ops: registered operators. Those of torchvision have shape rules here, since its sources call them by name:
 * torch.ops.torchvision.roi_align(1x3x64x64, 5x5 boxes, 1.0, 7, 7, 2, False) -> 5x3x7x7.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import { PyTuple, type NativeFunction, type Value } from '../../../evaluation/values.ts';
import { floorDivideDims, multiplyDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { deformableConvolution } from '../../../operators/deformableConvolution.ts';
import { nonMaximumSuppression, roiAlign, roiPool } from '../../../operators/interpolation.ts';
import { functionalTable } from '../functional/functionalTable.ts';
import { functionsOf } from '../tensor/operation.ts';
import { uncounted } from '../tensor/shapeOnly.ts';
import { tensorOperations } from '../tensor/tensorOperations.ts';
import type { TensorValue } from '../tensorValue.ts';
import { makeTensor } from '../torchWorld.ts';
import { torchFunction, UnknownArgument, type TorchCall } from '../torchNatives.ts';

const TORCHVISION = 'torch.ops.torchvision';

/** One image of cells for each box. */
function regions(call: TorchCall, operator: typeof roiAlign): TensorValue {
  const samplingRatio = 'sampling_ratio' in call.bound ? call.number('sampling_ratio') : undefined;
  const outputSize = [call.dim('pooled_height'), call.dim('pooled_width')] as const;
  return call.record(operator, { outputSize, samplingRatio }, [call.tensor('input'), call.tensor('rois')]);
}

/** These forms also tell where each value came from. */
function withMapping(call: TorchCall, output: TensorValue): Value {
  const mapping = tensorType('int32', [unknownDim('the mapping of channels is not followed')]);
  return new PyTuple([output, makeTensor(call.runtime, mapping)]);
}

/** Position-sensitive: each cell has channels of its own. */
function sensitiveRegions(call: TorchCall): TensorValue {
  const [input, boxes] = [call.tensor('input'), call.tensor('rois')];
  const [height, width] = [call.dim('pooled_height'), call.dim('pooled_width')];
  const [count, channels] = [boxes.type.shape?.[0], input.type.shape?.[1]];
  if (count === undefined || channels === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  const shape = [count, floorDivideDims(channels, multiplyDims(height, width)), height, width];
  const [output] = uncounted(call, [input, boxes], tensorType(input.type.dtype, shape));
  return output ?? input;
}

const BOX_ARGUMENTS = 'input, rois, spatial_scale, pooled_height, pooled_width';

function pair(call: TorchCall, height: string, width: string): readonly Dim[] {
  return [call.dim(height), call.dim(width)];
}

const torchvision: readonly NativeFunction[] = [
  torchFunction(`roi_align(${BOX_ARGUMENTS}, sampling_ratio, aligned=False)`, TORCHVISION, (call) =>
    regions(call, roiAlign),
  ),
  torchFunction(`roi_pool(${BOX_ARGUMENTS})`, TORCHVISION, (call) => withMapping(call, regions(call, roiPool))),
  torchFunction(`ps_roi_align(${BOX_ARGUMENTS}, sampling_ratio)`, TORCHVISION, (call) =>
    withMapping(call, sensitiveRegions(call)),
  ),
  torchFunction(`ps_roi_pool(${BOX_ARGUMENTS})`, TORCHVISION, (call) => withMapping(call, sensitiveRegions(call))),
  torchFunction('nms(dets, scores, iou_threshold)', TORCHVISION, (call) =>
    call.record(nonMaximumSuppression, {}, [call.tensor('dets'), call.tensor('scores')]),
  ),
  torchFunction(
    'deform_conv2d(input, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups, use_mask)',
    TORCHVISION,
    (call) =>
      call.record(
        deformableConvolution,
        {
          stride: pair(call, 'stride_h', 'stride_w'),
          padding: pair(call, 'pad_h', 'pad_w').map((dim): readonly [Dim, Dim] => [dim, dim]),
          dilation: pair(call, 'dilation_h', 'dilation_w'),
          groups: call.dim('groups'),
        },
        [
          call.tensor('input'),
          call.tensor('weight'),
          call.tensor('offset'),
          call.optionalTensor('bias'),
          call.value('use_mask') === true ? call.optionalTensor('mask') : undefined,
        ],
      ),
  ),
];

export const operatorNamespaces: readonly NativeModuleDefinition[] = [
  {
    name: 'torch.ops',
    members: () => members('torch.ops', { 'load_library(path)': () => null, 'import_module(module)': () => null }),
  },
  {
    name: TORCHVISION,
    members: () =>
      new Map<string, Value>([
        ...torchvision.map((entry): [string, Value] => [entry.name, entry]),
        ...members(TORCHVISION, { '_cuda_version()': () => -1 }),
      ]),
  },
  {
    name: 'torch.ops.aten',
    members: () => new Map<string, Value>([...functionalTable, ...functionsOf(tensorOperations, 'torch.ops.aten')]),
  },
];

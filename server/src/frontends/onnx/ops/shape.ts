/**
 * ONNX operators that regroup or repeat elements, and those that tell shapes: Reshape, Squeeze, Expand, Shape, ...
 */
import { compareDims, unknownDim } from '../../../graph/dim.ts';
import { tensorType, type Shape } from '../../../graph/tensorType.ts';
import { broadcastTo, repeat } from '../../../operators/expand.ts';
import { dropout, identity } from '../../../operators/identity.ts';
import { permute } from '../../../operators/permute.ts';
import { depthToSpace, spaceToDepth } from '../../../operators/pixelShuffle.ts';
import { flattenToMatrix, reshape, squeeze, unsqueeze } from '../../../operators/reshape.ts';
import {
  apply,
  bundle,
  counted,
  misfit,
  notTold,
  withOutputs,
  type MappedNode,
  type MappingTable,
} from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { axesOf } from './axes.ts';

export const shapeMappings: MappingTable = {
  Reshape: (call) => reshaped(call),
  Flatten: (call) => apply(flattenToMatrix, call.tensors(0), { axis: call.int('axis') ?? 1 }),
  Squeeze(call) {
    const axes = axesOf(call, 1);
    if (axes.kind === 'unknown') return dependsOnData(call, 'squeeze', 'axes');
    if (axes.kind === 'absent') return apply(squeeze, call.tensors(0), {});
    return apply(squeeze, call.tensors(0), { dims: axes.axes, isStrict: true });
  },
  Unsqueeze(call) {
    const axes = axesOf(call, 1);
    if (axes.kind === 'given') return apply(unsqueeze, call.tensors(0), { dims: axes.axes });
    if (axes.kind === 'absent') return misfit('unsqueeze', 'no axes are given', unranked(call));
    const rank = call.tensor(0)?.shape?.length;
    const [added] = call.tensor(1)?.shape ?? [];
    return dependsOnData(
      call,
      'unsqueeze',
      'axes',
      rank !== undefined && typeof added === 'number' ? rank + added : undefined,
    );
  },
  Transpose: (call) => apply(permute, call.tensors(0), { dims: call.ints('perm') }),
  Expand(call) {
    const shape = call.dims(1);
    return shape === undefined ? expanded(call) : apply(broadcastTo, call.tensors(0), { shape });
  },
  Tile: (call) => tiled(call),
  Identity(call) {
    const type = call.type(0);
    if (type === undefined || type.kind === 'tensor') return apply(identity, call.tensors(0), {});
    return bundle('identity', [type]);
  },
  Dropout: (call) => apply(dropout, call.tensors(0), { p: call.float('ratio'), hasMask: call.outputCount > 1 }),
  DepthToSpace: (call) => apply(depthToSpace, call.tensors(0), { blockSize: call.int('blocksize') ?? 1 }),
  SpaceToDepth: (call) => apply(spaceToDepth, call.tensors(0), { blockSize: call.int('blocksize') ?? 1 }),
  Shape: (call) => shapeOf(call),
  Size: () => counted('sizeOf', [], [tensorType('int64', [])], {}),
};

function reshaped(call: NodeCall): MappedNode {
  const shape = call.ints('shape') ?? call.dims(1);
  const zeroCopies = !call.flag('allowzero');
  if (shape !== undefined) return apply(reshape, call.tensors(0), { shape, zeroCopies });
  const [rank] = call.tensor(1)?.shape ?? [];
  return dependsOnData(call, 'reshape', 'shape', rank);
}

/** Before opset 6, Tile repeats one axis: inputs are x, how often, and the axis. */
function tiled(call: NodeCall): MappedNode {
  const rank = call.tensor(0)?.shape?.length;
  const given = call.dims(1);
  if (given === undefined) return dependsOnData(call, 'repeat', 'repeats', rank);
  if (call.opset >= 6) return apply(repeat, call.tensors(0), { repeats: given });
  const [axis] = call.numbers(2) ?? [];
  if (axis === undefined || rank === undefined) return dependsOnData(call, 'repeat', 'axis', rank);
  const repeats = Array.from({ length: rank }, (_, i) => (i === axis ? (given[0] ?? 1) : 1));
  return apply(repeat, call.tensors(0), { repeats });
}

/** Shape-15: dims from `start` up to `end`, both clamped. */
function shapeOf(call: NodeCall): MappedNode {
  const dims = shapeRange(call);
  const length = dims?.length ?? unknownDim('the rank of the input is not known');
  return counted('shapeOf', [], [tensorType('int64', [length])], {});
}

/** The dims that a Shape node gives; undefined where the rank is not known. */
export function shapeRange(call: NodeCall): Shape | undefined {
  return call.tensor(0)?.shape?.slice(call.int('start') ?? 0, call.int('end') ?? undefined);
}

/** To a shape that depends on data: sizes other than 1 stay, whatever it is. */
function expanded(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const [asked] = call.tensor(1)?.shape ?? [];
  const rank = x?.shape === undefined || typeof asked !== 'number' ? undefined : Math.max(x.shape.length, asked);
  const mapped = dependsOnData(call, 'broadcastTo', 'shape', rank);
  const [output] = mapped.outputs;
  if (x?.shape === undefined || rank === undefined || output?.kind !== 'tensor' || output.shape === undefined) {
    return mapped;
  }
  const added = output.shape.length - x.shape.length;
  const known = output.shape.map((open, i) => {
    const dim = x.shape?.[i - added] ?? 1;
    const isOutside = typeof asked === 'number' && i < rank - asked;
    return isOutside || compareDims(dim, 1) === 'different' ? dim : open;
  });
  return withOutputs(mapped, [tensorType(x.dtype, known)]);
}

function unranked(call: NodeCall): MappedNode['outputs'][number] {
  return tensorType(call.tensor(0)?.dtype ?? 'unknown', undefined);
}

/** What is known where a parameter is no constant: the type, and perhaps the rank. */
export function dependsOnData(call: NodeCall, op: string, parameter: string, rank?: Shape[number]): MappedNode {
  const reason = `the ${parameter} of ${call.node.opType} depends on data`;
  const shape =
    typeof rank === 'number' && rank <= MOST_AXES ? Array.from({ length: rank }, () => unknownDim(reason)) : undefined;
  return notTold(op, reason, tensorType(call.tensor(0)?.dtype ?? 'unknown', shape));
}

/** Ranks beyond are a sign of a broken file. */
const MOST_AXES = 64;

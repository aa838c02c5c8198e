/**
 * ONNX operators that read or write by place: Slice, the Gathers and Scatters, NonZero, TopK, Unique, ...
 */
import { unknownDim, type Dim } from '../../../graph/dim.ts';
import { elementCount, MOST_AXES, tensorType } from '../../../graph/tensorType.ts';
import { oneHot } from '../../../operators/embedding.ts';
import { compress, gather, gatherNd, nonzero, scatter, scatterNd, take } from '../../../operators/gather.ts';
import { slice, type SliceAttributes } from '../../../operators/indexing.ts';
import { topk, unique } from '../../../operators/sorting.ts';
import { flip } from '../../../operators/permute.ts';
import { apply, counted, notTold, withDtype, withOutputs, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { axesOf, withSize } from './axes.ts';
import { typeOf } from './elementwise.ts';
import { dependsOnData } from './shape.ts';

export const indexingMappings: MappingTable = {
  Slice: (call) => sliced(call),
  Gather: (call) => apply(take, call.tensors(0, 1), { dim: call.int('axis') ?? 0 }),
  GatherElements: (call) => apply(gather, call.tensors(0, 1), { dim: call.int('axis') ?? 0 }),
  GatherND: (call) => apply(gatherNd, call.tensors(0, 1), { batchDims: call.int('batch_dims') ?? 0 }),
  Scatter: (call) => scattered(call),
  ScatterElements: (call) => scattered(call),
  ScatterND: (call) => apply(scatterNd, call.tensors(0, 1, 2), { reduce: reduceRule(call) }),
  /** ONNX TensorScatter-24: rows of an update into a cache. */
  TensorScatter(call) {
    const [cache, update] = call.tensors(0, 1);
    return counted('tensorScatter', [update], [tensorType(cache?.dtype ?? 'unknown', cache?.shape)], {});
  },
  Compress: (call) => compressed(call),
  NonZero: (call) => apply(nonzero, call.tensors(0), { layout: 'columns' }),
  OneHot(call) {
    const [numClasses = unknownDim('the depth depends on data')] = call.dims(1) ?? [];
    const outputDtype = typeOf(call, 2) ?? 'unknown';
    return apply(oneHot, call.tensors(0), { numClasses, axis: call.int('axis') ?? -1, outputDtype });
  },
  TopK: (call) => largest(call),
  Unique: (call) => distinct(call),
  ReverseSequence: (call) =>
    withDtype(apply(flip, call.tensors(0), { dims: [call.int('time_axis') ?? 0] }), typeOf(call)),
};

/** Bounds are attributes before opset 10, then inputs: starts, ends, axes, steps. */
function sliced(call: NodeCall): MappedNode {
  const starts: readonly Dim[] | undefined = call.ints('starts') ?? call.dims(1);
  const ends: readonly Dim[] | undefined = call.ints('ends') ?? call.dims(2);
  const axes = axesOf(call, 3);
  const steps = call.hasInput(4) ? call.dims(4) : [];
  const x = call.tensor(0);
  if (axes.kind === 'unknown') return dependsOnData(call, 'slice', 'axes', x?.shape?.length);
  const count = starts?.length ?? ends?.length ?? (axes.kind === 'given' ? axes.axes.length : countOf(call, 1));
  if (count === undefined) return dependsOnData(call, 'slice', 'bounds', x?.shape?.length);
  const dims = axes.kind === 'given' ? axes.axes : Array.from({ length: count }, (_, i) => i);
  if (starts === undefined || ends === undefined || steps === undefined) {
    // Only the sliced axes are open.
    const reason = 'the bounds of Slice depend on data';
    const rank = x?.shape?.length ?? 0;
    const places = new Set(dims.map((dim) => (dim < 0 ? dim + rank : dim)));
    const shape = x?.shape?.map((dim, i) => (places.has(i) ? unknownDim(reason) : dim));
    return { ...notTold('slice', reason, tensorType(x?.dtype ?? 'unknown', shape)), isView: true };
  }
  const slices: SliceAttributes['slices'] = dims.map((dim, i) => ({
    dim,
    start: starts[i] ?? null,
    stop: ends[i] ?? null,
    step: steps[i] ?? 1,
  }));
  return apply(slice, [x], { slices });
}

/** How many are kept is known where the condition is. */
function compressed(call: NodeCall): MappedNode {
  const dim = call.int('axis');
  const x = call.tensor(0);
  const mapped = apply(compress, call.tensors(0, 1), { dim });
  const kept = call.numbers(1)?.filter((flag) => flag !== 0).length;
  if (kept === undefined || mapped.mismatch !== undefined || x?.shape === undefined) return mapped;
  const axis = dim === undefined || dim >= 0 ? dim : dim + x.shape.length;
  return withOutputs(mapped, [tensorType(x.dtype, axis === undefined ? [kept] : withSize(x.shape, axis, kept))]);
}

function countOf(call: NodeCall, index: number): number | undefined {
  const [count] = call.tensor(index)?.shape ?? [];
  return typeof count === 'number' && count <= MOST_AXES ? count : undefined;
}

function scattered(call: NodeCall): MappedNode {
  return apply(scatter, call.tensors(0, 1, 2), { dim: call.int('axis') ?? 0, reduce: reduceRule(call) });
}

function reduceRule(call: NodeCall): 'add' | 'mul' | 'max' | 'min' | undefined {
  const rule = call.string('reduction');
  return rule === 'add' || rule === 'mul' || rule === 'max' || rule === 'min' ? rule : undefined;
}

/** k is an attribute before opset 10, then an input. */
function largest(call: NodeCall): MappedNode {
  const [k = unknownDim('k depends on data')] = call.dims(1) ?? [];
  return apply(topk, call.tensors(0), { k: call.int('k') ?? k, dim: call.int('axis') ?? -1 });
}

/** Outputs: values, first indices, inverse indices, counts; their lengths depend on the data. */
function distinct(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const count = unknownDim('the number of distinct values depends on data');
  const axis = call.int('axis');
  const values = apply(unique, [x], { dim: axis, outputs: [] });
  const shape = x?.shape === undefined || axis === undefined ? undefined : x.shape;
  const valuesType = tensorType(
    x?.dtype ?? 'unknown',
    axis === undefined ? [count] : shape && withSize(shape, axis, count),
  );
  const inverse =
    axis === undefined ? elementCount(x?.shape) : (shape?.at(axis) ?? unknownDim('there is no such axis'));
  const outputs = [valuesType, ...[count, inverse, count].map((length) => tensorType('int64', [length]))];
  return { ...values, outputs: outputs.slice(0, Math.max(1, call.outputCount)) };
}

/**
 * Which elements `x[items]` shows, in the result's order: shape [2, 3], items [:, 1] -> places [1, 4] in shape [2].
 * Follows PyTorch: integers select first, then index tensors broadcast together and stand where the first one stood,
 * or in front where a slice or a new axis is between them.
 */
import type { Dim } from '../../../graph/dim.ts';
import type { IndexItem } from '../../../operators/indexing.ts';
import { broadcast, stridesOf, type KnownArray } from './knownArray.ts';

interface Axis {
  readonly size: number;
  readonly stride: number;
}

/** An index tensor in place of a dim of `size`, whose neighbours are `stride` apart. */
interface PickedAxis extends Axis {
  readonly picks: KnownArray;
}

/** Undefined where an item is symbolic, out of range, or a Python bool. `indices` are integer arrays, in order. */
export function indexPositions(
  shape: readonly number[],
  items: readonly IndexItem[],
  indices: readonly KnownArray[],
): KnownArray | undefined {
  const strides = stridesOf(shape);
  const axes: (Axis | PickedAxis)[] = [];
  let offset = 0;
  let dim = 0;
  let nextIndex = 0;
  for (const item of spelledOut(items, shape.length)) {
    if (item.kind === 'newAxis') {
      axes.push({ size: 1, stride: 0 });
      continue;
    }
    const size = shape[dim] ?? 0;
    const stride = strides[dim] ?? 0;
    dim++;
    if (item.kind === 'integer') {
      const at = wrapped(item.index, size);
      if (at === undefined) return undefined;
      offset += at * stride;
    } else if (item.kind === 'slice') {
      const range = sliceRange(item, size);
      if (range === undefined) return undefined;
      offset += range.start * stride;
      axes.push({ size: range.size, stride: stride * range.step });
    } else if (item.kind === 'tensor') {
      const picks = indices[nextIndex++];
      if (picks === undefined) return undefined;
      axes.push({ size, stride, picks });
    } else return undefined;
  }
  return assembled(axes, offset);
}

/** Ellipsis and missing items as full slices. */
function spelledOut(items: readonly IndexItem[], rank: number): readonly IndexItem[] {
  const used = items.filter(({ kind }) => kind !== 'newAxis' && kind !== 'ellipsis' && kind !== 'boolean').length;
  const rest = Array.from({ length: Math.max(0, rank - used) }, (): IndexItem => FULL_SLICE);
  const at = items.findIndex(({ kind }) => kind === 'ellipsis');
  return at < 0 ? [...items, ...rest] : items.toSpliced(at, 1, ...rest);
}

const FULL_SLICE: IndexItem = { kind: 'slice', start: null, stop: null, step: null };

function sliceRange(
  { start, stop, step }: Extract<IndexItem, { kind: 'slice' }>,
  size: number,
): { readonly start: number; readonly size: number; readonly step: number } | undefined {
  const by = step ?? 1;
  if (typeof by !== 'number' || by < 1) return undefined;
  const from = clampedBound(start ?? 0, size);
  const to = clampedBound(stop ?? size, size);
  if (from === undefined || to === undefined) return undefined;
  return { start: from, size: Math.max(0, Math.ceil((to - from) / by)), step: by };
}

function clampedBound(bound: Dim, size: number): number | undefined {
  if (typeof bound !== 'number') return undefined;
  return Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
}

function wrapped(index: Dim, size: number): number | undefined {
  if (typeof index !== 'number' || index >= size || index < -size) return undefined;
  return index < 0 ? index + size : index;
}

function assembled(axes: readonly (Axis | PickedAxis)[], offset: number): KnownArray | undefined {
  const isPicked = axes.map((axis) => 'picks' in axis);
  const first = isPicked.indexOf(true);
  if (first < 0) return { shape: axes.map(({ size }) => size), data: offsetsOf(axes, offset) };
  const picked = axes.filter((axis) => 'picks' in axis);
  const areTogether = isPicked.lastIndexOf(true) - first + 1 === picked.length;
  const before = areTogether ? axes.slice(0, first) : [];
  const after = areTogether ? axes.slice(first + picked.length) : axes.filter((axis) => !('picks' in axis));
  const block = picks(picked);
  if (block === undefined) return undefined;
  const inner = offsetsOf(after, 0);
  const data = offsetsOf(before, offset).flatMap((lead) =>
    block.data.flatMap((middle) => inner.map((last) => lead + middle + last)),
  );
  return { shape: [...before.map(({ size }) => size), ...block.shape, ...after.map(({ size }) => size)], data };
}

/** Offsets that the broadcast index tensors add up to. */
function picks(axes: readonly PickedAxis[]): KnownArray | undefined {
  const shape = axes.reduce<readonly number[]>((common, axis) => widened(common, axis.picks.shape), []);
  const columns = axes.map((axis) => ({ axis, data: broadcast(axis.picks, shape).data }));
  const count = shape.reduce((product, size) => product * size, 1);
  const data: number[] = [];
  for (let at = 0; at < count; at++) {
    let sum = 0;
    for (const { axis, data: column } of columns) {
      const index = wrapped(column[at] ?? 0, axis.size);
      if (index === undefined) return undefined;
      sum += index * axis.stride;
    }
    data.push(sum);
  }
  return { shape, data };
}

function widened(left: readonly number[], right: readonly number[]): readonly number[] {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, at) => {
    const a = left[at - rank + left.length] ?? 1;
    const b = right[at - rank + right.length] ?? 1;
    return a === 1 ? b : a;
  });
}

function offsetsOf(axes: readonly Axis[], start: number): readonly number[] {
  return axes.reduce<readonly number[]>(
    (offsets, { size, stride }) =>
      offsets.flatMap((offset) => Array.from({ length: size }, (_, index) => offset + index * stride)),
    [start],
  );
}

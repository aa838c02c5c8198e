/**
 * Runs einops patterns as the operations that einops itself runs on a tensor: reshape, permute, reduce, expand, reshape.
 * rearrange(2x3x8x8, "b c (h p) w -> b h (p c) w", p=2) -> 2x4x6x8. Operations that would change nothing are left out.
 */
import { floorDivideDims, compareDims, moduloDims, multiplyDims, printDim, type Dim } from '../../../../graph/dim.ts';
import { printShape, type Shape } from '../../../../graph/tensorType.ts';
import { expand } from '../../../../operators/expand.ts';
import { permute } from '../../../../operators/permute.ts';
import { reductions, type ReductionName } from '../../../../operators/reduction.ts';
import { unsqueeze } from '../../../../operators/reshape.ts';
import { broadcast, permuted } from '../../tensor/knownArray.ts';
import { reshapeTo } from '../../tensor/shapeOperations.ts';
import { inOrder, recordView } from '../../tensor/views.ts';
import type { TensorValue } from '../../tensorValue.ts';
import { UnknownArgument, type TorchCall } from '../../torchNatives.ts';
import type { Axis, Group, Pattern } from './pattern.ts';

export type Reduction = 'rearrange' | 'repeat' | ReductionName;

/** One axis of the decomposed input. */
interface Part {
  readonly name: string;
  readonly size: Dim;
}

/** Raised by `fail` in the words of einops: "Shape mismatch, ...". */
type Fail = (message: string) => never;

export function transform(
  call: TorchCall,
  input: TensorValue,
  pattern: Pattern,
  reduction: Reduction,
  lengths: ReadonlyMap<string, Dim>,
): TensorValue {
  const { shape } = input.type;
  if (shape === undefined) throw new UnknownArgument('the rank of the tensor is unknown');
  const fail: Fail = (message) => call.runtime.raise('ValueError', message);
  const left = spelledOut(pattern.left, shape.length, fail);
  const right = spelledOut(pattern.right, undefined, fail, left);
  if (left.length !== shape.length) {
    return fail(`Wrong shape: expected ${left.length} dims. Received ${shape.length}-dim tensor ${printShape(shape)}.`);
  }
  const parts = left.flatMap((axes, at) => decomposed(axes, shape[at] ?? 1, lengths, fail));
  const wanted = right.flat();
  checkAxes(parts, wanted, reduction, fail);
  const apart = sameSizes(shape, sizesOf(parts)) ? input : reshapeTo(call, input, sizesOf(parts));
  const kept = parts.filter((part) => wanted.some((axis) => axis.name === part.name));
  const reduced = reduceParts(call, apart, parts, kept, reduction);
  const ordered = wanted.flatMap((axis) => kept.filter((part) => part.name === axis.name));
  const inOrderTensor = reorder(call, reduced, kept, ordered);
  const { tensor, all } = addNewAxes(call, inOrderTensor, ordered, wanted, lengths, fail);
  const sizes = right.map((axes) =>
    axes.reduce<Dim>(
      (product, axis) => multiplyDims(product, all.find((part) => part.name === axis.name)?.size ?? 1),
      1,
    ),
  );
  return sameSizes(sizesOf(all), sizes) ? tensor : reshapeTo(call, tensor, sizes);
}

/** Replaces an ellipsis by axes of its own, as many as the tensor has more dims than groups. */
function spelledOut(
  groups: readonly Group[],
  rank: number | undefined,
  fail: Fail,
  left?: readonly (readonly Axis[])[],
): readonly (readonly Axis[])[] {
  const count =
    rank === undefined
      ? (left?.flat().filter((axis) => axis.name.startsWith('.')).length ?? 0)
      : rank - groups.filter((group) => group.kind === 'axes').length;
  if (count < 0) return fail(`Wrong shape: expected at least ${rank === undefined ? 0 : rank - count} dims.`);
  return groups.flatMap((group): readonly (readonly Axis[])[] =>
    group.kind === 'axes'
      ? [group.axes]
      : Array.from({ length: count }, (_, at) => [{ name: `.${at}`, size: undefined }]),
  );
}

/** Sizes of the axes of one group: one of them may be left to find. */
function decomposed(axes: readonly Axis[], size: Dim, lengths: ReadonlyMap<string, Dim>, fail: Fail): readonly Part[] {
  const known = axes.map((axis) => axis.size ?? lengths.get(axis.name));
  const product = known.reduce<Dim>((all, one) => multiplyDims(all, one ?? 1), 1);
  const openCount = known.filter((one) => one === undefined).length;
  if (openCount > 1) return fail(`Could not infer sizes for {${axes.map((axis) => axis.name).join(', ')}}`);
  const misfits =
    openCount === 0
      ? compareDims(product, size) === 'different'
      : compareDims(moduloDims(size, product), 0) === 'different';
  if (misfits) {
    return fail(`Shape mismatch, can't divide axis of length ${printDim(size)} in chunks of ${printDim(product)}`);
  }
  return axes.map((axis, at) => ({ name: axis.name, size: known[at] ?? floorDivideDims(size, product) }));
}

function checkAxes(parts: readonly Part[], wanted: readonly Axis[], reduction: Reduction, fail: Fail): void {
  const lost = parts.filter((part) => !wanted.some((axis) => axis.name === part.name));
  const gained = wanted.filter((axis) => !parts.some((part) => part.name === axis.name));
  const isUneven =
    (reduction === 'rearrange' && lost.length + gained.length > 0) || (reduction === 'repeat' && lost.length > 0);
  if (isUneven) {
    const names = [...lost, ...gained].map(({ name }) => name).join(', ');
    fail(`Identifiers only on one side of expression (should be on both): {${names}}`);
  }
}

function reduceParts(
  call: TorchCall,
  tensor: TensorValue,
  parts: readonly Part[],
  kept: readonly Part[],
  reduction: Reduction,
): TensorValue {
  if (kept.length === parts.length || reduction === 'rearrange' || reduction === 'repeat') return tensor;
  const dims = parts.flatMap((part, at) => (kept.includes(part) ? [] : [at]));
  return call.record(reductions[reduction], { dims }, [tensor]);
}

function reorder(call: TorchCall, tensor: TensorValue, kept: readonly Part[], ordered: readonly Part[]): TensorValue {
  const dims = ordered.map((part) => kept.indexOf(part));
  if (dims.every((dim, at) => dim === at)) return tensor;
  return recordView(call, permute, { dims }, tensor, (array) => permuted(array, dims));
}

/** `repeat` adds axes: they are put in as ones and expanded. */
function addNewAxes(
  call: TorchCall,
  tensor: TensorValue,
  ordered: readonly Part[],
  wanted: readonly Axis[],
  lengths: ReadonlyMap<string, Dim>,
  fail: Fail,
): { readonly tensor: TensorValue; readonly all: readonly Part[] } {
  const all = wanted.map((axis): Part => {
    const old = ordered.find((part) => part.name === axis.name);
    const size = old?.size ?? axis.size ?? lengths.get(axis.name);
    return { name: axis.name, size: size ?? fail(`Specify sizes for new axes in repeat: ${axis.name}`) };
  });
  const dims = all.flatMap((part, at) => (ordered.some((old) => old.name === part.name) ? [] : [at]));
  if (dims.length === 0) return { tensor, all };
  const spread = recordView(call, unsqueeze, { dims }, tensor, inOrder);
  return { tensor: recordView(call, expand, { shape: sizesOf(all) }, spread, broadcast), all };
}

function sizesOf(parts: readonly Part[]): Shape {
  return parts.map(({ size }) => size);
}

function sameSizes(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((dim, at) => compareDims(dim, right[at] ?? -1) === 'equal');
}

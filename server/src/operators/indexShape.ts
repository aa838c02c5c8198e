/**
 * The shape of `x[items]`, by PyTorch's rules.
 * [8, 3, 32, 32] by [..., ::2, 0] -> [8, 3, 16]; [5, 4, 3] by [tensor 2, :, tensor 2] -> [2, 4].
 * Integers beside tensors select first (NumPy treats them as index tensors), so they do not part tensors.
 */
import { compareDims, printDim, subtractDims, unknownDim, type Dim } from '../graph/dim.ts';
import { isInteger } from '../graph/dtype.ts';
import { printShape, printType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { broadcastShapes, type ShapeResult } from './broadcast.ts';
import { misfit, shaped } from './dataMovement.ts';
import { isBelow } from './windows.ts';
import { sliceLength } from './sliceLength.ts';

/** One item between the brackets of `x[...]`. */
export type IndexItem =
  | { readonly kind: 'integer'; readonly index: Dim }
  | { readonly kind: 'slice'; readonly start: Dim | null; readonly stop: Dim | null; readonly step: Dim | null }
  | { readonly kind: 'newAxis' }
  | { readonly kind: 'ellipsis' }
  /** `x[True]` */
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** The next of the index tensors: integers, or a bool mask over as many dims as it has. */
  | { readonly kind: 'tensor' };

/** What an item makes of the dims it stands for: dims of the result, or a part of the one advanced index. */
type Step = { readonly kind: 'dims'; readonly dims: Shape } | { readonly kind: 'advanced'; readonly shape: Shape };

/** Index tensors in order of their items. */
export function indexShape(shape: Shape, items: readonly IndexItem[], tensors: readonly TensorType[]): ShapeResult {
  if (tensors.some((tensor) => tensor.shape === undefined)) return shaped(undefined);
  const consumed = countConsumed(items, tensors);
  if (consumed > shape.length) return misfit(`too many indices for ${printShape(shape)}: ${consumed}`);
  const steps: Step[] = [];
  let axis = 0;
  let nextTensor = 0;
  let unnamed = shape.length - consumed;
  for (const item of items) {
    if (item.kind === 'ellipsis') {
      // PyTorch takes several: the first stands for all dims that no other item does.
      const dims = shape.slice(axis, axis + unnamed);
      steps.push({ kind: 'dims', dims });
      axis += unnamed;
      unnamed = 0;
      continue;
    }
    const tensor = item.kind === 'tensor' ? tensors[nextTensor++] : undefined;
    const step = tensor === undefined ? stepOf(item, shape, axis) : tensorStep(tensor, shape, axis);
    if (typeof step === 'string') return misfit(step);
    steps.push(step);
    axis += consumedBy(item, tensor);
  }
  return combine([...steps, { kind: 'dims', dims: shape.slice(axis) }]);
}

function countConsumed(items: readonly IndexItem[], tensors: readonly TensorType[]): number {
  let nextTensor = 0;
  return items.reduce(
    (sum, item) => sum + consumedBy(item, item.kind === 'tensor' ? tensors[nextTensor++] : undefined),
    0,
  );
}

function consumedBy(item: IndexItem, tensor: TensorType | undefined): number {
  if (item.kind === 'integer' || item.kind === 'slice') return 1;
  if (item.kind !== 'tensor') return 0;
  return tensor !== undefined && isMask(tensor) ? (tensor.shape?.length ?? 0) : 1;
}

/** PyTorch reads uint8 index tensors as masks too. */
function isMask(tensor: TensorType): boolean {
  return tensor.dtype === 'bool' || tensor.dtype === 'uint8';
}

function stepOf(item: IndexItem, shape: Shape, axis: number): Step | string {
  const size = shape[axis] ?? 0;
  switch (item.kind) {
    case 'integer':
      return rangeProblem(item.index, size, shape, axis) ?? { kind: 'dims', dims: [] };
    case 'slice': {
      const step = item.step ?? 1;
      if (isBelow(step, 1)) return `the step of a slice must be positive, got ${printDim(step)}`;
      return { kind: 'dims', dims: [sliceLength(size, item.start, item.stop, step)] };
    }
    case 'newAxis':
      return { kind: 'dims', dims: [1] };
    case 'boolean':
      return { kind: 'advanced', shape: [item.value ? 1 : 0] };
    case 'ellipsis':
    case 'tensor':
      return { kind: 'dims', dims: [] };
  }
}

function tensorStep(tensor: TensorType, shape: Shape, axis: number): Step | string {
  const own = tensor.shape ?? [];
  if (!isMask(tensor)) {
    if (tensor.dtype !== 'unknown' && !isInteger(tensor.dtype)) {
      return `a tensor used as an index must hold integers or bool, got ${printType(tensor)}`;
    }
    return own.length === 0 ? { kind: 'dims', dims: [] } : { kind: 'advanced', shape: own };
  }
  const wrong = own.findIndex((dim, i) => compareDims(dim, shape[axis + i] ?? 0) === 'different');
  if (wrong >= 0) {
    return `the mask ${printShape(own)} does not fit ${printShape(shape)} at axis ${axis + wrong}`;
  }
  return { kind: 'advanced', shape: [unknownDim('the number of true elements depends on the data')] };
}

function rangeProblem(index: Dim, size: Dim, shape: Shape, axis: number): string | undefined {
  const isAbove = isBelow(subtractDims(subtractDims(size, index), 1), 0);
  const isUnder = typeof index === 'number' && index < 0 && isBelow(toSum(size, index), 0);
  if (!isAbove && !isUnder) return undefined;
  return `index ${printDim(index)} is out of range for axis ${axis} of ${printShape(shape)}`;
}

function toSum(size: Dim, index: number): Dim {
  return subtractDims(size, -index);
}

/** The index tensors' common shape stands where they are side by side, else in front. */
function combine(steps: readonly Step[]): ShapeResult {
  const places = steps.flatMap((step, i) => (step.kind === 'advanced' ? [i] : []));
  const [first] = places;
  if (first === undefined) return shaped(steps.flatMap(dimsOf));
  const common = broadcastShapes(steps.flatMap((step) => (step.kind === 'advanced' ? [step.shape] : [])));
  if (common.kind === 'mismatch') return misfit(`the index tensors ${common.message}`);
  const inner = steps.slice(first, places.at(-1));
  const areApart = inner.some((step) => step.kind === 'dims' && step.dims.length > 0);
  const before = areApart ? [] : steps.slice(0, first).flatMap(dimsOf);
  const after = (areApart ? steps : steps.slice(first)).flatMap(dimsOf);
  return shaped([...before, ...(common.shape ?? []), ...after]);
}

function dimsOf(step: Step): Shape {
  return step.kind === 'dims' ? step.dims : [];
}

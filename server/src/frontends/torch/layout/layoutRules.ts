/**
 * The layout of an operation's results, operator by operator: views keep the elements where they are, elementwise
 * operations take over the order of their operands, most others write one element after the other.
 */
import { elementwise } from '../../../operators/elementwise.ts';
import { activations } from '../../../operators/activation.ts';
import type { IndexAttributes, SliceAttributes } from '../../../operators/indexing.ts';
import type { Attributes } from '../../../graph/modelGraph.ts';
import type { TensorType } from '../../../graph/tensorType.ts';
import { hasContiguousElements, knownSizes, knownStrides, layoutOf, type Layout } from './layout.ts';
import { contiguousStrides, elementwiseStrides, viewStrides, type Sizes } from './strides.ts';

export interface LaidOut {
  readonly type: TensorType;
  readonly layout: Layout;
}

/** Layouts of the outputs, in order. */
export function resultLayouts(
  operator: string,
  attributes: Attributes,
  inputs: readonly (LaidOut | undefined)[],
  outputs: readonly TensorType[],
): readonly Layout[] {
  const given = inputs.filter((input) => input !== undefined);
  const [x] = given;
  if (x !== undefined && (VIEWS.has(operator) || PARTS.has(operator))) {
    return outputs.map((output) => viewLayout(operator, attributes, x, output));
  }
  if (KEEPS_ORDER.has(operator)) return outputs.map((output) => elementwiseLayout(given, output));
  if (ANYHOW.has(operator)) return outputs.map((): Layout => 'unknown');
  if (operator === 'rot90') return outputs.map((output) => turnedLayout(attributes, output));
  if (WRITES_IN_ORDER.has(operator)) return outputs.map((): Layout => 'contiguous');
  const areContiguous = given.every(({ type, layout }) => hasContiguousElements(type.shape, layout) === true);
  return outputs.map((): Layout => (areContiguous ? 'contiguous' : 'unknown'));
}

/** Each keeps memory order; what broadcasts takes it from the operands. */
const KEEPS_ORDER: ReadonlySet<string> = new Set([
  ...Object.values(elementwise).map(({ name }) => name),
  ...Object.values(activations).map(({ name }) => name),
  'cast',
  'clone',
  'dropout',
  'identity',
  'fullLike',
  'randomLike',
]);

const VIEWS: ReadonlySet<string> = new Set([
  'reshape',
  'flatten',
  'unflatten',
  'transpose',
  'permute',
  'moveDims',
  'squeeze',
  'unsqueeze',
  'expand',
  'slice',
  'select',
  'index',
  'unfoldDim',
]);
const PARTS: ReadonlySet<string> = new Set(['split', 'chunk', 'tensorSplit', 'unbind']);

/** Their kernels may leave the results in another order, even for contiguous inputs. */
const ANYHOW: ReadonlySet<string> = new Set([
  'asStrided',
  'diagonal',
  'scaledDotProductAttention',
  'multiHeadAttention',
  'projectedAttention',
  'einsum',
  'tensordot',
  'matmul',
  'lstm',
  'gru',
  'rnn',
  'nonzero',
  'viewAsType',
  'viewAsReal',
  'viewAsComplex',
  'meshgrid',
  'fourierTransform',
  'shortTimeFourier',
  'diagEmbed',
]);

const WRITES_IN_ORDER: ReadonlySet<string> = new Set([
  'linear',
  'gemm',
  'batchMatmul',
  'layerNorm',
  'embedding',
  'full',
  'random',
  'maskedFill',
]);

function elementwiseLayout(inputs: readonly LaidOut[], output: TensorType): Layout {
  const sizes = knownSizes(output.shape);
  if (inputs.every(({ layout }) => layout === 'contiguous') && inputs.some(({ type }) => isShapeOf(type, output))) {
    return 'contiguous';
  }
  const operands = inputs.map(({ type, layout }) => ({
    shape: knownSizes(type.shape),
    strides: knownStrides(type.shape, layout),
  }));
  const known = operands.flatMap(({ shape, strides }) =>
    shape === undefined || strides === undefined ? [] : [{ shape, strides }],
  );
  if (sizes === undefined || known.length < operands.length) return 'unknown';
  return layoutOf(sizes, elementwiseStrides(known, sizes));
}

/** A quarter turn is a flip, which writes in order, seen with two dims swapped. */
function turnedLayout(attributes: Attributes, output: TensorType): Layout {
  const sizes = knownSizes(output.shape);
  const [first, second] = numbers(attributes['dims']) ?? [];
  const times: unknown = attributes['times'];
  if (sizes === undefined || first === undefined || second === undefined || typeof times !== 'number') return 'unknown';
  if (times % 2 === 0) return 'contiguous';
  const [a, b] = [wrap(first, sizes.length), wrap(second, sizes.length)];
  const swap = (list: Sizes): Sizes => list.map((_, dim) => list[dim === a ? b : dim === b ? a : dim] ?? 0);
  return layoutOf(sizes, swap(contiguousStrides(swap(sizes))));
}

function isShapeOf({ shape }: TensorType, output: TensorType): boolean {
  return shape?.length === output.shape?.length;
}

/** Where the elements of a view lie. */
function viewLayout(operator: string, attributes: Attributes, x: LaidOut, output: TensorType): Layout {
  const shape = knownSizes(x.type.shape);
  const strides = knownStrides(x.type.shape, x.layout);
  const sizes = knownSizes(output.shape);
  if (shape === undefined || strides === undefined || sizes === undefined) {
    return x.layout === 'contiguous' && REGROUPS.has(operator) ? 'contiguous' : 'unknown';
  }
  const moved = viewedStrides(operator, attributes, { shape, strides }, sizes);
  return moved === undefined || moved.length !== sizes.length ? 'unknown' : layoutOf(sizes, moved);
}

const REGROUPS: ReadonlySet<string> = new Set(['reshape', 'flatten', 'unflatten', 'squeeze', 'unsqueeze']);

interface Laid {
  readonly shape: Sizes;
  readonly strides: Sizes;
}

function viewedStrides(operator: string, attributes: Attributes, x: Laid, sizes: Sizes): Sizes | undefined {
  const { shape, strides } = x;
  const number = (name: string): number | undefined => {
    const value: unknown = attributes[name];
    return typeof value === 'number' ? value : undefined;
  };
  const axis = (name: string, extent = shape.length): number => wrap(number(name) ?? 0, extent);
  switch (operator) {
    case 'reshape':
    case 'flatten':
    case 'unflatten':
      return viewStrides(shape, strides, sizes) ?? contiguousStrides(sizes);
    case 'squeeze':
      return viewStrides(shape, strides, sizes);
    case 'transpose': {
      const [a, b] = [axis('dim0'), axis('dim1')];
      return strides.map((_, dim) => strides[dim === a ? b : dim === b ? a : dim] ?? 0);
    }
    case 'permute': {
      const dims = numbers(attributes['dims']);
      return dims === undefined ? strides.toReversed() : dims.map((dim) => strides[wrap(dim, shape.length)] ?? 0);
    }
    case 'moveDims':
      return movedStrides(x, numbers(attributes['source']), numbers(attributes['destination']));
    case 'unsqueeze':
      return unsqueezedStrides(x, numbers(attributes['dims']) ?? []);
    case 'expand': {
      const added = sizes.length - shape.length;
      return sizes.map((size, dim) => (dim < added || shape[dim - added] !== size ? 0 : (strides[dim - added] ?? 0)));
    }
    case 'slice':
      return slicedStrides(x, attributes['slices']);
    case 'select':
      return strides.toSpliced(axis('dim'), 1);
    case 'unbind':
      return strides.toSpliced(axis('dim'), 1);
    case 'index':
      return indexedStrides(x, attributes['items']);
    case 'unfoldDim': {
      const at = axis('dim');
      const step = number('step');
      if (step === undefined || shape.length === 0) return undefined;
      return [...strides.with(at, (strides[at] ?? 0) * step), strides[at] ?? 0];
    }
    default:
      // Pieces along a dim.
      return strides;
  }
}

function wrap(dim: number, rank: number): number {
  return dim < 0 ? dim + rank : dim;
}

function numbers(value: unknown): Sizes | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : undefined;
}

function movedStrides({ strides }: Laid, source: Sizes | undefined, destination: Sizes | undefined): Sizes | undefined {
  if (source === undefined || destination === undefined) return undefined;
  const from = source.map((dim) => wrap(dim, strides.length));
  const to = destination.map((dim) => wrap(dim, strides.length));
  const rest = strides.map((_, dim) => dim).filter((dim) => !from.includes(dim));
  return strides.map((_, place) => {
    const dim = to.includes(place) ? from[to.indexOf(place)] : rest.shift();
    return strides[dim ?? 0] ?? 0;
  });
}

function unsqueezedStrides({ shape, strides }: Laid, dims: Sizes): Sizes {
  const rank = shape.length + dims.length;
  const places = new Set(dims.map((dim) => wrap(dim, rank)));
  let next = 0;
  return Array.from({ length: rank }, (_, place) => {
    if (!places.has(place)) return strides[next++] ?? 1;
    return next < shape.length ? (shape[next] ?? 1) * (strides[next] ?? 1) : 1;
  });
}

function slicedStrides({ strides }: Laid, slices: unknown): Sizes | undefined {
  const result = [...strides];
  // The attributes of `slice` (operators/indexing.ts), which stand here without their type.
  for (const slice of (slices ?? []) as SliceAttributes['slices']) {
    if (typeof slice.step !== 'number') return undefined;
    const at = wrap(slice.dim, strides.length);
    result[at] = (result[at] ?? 0) * slice.step;
  }
  return result;
}

/** Slices scale strides, integers drop them, None puts one in. */
function indexedStrides({ shape, strides }: Laid, given: unknown): Sizes | undefined {
  // The attributes of `index` (operators/indexing.ts), which stand here without their type.
  const items = (given ?? []) as IndexAttributes['items'];
  const taken = items.filter(({ kind }) => kind === 'slice' || kind === 'integer').length;
  const result: number[] = [];
  let dim = 0;
  for (const item of items) {
    if (item.kind === 'newAxis') result.push(dim < shape.length ? (shape[dim] ?? 1) * (strides[dim] ?? 1) : 1);
    else if (item.kind === 'ellipsis') {
      const count = shape.length - taken;
      result.push(...strides.slice(dim, dim + count));
      dim += count;
    } else if (item.kind === 'integer') dim++;
    else if (item.kind === 'slice') {
      if (item.step !== null && typeof item.step !== 'number') return undefined;
      result.push((strides[dim++] ?? 0) * (item.step ?? 1));
    } else return undefined;
  }
  return [...result, ...strides.slice(dim)];
}

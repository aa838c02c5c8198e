/**
 * Sliding windows: the arithmetic that convolution and pooling share, for any number of spatial axes.
 * Input 224, kernel 7, stride 2, padding [3, 3] -> 112 windows.
 */
import {
  addDims,
  ceilDivideDims,
  dimBounds,
  floorDivideDims,
  minimumDim,
  multiplyDims,
  subtractDims,
  type Dim,
} from '../graph/dim.ts';
import { printShape, type Shape } from '../graph/tensorType.ts';

/** Elements added before and after the input along one axis. */
export type PaddingPair = readonly [begin: Dim, end: Dim];

/**
 * One pair per spatial axis (or a single pair for all), or a rule:
 * `same` is PyTorch's (stride 1, the odd element at the end), `sameUpper` and `sameLower` are ONNX's auto_pad
 * (output = ceil(input / stride), the odd element at the end or at the beginning), `valid` is no padding.
 */
export type Padding = readonly PaddingPair[] | 'same' | 'sameUpper' | 'sameLower' | 'valid';

/** How windows slide; lists have one entry per axis, or a single one for all. Left out: 1, and no padding. */
export interface WindowAttributes {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
}

/** One axis of a window. */
export interface WindowAxis {
  readonly kernel: Dim;
  readonly stride: Dim;
  readonly dilation: Dim;
  readonly padding: PaddingPair | 'same' | 'sameUpper' | 'sameLower';
}

export type WindowAxes =
  | { readonly kind: 'ok'; readonly axes: readonly WindowAxis[] }
  | { readonly kind: 'mismatch'; readonly message: string };

export type SpatialSizes =
  { readonly kind: 'ok'; readonly sizes: Shape } | { readonly kind: 'mismatch'; readonly message: string };

/** The attributes axis by axis; a mismatch where a list has the wrong length or a size is impossible. */
export function windowAxes(kernel: readonly Dim[], attributes: WindowAttributes): WindowAxes {
  const count = kernel.length;
  const strides = perAxis('stride', attributes.stride, count, 1);
  const dilations = perAxis('dilation', attributes.dilation, count, 1);
  const padding = attributes.padding ?? 'valid';
  const pairs: PerAxis<WindowAxis['padding']> =
    typeof padding === 'string'
      ? { kind: 'ok', values: kernel.map(() => (padding === 'valid' ? NO_PADDING : padding)) }
      : perAxis('padding', padding, count, NO_PADDING);
  if (strides.kind === 'mismatch') return strides;
  if (dilations.kind === 'mismatch') return dilations;
  if (pairs.kind === 'mismatch') return pairs;
  const axes = kernel.map((size, i) => ({
    kernel: size,
    stride: strides.values[i] ?? 1,
    dilation: dilations.values[i] ?? 1,
    padding: pairs.values[i] ?? NO_PADDING,
  }));
  const impossible = axes.map(impossibleAxis).find((message) => message !== undefined);
  return impossible === undefined ? { kind: 'ok', axes } : { kind: 'mismatch', message: impossible };
}

/** Windows along each axis, a partial one at the end dropped (PyTorch Conv2d; ONNX Conv-11). */
export function windowSizes(input: Shape, axes: readonly WindowAxis[]): SpatialSizes {
  return sizesOf(input, axes, floorCount);
}

/**
 * Windows along each axis, a partial one at the end kept, unless it starts in the padding at the end
 * (PyTorch MaxPool2d's ceil_mode; ONNX MaxPool-22).
 */
export function ceilWindowSizes(input: Shape, axes: readonly WindowAxis[]): SpatialSizes {
  return sizesOf(input, axes, ceilCount);
}

/** Elements that a dilated kernel spans: kernel 3, dilation 2 -> 5. */
export function kernelSpan(axis: WindowAxis): Dim {
  return addDims(multiplyDims(axis.dilation, subtractDims(axis.kernel, 1)), 1);
}

export type PerAxis<T> =
  { readonly kind: 'ok'; readonly values: readonly T[] } | { readonly kind: 'mismatch'; readonly message: string };

/** A list with one entry per axis; a single entry stands for all. */
export function perAxis<T>(name: string, values: readonly T[] | undefined, count: number, fallback: T): PerAxis<T> {
  if (values === undefined || values.length === 0) return { kind: 'ok', values: Array<T>(count).fill(fallback) };
  const [only] = values;
  if (values.length === 1 && only !== undefined) return { kind: 'ok', values: Array<T>(count).fill(only) };
  if (values.length === count) return { kind: 'ok', values };
  return { kind: 'mismatch', message: `${name} has ${values.length} entries for ${count} spatial axes` };
}

const NO_PADDING: PaddingPair = [0, 0];

function impossibleAxis(axis: WindowAxis): string | undefined {
  if (isBelow(axis.kernel, 1)) return `a kernel of size ${printShape([axis.kernel])} covers nothing`;
  if (isBelow(axis.stride, 1)) return `the stride must be positive, got ${printShape([axis.stride])}`;
  if (isBelow(axis.dilation, 1)) return `the dilation must be positive, got ${printShape([axis.dilation])}`;
  const negative = typeof axis.padding === 'string' ? undefined : axis.padding.find((amount) => isBelow(amount, 0));
  if (negative !== undefined) return `the padding must not be negative, got ${printShape([negative])}`;
  if (axis.padding === 'same' && axis.stride !== 1 && typeof axis.stride === 'number') {
    return `padding 'same' needs stride 1, got stride ${axis.stride}`;
  }
  return undefined;
}

type CountWindows = (padded: Dim, paddedBegin: Dim, axis: WindowAxis, padEnd: Dim) => Dim;

function sizesOf(input: Shape, axes: readonly WindowAxis[], countWindows: CountWindows): SpatialSizes {
  const sizes: Dim[] = [];
  for (const [i, axis] of axes.entries()) {
    const length = input[i] ?? 0;
    if (typeof axis.padding === 'string') {
      sizes.push(axis.padding === 'same' ? length : ceilDivideDims(length, axis.stride));
      continue;
    }
    const [begin, end] = axis.padding;
    const paddedBegin = addDims(length, begin);
    const padded = addDims(paddedBegin, end);
    const size = countWindows(padded, paddedBegin, axis, end);
    if (isBelow(size, 1)) return { kind: 'mismatch', message: tooSmall(input, axes, i, padded) };
    sizes.push(size);
  }
  return { kind: 'ok', sizes };
}

function floorCount(padded: Dim, _paddedBegin: Dim, axis: WindowAxis): Dim {
  return addDims(floorDivideDims(subtractDims(padded, kernelSpan(axis)), axis.stride), 1);
}

function ceilCount(padded: Dim, paddedBegin: Dim, axis: WindowAxis, padEnd: Dim): Dim {
  const count = addDims(ceilDivideDims(subtractDims(padded, kernelSpan(axis)), axis.stride), 1);
  // The last window starts at most `slack` elements after the end of the input; before it, it always counts.
  const slack = subtractDims(addDims(padEnd, axis.stride), kernelSpan(axis));
  if (typeof slack === 'number' && slack <= 0) return count;
  if (typeof count === 'number' && typeof axis.stride === 'number' && typeof paddedBegin === 'number') {
    return (count - 1) * axis.stride >= paddedBegin ? count - 1 : count;
  }
  return minimumDim(count, ceilDivideDims(paddedBegin, axis.stride));
}

function tooSmall(input: Shape, axes: readonly WindowAxis[], at: number, padded: Dim): string {
  const axis = axes[at];
  const kernel = printShape(axes.map((each) => each.kernel));
  const span = axis !== undefined && axis.dilation !== 1 ? ` (spanning ${printShape([kernelSpan(axis)])})` : '';
  const around = padded === input[at] ? '' : `, ${printShape([padded])} with padding`;
  return `the kernel ${kernel}${span} is larger than the input ${printShape(input)} (axis ${at}: ${printShape([input[at] ?? 0])}${around})`;
}

/** Whether a dim is below a limit, whatever the symbols stand for. */
export function isBelow(dim: Dim, limit: number): boolean {
  return dimBounds(dim).high < limit;
}

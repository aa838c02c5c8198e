/**
 * Sliding windows: unfold of images (im2col), fold, and `x.unfold(dim, size, step)`.
 * unfold(1x3x8x8, kernel 3x3, padding 1) -> 1x27x64.
 */
import { addDims, floorDivideDims, moduloDims, multiplyDims, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, type Shape } from '../graph/tensorType.ts';
import { areDifferent, dimAt, productOfDims } from './agreement.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, replaceDim, resolveAxis, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';
import { isBelow, windowAxes, windowSizes } from './windows.ts';

/** One number for each spatial axis (two in PyTorch), height first. */
export type UnfoldAttributes = {
  readonly kernelSize: readonly Dim[];
  readonly dilation: readonly Dim[];
  readonly padding: readonly Dim[];
  readonly stride: readonly Dim[];
};
/** `F.unfold`: (N, C, H, W) -> (N, C * kernel elements, windows), or the same without N. */
export const unfold = dataMovement<UnfoldAttributes>('unfold', 'shape', (shape, attributes) => {
  const spatialRank = attributes.kernelSize.length;
  const channelAxis = shape.length - spatialRank - 1;
  if (channelAxis < 0 || channelAxis > 1) {
    return misfit(`expected an input of ${spatialRank + 1} or ${spatialRank + 2} axes, got ${printShape(shape)}`);
  }
  if (shape.slice(channelAxis).includes(0)) return misfit(`there are no windows in ${printShape(shape)}`);
  const windows = countWindows(shape.slice(channelAxis + 1), attributes);
  if (typeof windows === 'string') return misfit(windows);
  const columns = multiplyDims(dimAt(shape, channelAxis), productOfDims(attributes.kernelSize));
  return shaped([...shape.slice(0, channelAxis), columns, windows]);
});

export type FoldAttributes = UnfoldAttributes & { readonly outputSize: readonly Dim[] };
/** `F.fold`, ONNX Col2Im: the way back, where values that meet in one place are added. */
export const fold = dataMovement<FoldAttributes>('fold', 'shape', foldRule, {
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
});

export type UnfoldDimAttributes = { readonly dim: number; readonly size: Dim; readonly step: Dim };
/** `x.unfold(dim, size, step)`: windows as a new last dim. */
export const unfoldDim = dataMovement<UnfoldDimAttributes>(
  'unfoldDim',
  'shape',
  (shape, { dim, size, step }) => {
    const axis = resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    const rest = subtractDims(shape[axis] ?? 1, size);
    if (isBelow(rest, 0)) {
      return misfit(`a window of ${printDim(size)} is larger than axis ${dim} of ${printShape(shape)}`);
    }
    if (isBelow(step, 1)) return misfit(`the step must be positive, got ${printDim(step)}`);
    const count = addDims(floorDivideDims(rest, step), 1);
    return shaped(shape.length === 0 ? [size] : [...replaceDim(shape, axis, [count]), size]);
  },
  { isView: true },
);

export const unfoldOperators: readonly Operator[] = [unfold, fold, unfoldDim];

function countWindows(image: Shape, { kernelSize, dilation, padding, stride }: UnfoldAttributes): Dim | string {
  const windows = windowAxes(kernelSize, { dilation, stride, padding: padding.map((size) => [size, size] as const) });
  if (windows.kind === 'mismatch') return windows.message;
  const sizes = windowSizes(image, windows.axes);
  return sizes.kind === 'mismatch' ? sizes.message : productOfDims(sizes.sizes);
}

function foldRule(shape: Shape, attributes: FoldAttributes): ShapeResult {
  if (shape.length !== 2 && shape.length !== 3)
    return misfit(`expected columns of 2 or 3 axes, got ${printShape(shape)}`);
  const [columns, windows] = [dimAt(shape, -2), dimAt(shape, -1)];
  if (columns === 0 || windows === 0) return misfit(`there is nothing to fold in ${printShape(shape)}`);
  const perChannel = productOfDims(attributes.kernelSize);
  if (areDifferent(moduloDims(columns, perChannel), 0)) {
    return misfit(
      `${printDim(columns)} columns of ${printShape(shape)} are not a multiple of the kernel ${printShape(attributes.kernelSize)}`,
    );
  }
  const expected = countWindows(attributes.outputSize, attributes);
  if (typeof expected === 'string') return misfit(expected);
  if (areDifferent(windows, expected)) {
    const image = printShape(attributes.outputSize);
    return misfit(
      `an image of ${image} has ${printDim(expected)} windows, but ${printShape(shape)} has ${printDim(windows)}`,
    );
  }
  return shaped([...shape.slice(0, -2), floorDivideDims(columns, perChannel), ...attributes.outputSize]);
}

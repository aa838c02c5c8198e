/**
 * Moves between channels and space: pixel shuffle and unshuffle, depth to space, channel shuffle.
 * pixelShuffle(1x12x4x4, factor 2) -> 1x3x8x8.
 */
import { floorDivideDims, moduloDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import { printShape, type Shape } from '../graph/tensorType.ts';
import { areDifferent, dimAt } from './agreement.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';

export type PixelShuffleAttributes = { readonly factor: number };
/** `F.pixel_shuffle`: (*, C r², H, W) -> (*, C, H r, W r). */
export const pixelShuffle = dataMovement<PixelShuffleAttributes>('pixelShuffle', 'shape', (shape, { factor }) =>
  toSpace(shape, factor),
);
/** The way back. */
export const pixelUnshuffle = dataMovement<PixelShuffleAttributes>('pixelUnshuffle', 'shape', (shape, { factor }) => {
  const result = toDepth(shape, factor);
  // PyTorch gives an empty image back as it is.
  return result.kind === 'ok' && shape.includes(0) ? shaped(shape) : result;
});

export type BlockAttributes = { readonly blockSize: number };
/** ONNX DepthToSpace and SpaceToDepth. */
export const depthToSpace = dataMovement<BlockAttributes>('depthToSpace', 'shape', (shape, { blockSize }) =>
  toSpace(shape, blockSize),
);
export const spaceToDepth = dataMovement<BlockAttributes>('spaceToDepth', 'shape', (shape, { blockSize }) =>
  toDepth(shape, blockSize),
);

export type ChannelShuffleAttributes = { readonly groups: number };
/** `F.channel_shuffle`: (N, C, *), channels in groups. */
export const channelShuffle = dataMovement<ChannelShuffleAttributes>('channelShuffle', 'shape', (shape, { groups }) => {
  if (shape.length < 3) return misfit(`expected at least 3 axes, got ${printShape(shape)}`);
  if (groups < 1) return misfit(`the number of groups must be positive, got ${groups}`);
  const problem = indivisible(shape, 1, groups, 'groups');
  return problem === undefined ? shaped(shape) : misfit(problem);
});

export const pixelShuffleOperators: readonly Operator[] = [
  pixelShuffle,
  pixelUnshuffle,
  depthToSpace,
  spaceToDepth,
  channelShuffle,
];

function toSpace(shape: Shape, factor: number): ShapeResult {
  const problem = imageProblem(shape, factor) ?? indivisible(shape, shape.length - 3, factor * factor, 'square factor');
  if (problem !== undefined) return misfit(problem);
  return rearranged(
    shape,
    (channels) => floorDivideDims(channels, factor * factor),
    (size) => multiplyDims(size, factor),
  );
}

function toDepth(shape: Shape, factor: number): ShapeResult {
  const problem =
    imageProblem(shape, factor) ??
    indivisible(shape, shape.length - 2, factor, 'factor') ??
    indivisible(shape, shape.length - 1, factor, 'factor');
  if (problem !== undefined) return misfit(problem);
  return rearranged(
    shape,
    (channels) => multiplyDims(channels, factor * factor),
    (size) => floorDivideDims(size, factor),
  );
}

function rearranged(shape: Shape, channels: (dim: Dim) => Dim, size: (dim: Dim) => Dim): ShapeResult {
  const [depth, height, width] = [dimAt(shape, -3), dimAt(shape, -2), dimAt(shape, -1)];
  return shaped([...shape.slice(0, -3), channels(depth), size(height), size(width)]);
}

function imageProblem(shape: Shape, factor: number): string | undefined {
  if (shape.length < 3) return `expected channels, height and width as the last axes, got ${printShape(shape)}`;
  return Number.isInteger(factor) && factor > 0 ? undefined : `the factor must be a positive integer, got ${factor}`;
}

function indivisible(shape: Shape, axis: number, divisor: number, name: string): string | undefined {
  const dim = dimAt(shape, axis);
  if (!areDifferent(moduloDims(dim, divisor), 0)) return undefined;
  return `axis ${axis} of ${printShape(shape)} is ${printDim(dim)}, which the ${name} ${divisor} does not divide`;
}

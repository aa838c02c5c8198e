/**
 * Moves between channels and space: pixel shuffle and unshuffle, depth to space, channel shuffle.
 * pixelShuffle(1x12x4x4, factor 2) -> 1x3x8x8.
 */
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type PixelShuffleAttributes = { readonly factor: number };
/** `F.pixel_shuffle`: (*, C r², H, W) -> (*, C, H r, W r). */
export const pixelShuffle = pending<PixelShuffleAttributes>('pixelShuffle', 'shape');
export const pixelUnshuffle = pending<PixelShuffleAttributes>('pixelUnshuffle', 'shape');

export type BlockAttributes = { readonly blockSize: number };
/** ONNX DepthToSpace and SpaceToDepth. */
export const depthToSpace = pending<BlockAttributes>('depthToSpace', 'shape');
export const spaceToDepth = pending<BlockAttributes>('spaceToDepth', 'shape');

export type ChannelShuffleAttributes = { readonly groups: number };
export const channelShuffle = pending<ChannelShuffleAttributes>('channelShuffle', 'shape');

export const pixelShuffleOperators: readonly Operator[] = [
  pixelShuffle,
  pixelUnshuffle,
  depthToSpace,
  spaceToDepth,
  channelShuffle,
];

/**
 * The inner loops of inference over one memory, and how numbers lie in it: what the kernels in WebAssembly
 * (simdKernels.ts) and those in plain TypeScript (scalarKernels.ts) have in common.
 */

/** A place in the memory, in bytes, a multiple of 16. */
export type Offset = number;

/** Views of the whole memory; growing it replaces them. */
export interface Memory {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

/** See server/kernels/kernels.ts for what each does; strides, rows and columns count floats. */
export interface Kernels {
  readonly kind: 'simd' | 'scalar';
  /** Reserves bytes for good and gives their offset. */
  allocate(byteLength: number): Offset;
  memory(): Memory;
  linear(
    x: Offset,
    xStride: number,
    weight: Offset,
    bias: Offset,
    y: Offset,
    yStride: number,
    rows: number,
    inputs: number,
    outputs: number,
    adds: number,
    packed: Offset,
  ): void;
  layerNorm(x: Offset, weight: Offset, bias: Offset, y: Offset, rows: number, columns: number, epsilon: number): void;
  attention(
    qkv: Offset,
    width: number,
    head: number,
    size: number,
    starts: Offset,
    columns: Offset,
    y: Offset,
    rows: number,
    scale: number,
    scores: Offset,
  ): void;
  addNeighbours(
    x: Offset,
    y: Offset,
    stride: number,
    columns: number,
    starts: Offset,
    lists: Offset,
    rows: number,
    rectifies: number,
  ): void;
  relu(x: Offset, stride: number, rows: number, columns: number): void;
  gelu(x: Offset, stride: number, rows: number, columns: number): void;
}

/** Outputs of `linear` come in blocks of this size. */
export const BLOCK = 8;
/** Offset 0 means "no bias"; nothing is put there. */
export const FIRST_OFFSET = 64;

export function viewsOf(buffer: ArrayBuffer): Memory {
  return { floats: new Float32Array(buffer), integers: new Int32Array(buffer) };
}

/** The next offset that every kind of number may stand at. */
export function aligned(offset: number): Offset {
  return Math.ceil(offset / FIRST_OFFSET) * FIRST_OFFSET;
}

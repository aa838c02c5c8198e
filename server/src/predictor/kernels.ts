/**
 * The inner loops of inference over one memory: WebAssembly with SIMD where the engine has it, else plain TypeScript.
 * The bytes are passed in, so that editor, command line and browser load them alike: createKernels(wasm) -> 'simd'.
 */
import { createScalarKernels } from './scalarKernels.ts';

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

export type Loops = Omit<Kernels, 'kind' | 'allocate' | 'memory'>;

/** Outputs of `linear` come in blocks of this size. */
export const BLOCK = 8;
/** Offset 0 means "no bias"; nothing is put there. */
export const FIRST_OFFSET = 64;

/** Kernels with a memory of their own; `wasm` undefined, or an engine without SIMD, gives the scalar ones. */
export function createKernels(wasm: Uint8Array | undefined): Kernels {
  return (wasm === undefined ? undefined : createSimdKernels(wasm)) ?? createScalarKernels();
}

const PAGE_BYTES = 65_536;

function createSimdKernels(wasm: Uint8Array): Kernels | undefined {
  // A copy, as a Uint8Array may lie on memory that WebAssembly does not take.
  const bytes = wasm.slice();
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  // kernels.ts exports these.
  const loops = exports as unknown as Loops & { readonly memory: WebAssembly.Memory };
  const wasmMemory = loops.memory;
  let used = FIRST_OFFSET;
  let views = viewsOf(wasmMemory.buffer);
  return {
    kind: 'simd',
    allocate(byteLength) {
      const offset = used;
      used = aligned(used + byteLength);
      const missing = used - wasmMemory.buffer.byteLength;
      if (missing > 0) wasmMemory.grow(Math.ceil(missing / PAGE_BYTES));
      return offset;
    },
    memory() {
      if (views.floats.buffer !== wasmMemory.buffer) views = viewsOf(wasmMemory.buffer);
      return views;
    },
    linear: loops.linear,
    layerNorm: loops.layerNorm,
    attention: loops.attention,
    addNeighbours: loops.addNeighbours,
    relu: loops.relu,
    gelu: loops.gelu,
  };
}

export function viewsOf(buffer: ArrayBuffer): Memory {
  return { floats: new Float32Array(buffer), integers: new Int32Array(buffer) };
}

/** The next offset that every kind of number may stand at. */
export function aligned(offset: number): Offset {
  return Math.ceil(offset / FIRST_OFFSET) * FIRST_OFFSET;
}

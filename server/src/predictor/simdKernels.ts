/**
 * The loops of server/kernels/kernels.ts as compiled to WebAssembly with SIMD: createSimdKernels(wasm), undefined where
 * the engine cannot run them.
 */
import { aligned, FIRST_OFFSET, viewsOf, type Kernels } from './kernels.ts';

type Loops = Omit<Kernels, 'kind' | 'allocate' | 'memory'>;

const PAGE_BYTES = 65_536;

export function createSimdKernels(wasm: Uint8Array): Kernels | undefined {
  // A copy, as a Uint8Array may lie on memory that WebAssembly does not take.
  const bytes = wasm.slice();
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  // server/kernels/kernels.ts exports these.
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

/**
 * The kernels that this engine runs best: createKernels(wasm) -> 'simd', or 'scalar' without SIMD. The bytes are passed
 * in, so that editor, command line and browser load them alike.
 */
import type { Kernels } from './kernels.ts';
import { createScalarKernels } from './scalarKernels.ts';
import { createSimdKernels } from './simdKernels.ts';

/** Kernels with a memory of their own; `wasm` undefined, or an engine without SIMD, gives the scalar ones. */
export function createKernels(wasm: Uint8Array | undefined): Kernels {
  return (wasm === undefined ? undefined : createSimdKernels(wasm)) ?? createScalarKernels();
}

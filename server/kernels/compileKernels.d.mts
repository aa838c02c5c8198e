/** WebAssembly of kernels.ts. */
export function compileKernels(): Promise<Uint8Array>;

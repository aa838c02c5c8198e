/**
 * The kernels as they ship, compiled from the sources once a test file.
 */
import { compileKernels } from '../../server/kernels/compileKernels.mjs';

let bytes: Promise<Uint8Array> | undefined;

export function kernelBytes(): Promise<Uint8Array> {
  bytes ??= compileKernels();
  return bytes;
}

/**
 * Where the bytes of an ONNX file come from: a file that a host reads in windows, or memory (browser, tests).
 * The walker asks only for what it parses, so that weights are never read.
 */

/** Random access to bytes, synchronous. Offsets are plain numbers: files beyond 4 GiB work. */
export interface ByteSource {
  readonly byteLength: number;
  /**
   * Bytes [offset, offset + length), fewer only at the end of the source. They stay valid until the next call:
   * a source may reuse its buffer, so whoever keeps them copies them. A read that fails throws.
   */
  read(offset: number, length: number): Uint8Array;
}

export function memoryByteSource(bytes: Uint8Array): ByteSource {
  return {
    byteLength: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

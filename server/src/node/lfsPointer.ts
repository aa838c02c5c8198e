/**
 * Pointers of Git LFS: a small text that stands in a repository where a large file should be.
 * "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a...\nsize 12345\n" -> { sha256: "4d7a...", byteLength: 12345 }.
 */

export interface LfsPointer {
  readonly sha256: string;
  readonly byteLength: number;
}

/** Pointers are smaller than this (specification of Git LFS, "The Pointer"). */
export const MAX_POINTER_BYTES = 1024;

export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length >= MAX_POINTER_BYTES) return undefined;
  const text = new TextDecoder('latin1').decode(bytes);
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined;
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return sha256 === undefined || size === undefined ? undefined : { sha256, byteLength: Number(size) };
}

/** Why a pointer's content cannot be read. */
export function pointerText({ byteLength }: LfsPointer): string {
  return `this is a Git LFS pointer to a file of ${byteLength} bytes that was not fetched; run "git lfs pull"`;
}

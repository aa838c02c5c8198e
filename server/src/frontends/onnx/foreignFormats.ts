/**
 * Recognises what was opened as ONNX by mistake, to say so: "PK.." -> "a zip archive, as torch.save writes it".
 */

interface Signature {
  readonly offset: number;
  readonly bytes: string;
  readonly what: string;
}

const SIGNATURES: readonly Signature[] = [
  { offset: 0, bytes: 'PK\x03\x04', what: 'a zip archive (torch.save and Keras write such files)' },
  {
    offset: 0,
    bytes: 'version https://git-lfs',
    what: 'a Git LFS pointer: run `git lfs pull` to fetch the model itself',
  },
  { offset: 0, bytes: '\x89HDF', what: 'an HDF5 file (older Keras models)' },
  { offset: 0, bytes: 'GGUF', what: 'a GGUF file (llama.cpp)' },
  { offset: 0, bytes: '\x1f\x8b', what: 'a gzip archive: unpack it first' },
  { offset: 0, bytes: '\x7fELF', what: 'a program' },
  { offset: 0, bytes: '\x80\x02', what: 'a Python pickle (older PyTorch files)' },
  { offset: 0, bytes: '\x80\x04', what: 'a Python pickle' },
  { offset: 0, bytes: '\x93NUMPY', what: 'a NumPy array' },
  { offset: 4, bytes: 'TFL3', what: 'a TensorFlow Lite model' },
  { offset: 4, bytes: 'ORTM', what: 'a model in ORT format: convert it back to ONNX' },
  { offset: 8, bytes: '{"', what: 'a safetensors file' },
  { offset: 0, bytes: '<', what: 'text, perhaps ONNX in its text form or a web page' },
  { offset: 0, bytes: '{', what: 'JSON text' },
];

/** What the file is instead of ONNX, where its first bytes tell; undefined otherwise. */
export function foreignFormat(firstBytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...firstBytes);
  const known = SIGNATURES.find(({ offset, bytes }) => head.startsWith(bytes, offset));
  if (known !== undefined) return known.what;
  return head.length >= 16 && /^[\t\n\r\x20-\x7e]*$/.test(head) ? 'plain text' : undefined;
}

/**
 * Reads the elements of a small tensor on demand, from the model or from external data, whatever the encoding:
 * an int64 tensor of dims [2] with raw_data 01.. 02.. -> { kind: 'numbers', values: [1, 2] }.
 */
import { bitsPerElement, type DType } from '../../graph/dtype.ts';
import { memoryByteSource, type ByteSource } from './byteSource.ts';
import { dtypeOfCode } from './dataTypes.ts';
import type { OnnxPayload, OnnxTensor, PayloadEncoding } from './onnxModel.ts';
import { ByteCursor } from './wire/byteCursor.ts';
import { CorruptBytes } from './wire/corruptBytes.ts';
import { decodeUtf8 } from './wire/textDecoding.ts';
import { numberFromBits } from './wire/numberFormats.ts';

/** Elements in row-major order. Of complex numbers, real and imaginary part alternate. 64-bit integers are rounded. */
export type TensorData =
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  | { readonly kind: 'strings'; readonly values: readonly string[] };

export type TensorDataResult =
  | { readonly kind: 'ok'; readonly data: TensorData }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'problem'; readonly message: string; readonly byteOffset: number };

export interface TensorSources {
  readonly model: ByteSource;
  /** Opens a file of external data by the location that the model gives; undefined where there is none. */
  readonly external?: (location: string) => ByteSource | undefined;
}

/** Enough for every shape computation, little enough to be no weight. */
export const MOST_ELEMENTS = 16_384;

/** Reads a tensor of at most `mostElements` elements; never throws. */
export function readTensorData(
  sources: TensorSources,
  tensor: OnnxTensor,
  mostElements: number = MOST_ELEMENTS,
): TensorDataResult {
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (tensor.dims.some((dim) => dim < 0)) return problem(tensor, `has a negative dimension: ${tensor.dims.join('x')}`);
  if (!(count <= mostElements)) return { kind: 'tooLarge' };
  try {
    return tensor.isExternal ? readExternal(sources, tensor, count) : readInternal(sources.model, tensor, count);
  } catch (error) {
    if (!(error instanceof CorruptBytes)) throw error;
    return problem(tensor, `cannot be read: ${error.message}`, error.byteOffset);
  }
}

/** All elements of a payload as its encoding has them: numbers, strings, or raw bytes as numbers. */
export function readPayload(source: ByteSource, payload: OnnxPayload): TensorData {
  return payload.encoding === 'string'
    ? { kind: 'strings', values: readStrings(source, payload) }
    : { kind: 'numbers', values: readNumbers(source, payload) };
}

function readInternal(source: ByteSource, tensor: OnnxTensor, count: number): TensorDataResult {
  const dtype = dtypeOfCode(tensor.dataType);
  const payload = tensor.payloads.find(({ encoding }) => encoding === 'raw') ?? tensor.payloads[0];
  if (payload === undefined) {
    if (count > 0) return problem(tensor, `has no elements, but its dims say ${count}`);
    return { kind: 'ok', data: { kind: dtype === 'string' ? 'strings' : 'numbers', values: [] } };
  }
  if (payload.encoding === 'string') {
    const values = readStrings(source, payload);
    if (values.length !== count) return wrongCount(tensor, values.length, count);
    return { kind: 'ok', data: { kind: 'strings', values } };
  }
  if (payload.encoding === 'raw') {
    const run = payload.runs[0] ?? { offset: 0, length: 0 };
    return fromRawBytes(tensor, dtype, readBytes(source, run.offset, run.length), count);
  }
  const values = unpackElements(dtype, payload.encoding, readNumbers(source, payload), storedCount(dtype, count));
  if (values.length !== storedCount(dtype, count)) return wrongCount(tensor, values.length, count);
  return { kind: 'ok', data: { kind: 'numbers', values } };
}

function readExternal(sources: TensorSources, tensor: OnnxTensor, count: number): TensorDataResult {
  const entries = new Map(tensor.external.map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  const source = sources.external?.(location);
  if (source === undefined) return problem(tensor, `is stored in "${location}", which is not there`);
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? source.byteLength - offset);
  const dtype = dtypeOfCode(tensor.dataType);
  const needed = rawByteLength(dtype, count);
  if (!(offset >= 0) || !(length >= 0) || needed === undefined || offset + needed > source.byteLength) {
    return problem(tensor, `is not inside "${location}": offset ${offset}, length ${length}`);
  }
  return fromRawBytes(tensor, dtype, readBytes(source, offset, Math.min(length, needed)), count);
}

function fromRawBytes(tensor: OnnxTensor, dtype: DType, bytes: Uint8Array, count: number): TensorDataResult {
  const needed = rawByteLength(dtype, count);
  if (needed === undefined) return problem(tensor, `has raw bytes, but elements of type ${dtype}`);
  if (bytes.length !== needed) return problem(tensor, `has ${bytes.length} bytes, but its dims say ${needed}`);
  const cursor = new ByteCursor(memoryByteSource(bytes));
  const values: number[] = [];
  for (let i = 0; i < storedCount(dtype, count); i++) values.push(rawElement(dtype, bytes, cursor, i));
  return { kind: 'ok', data: { kind: 'numbers', values } };
}

/** Bytes of raw_data; elements below 8 bits are packed, low bits first. */
function rawByteLength(dtype: DType, count: number): number | undefined {
  const bits = bitsPerElement(dtype);
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8);
}

function storedCount(dtype: DType, count: number): number {
  return dtype === 'complex64' || dtype === 'complex128' ? 2 * count : count;
}

function rawElement(dtype: DType, bytes: Uint8Array, cursor: ByteCursor, index: number): number {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return cursor.readFloat();
    case 'float64':
    case 'complex128':
      return cursor.readDouble();
    case 'int64':
      return cursor.readFixed64('signed');
    case 'uint64':
      return cursor.readFixed64('unsigned');
    default:
      return numberFromBits(dtype, bitsAt(bytes, index, bitsPerElement(dtype) ?? 8)) ?? NaN;
  }
}

/** The index-th group of at most 32 bits of a stream that fills every byte from its low end. */
function bitsAt(bytes: Uint8Array, index: number, width: number): number {
  let bits = 0;
  for (let i = 0; i < width;) {
    const position = index * width + i;
    const inByte = position & 7;
    const taken = Math.min(8 - inByte, width - i);
    const part = ((bytes[position >>> 3] ?? 0) >>> inByte) & ((1 << taken) - 1);
    bits |= part << i;
    i += taken;
  }
  return bits;
}

/** int32_data holds every narrow type: one element an entry, or several where they are 4 or 2 bits wide. */
function unpackElements(
  dtype: DType,
  encoding: PayloadEncoding,
  entries: readonly number[],
  count: number,
): readonly number[] {
  if (encoding !== 'int32') return entries;
  const bits = bitsPerElement(dtype) ?? 32;
  const perEntry = bits === 4 || bits === 2 ? 8 / bits : 1;
  const values = entries.flatMap((entry) =>
    Array.from({ length: perEntry }, (_, i) => numberFromBits(dtype, entry >> (i * bits)) ?? entry),
  );
  return perEntry > 1 && values.length - count < perEntry ? values.slice(0, count) : values;
}

function readNumbers(source: ByteSource, payload: OnnxPayload): readonly number[] {
  const values: number[] = [];
  forEachElement(source, payload, (cursor) => values.push(readNumber(cursor, payload.encoding)));
  return values;
}

function readNumber(cursor: ByteCursor, encoding: PayloadEncoding): number {
  switch (encoding) {
    case 'float':
      return cursor.readFloat();
    case 'double':
      return cursor.readDouble();
    case 'int32':
      return cursor.readInt32();
    case 'int64':
      return cursor.readInt64();
    case 'uint64':
      return cursor.readUint64();
    case 'raw':
    case 'string':
      return cursor.readByte();
  }
}

function readStrings(source: ByteSource, payload: OnnxPayload): readonly string[] {
  const [only] = payload.runs;
  if (only !== undefined && !only.isTagged) return [decodeUtf8(readBytes(source, only.offset, only.length))];
  const values: string[] = [];
  forEachElement(source, payload, (cursor, end) => values.push(cursor.readText(end)));
  return values;
}

/** Goes through a cursor, whose failures are CorruptBytes. */
function readBytes(source: ByteSource, offset: number, length: number): Uint8Array {
  const cursor = new ByteCursor(source);
  cursor.seek(offset);
  return cursor.peek(length);
}

/** Untagged runs hold numbers, one after the other. */
function forEachElement(
  source: ByteSource,
  payload: OnnxPayload,
  visit: (cursor: ByteCursor, end: number) => void,
): void {
  const cursor = new ByteCursor(source);
  for (const run of payload.runs) {
    cursor.seek(run.offset);
    const end = run.offset + run.length;
    while (cursor.position < end) {
      if (run.isTagged) cursor.readTag();
      visit(cursor, end);
    }
  }
}

function wrongCount(tensor: OnnxTensor, found: number, count: number): TensorDataResult {
  return problem(tensor, `has ${found} elements, but its dims say ${count}`);
}

function problem(tensor: OnnxTensor, what: string, byteOffset: number = tensor.byteOffset): TensorDataResult {
  return { kind: 'problem', message: `Tensor "${tensor.name}" ${what}.`, byteOffset };
}

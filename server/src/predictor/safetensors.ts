/**
 * Reads safetensors: 8 bytes with the length of a JSON header, the header {"name": {"dtype": "F32", "shape": [2, 3],
 * "data_offsets": [0, 24]}}, then the numbers, little-endian. Every bound is checked; wrong bytes are a message.
 */
import { quoteJson } from '../base/quoteJson.ts';

export interface StoredNumbers {
  readonly shape: readonly number[];
  /** Row by row, as float32 whatever they are stored in. */
  readonly values: Float32Array;
}

export type SafetensorsResult =
  | {
      readonly kind: 'tensors';
      readonly tensors: ReadonlyMap<string, StoredNumbers>;
      /** Texts by name, from the header's `__metadata__`. */
      readonly metadata: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'problem'; readonly message: string };

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 2 ** 22;
const BYTES_PER_NUMBER: Readonly<Record<string, number>> = { F32: 4, F16: 2 };

export function readSafetensors(bytes: Uint8Array): SafetensorsResult {
  if (bytes.length < LENGTH_BYTES) return problem(`the file has ${bytes.length} bytes, too few for a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  const dataStart = LENGTH_BYTES + headerLength;
  if (headerLength > MAX_HEADER_BYTES || dataStart > bytes.length) {
    return problem(`the header should have ${headerLength} bytes, in a file of ${bytes.length}`);
  }
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  if (header === undefined) return problem('the header is no JSON object');
  const tensors = new Map<string, StoredNumbers>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const tensor = readTensor(entry, view, dataStart);
    if (typeof tensor === 'string') return problem(`tensor "${name}": ${tensor}`);
    tensors.set(name, tensor);
  }
  return { kind: 'tensors', tensors, metadata: textsOf(header['__metadata__']) };
}

function textsOf(metadata: unknown): ReadonlyMap<string, string> {
  const entries = isRecord(metadata) ? Object.entries(metadata) : [];
  return new Map(entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : [])));
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

/** The numbers, or what is wrong with the entry. */
function readTensor(entry: unknown, view: DataView, dataStart: number): StoredNumbers | string {
  if (!isRecord(entry)) return 'its entry is no JSON object';
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = typeof dtype === 'string' ? BYTES_PER_NUMBER[dtype] : undefined;
  if (size === undefined) return `numbers of type ${quoteJson(dtype)} are not read, only F32 and F16`;
  if (!isCounts(shape)) return `its shape is ${quoteJson(shape)}`;
  if (!isCounts(offsets) || offsets.length !== 2) return `its data_offsets are ${quoteJson(offsets)}`;
  const [start = 0, end = 0] = offsets;
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (end - start !== count * size) return `${end - start} bytes for ${count} numbers of type ${String(dtype)}`;
  if (dataStart + end > view.byteLength) return `its bytes end at ${dataStart + end}, the file at ${view.byteLength}`;
  return { shape, values: readNumbers(view, dataStart + start, count, size) };
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function readNumbers(view: DataView, start: number, count: number, size: number): Float32Array {
  if (size === 4 && IS_LITTLE_ENDIAN) {
    const from = view.byteOffset + start;
    return new Float32Array(view.buffer.slice(from, from + 4 * count));
  }
  const values = new Float32Array(count);
  for (let i = 0, at = start; i < count; i++, at += size) {
    values[i] = size === 4 ? view.getFloat32(at, true) : halfToNumber(view.getUint16(at, true));
  }
  return values;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
}

function problem(message: string): SafetensorsResult {
  return { kind: 'problem', message };
}

/**
 * TensorProto and SparseTensorProto: everything but the elements, of which only the places are kept.
 */
import type { OnnxPayload, OnnxSparseTensor, OnnxTensor, PayloadEncoding, StringEntry } from '../onnxModel.ts';
import { ElementRuns } from './elementRuns.ts';
import { readPackedInt64s, readStringEntry } from './readEntries.ts';
import { readMessage, type Walk } from './walk.ts';

const NO_ENTRIES: readonly StringEntry[] = [];
const NO_PAYLOADS: readonly OnnxPayload[] = [];

/** Codes of TensorProto.DataLocation. */
const EXTERNAL = 1;

export function readTensor(walk: Walk, end: number): OnnxTensor {
  const { cursor } = walk;
  const byteOffset = cursor.position;
  let name = '';
  let docString = '';
  let dataType = 0;
  let location = 0;
  let segment: OnnxTensor['segment'];
  let external: StringEntry[] | undefined;
  let metadata: StringEntry[] | undefined;
  let elements: Map<PayloadEncoding, ElementRuns> | undefined;
  const dims: number[] = [];
  while (cursor.position < end) {
    const tagOffset = cursor.position;
    const tag = cursor.readTag();
    switch (tag) {
      case 8: // 1: dims
        cursor.keep();
        dims.push(cursor.readInt64());
        break;
      case 10: // 1: dims, packed
        readPackedInt64s(cursor, end, dims);
        break;
      case 16: // 2: data_type
        dataType = cursor.readInt32();
        break;
      case 26: // 3: segment
        segment = readMessage(walk, end, readSegment);
        break;
      case 66: // 8: name
        name = cursor.readText(end);
        break;
      case 98: // 12: doc_string
        docString = cursor.readText(end);
        break;
      case 106: // 13: external_data
        (external ??= []).push(readMessage(walk, end, readStringEntry));
        break;
      case 112: // 14: data_location
        location = cursor.readInt32();
        break;
      case 130: // 16: metadata_props
        (metadata ??= []).push(readMessage(walk, end, readStringEntry));
        break;
      case 74: // 9: raw_data; the last one counts
        elements ??= new Map();
        elements.set('raw', new ElementRuns('raw'));
        elements.get('raw')?.skipPacked(cursor, end);
        break;
      default: {
        const encoding = elementEncoding(tag);
        if (encoding === undefined) {
          cursor.skip(tag, end);
          break;
        }
        elements ??= new Map();
        const runs = elements.get(encoding) ?? new ElementRuns(encoding);
        elements.set(encoding, runs);
        if ((tag & 7) === 2 && encoding !== 'string') runs.skipPacked(cursor, end);
        else runs.skipTagged(cursor, end, tag, tagOffset);
      }
    }
  }
  return {
    name,
    dataType,
    dims,
    payloads: elements === undefined ? NO_PAYLOADS : [...elements.values()].map((runs) => runs.payload()),
    isExternal: location === EXTERNAL,
    external: external ?? NO_ENTRIES,
    segment,
    docString,
    metadata: metadata ?? NO_ENTRIES,
    byteOffset,
  };
}

/** The field of elements that a tag belongs to, packed or not. */
function elementEncoding(tag: number): PayloadEncoding | undefined {
  switch (tag) {
    case 34: // 4: float_data
    case 37:
      return 'float';
    case 40: // 5: int32_data
    case 42:
      return 'int32';
    case 50: // 6: string_data
      return 'string';
    case 56: // 7: int64_data
    case 58:
      return 'int64';
    case 81: // 10: double_data
    case 82:
      return 'double';
    case 88: // 11: uint64_data
    case 90:
      return 'uint64';
    default:
      return undefined;
  }
}

/** TensorProto.Segment */
function readSegment({ cursor }: Walk, end: number): { readonly begin: number; readonly end: number } {
  let first = 0;
  let last = 0;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) first = cursor.readInt64();
    else if (tag === 16) last = cursor.readInt64();
    else cursor.skip(tag, end);
  }
  return { begin: first, end: last };
}

export function readSparseTensor(walk: Walk, end: number): OnnxSparseTensor {
  const { cursor } = walk;
  const byteOffset = cursor.position;
  let values: OnnxTensor | undefined;
  let indices: OnnxTensor | undefined;
  const dims: number[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: values
        values = readMessage(walk, end, readTensor);
        break;
      case 18: // 2: indices
        indices = readMessage(walk, end, readTensor);
        break;
      case 24: // 3: dims
        cursor.keep();
        dims.push(cursor.readInt64());
        break;
      case 26: // 3: dims, packed
        readPackedInt64s(cursor, end, dims);
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return { values, indices, dims, byteOffset };
}

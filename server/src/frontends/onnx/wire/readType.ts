/**
 * TypeProto with all its kinds, TensorShapeProto and ValueInfoProto.
 */
import type { OnnxDimension, OnnxShape, OnnxType, OnnxValueInfo, StringEntry } from '../onnxModel.ts';
import { readStringEntry } from './readEntries.ts';
import { readMessage, type Walk } from './walk.ts';

const NO_ENTRIES: readonly StringEntry[] = [];

type DistributiveOmit<T> = T extends unknown ? Omit<T, 'denotation'> : never;
type BareType = DistributiveOmit<OnnxType>;

/** ValueInfoProto */
export function readValueInfo(walk: Walk, end: number): OnnxValueInfo {
  const { cursor } = walk;
  const byteOffset = cursor.position;
  let name = '';
  let docString = '';
  let type: OnnxType | undefined;
  let metadata: StringEntry[] | undefined;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: name
        name = cursor.readText(end);
        break;
      case 18: // 2: type
        type = readMessage(walk, end, readType);
        break;
      case 26: // 3: doc_string
        docString = cursor.readText(end);
        break;
      case 34: // 4: metadata_props
        (metadata ??= []).push(readMessage(walk, end, readStringEntry));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return { name, type, docString, metadata: metadata ?? NO_ENTRIES, byteOffset };
}

/** TypeProto: one of its kinds, the last one written. */
export function readType(walk: Walk, end: number): OnnxType {
  const { cursor } = walk;
  let bare: BareType = { kind: 'undefined' };
  let denotation = '';
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: tensor_type
        bare = { kind: 'tensor', ...readMessage(walk, end, readTensorType) };
        break;
      case 34: // 4: sequence_type
        bare = { kind: 'sequence', element: readMessage(walk, end, readElementType) };
        break;
      case 42: // 5: map_type
        bare = readMessage(walk, end, readMapType);
        break;
      case 50: // 6: denotation
        denotation = cursor.readText(end);
        break;
      case 58: // 7: opaque_type
        bare = readMessage(walk, end, readOpaqueType);
        break;
      case 66: // 8: sparse_tensor_type
        bare = { kind: 'sparseTensor', ...readMessage(walk, end, readTensorType) };
        break;
      case 74: // 9: optional_type
        bare = { kind: 'optional', element: readMessage(walk, end, readElementType) };
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return { ...bare, denotation };
}

/** TypeProto.Tensor and TypeProto.SparseTensor */
function readTensorType(
  walk: Walk,
  end: number,
): { readonly elementType: number; readonly shape: OnnxShape | undefined } {
  const { cursor } = walk;
  let elementType = 0;
  let shape: OnnxShape | undefined;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) elementType = cursor.readInt32();
    else if (tag === 18) shape = readMessage(walk, end, readShape);
    else cursor.skip(tag, end);
  }
  return { elementType, shape };
}

/** TypeProto.Sequence and TypeProto.Optional */
function readElementType(walk: Walk, end: number): OnnxType | undefined {
  const { cursor } = walk;
  let element: OnnxType | undefined;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) element = readMessage(walk, end, readType);
    else cursor.skip(tag, end);
  }
  return element;
}

function readMapType(walk: Walk, end: number): BareType {
  const { cursor } = walk;
  let keyType = 0;
  let value: OnnxType | undefined;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) keyType = cursor.readInt32();
    else if (tag === 18) value = readMessage(walk, end, readType);
    else cursor.skip(tag, end);
  }
  return { kind: 'map', keyType, value };
}

function readOpaqueType({ cursor }: Walk, end: number): BareType {
  let domain = '';
  let name = '';
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) domain = cursor.readText(end);
    else if (tag === 18) name = cursor.readText(end);
    else cursor.skip(tag, end);
  }
  return { kind: 'opaque', domain, name };
}

/** TensorShapeProto */
function readShape(walk: Walk, end: number): OnnxShape {
  const { cursor } = walk;
  const dims: OnnxDimension[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) dims.push(readMessage(walk, end, readDimension));
    else cursor.skip(tag, end);
  }
  return dims;
}

/** TensorShapeProto.Dimension */
function readDimension({ cursor }: Walk, end: number): OnnxDimension {
  let value: number | string | undefined;
  let denotation = '';
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) value = cursor.readInt64();
    else if (tag === 18) value = cursor.readText(end);
    else if (tag === 26) denotation = cursor.readText(end);
    else cursor.skip(tag, end);
  }
  return { value, denotation };
}

/**
 * AttributeProto. Short lists are values; a list beyond KEPT_ELEMENTS or a string beyond KEPT_BYTES is only a place in
 * the file (leaves of tree ensembles, embedded engines), since memory follows the graph.
 */
import { invariant } from '../../../base/assert.ts';
import type {
  OnnxAttribute,
  OnnxAttributeValue,
  OnnxGraph,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxType,
  PayloadEncoding,
} from '../onnxModel.ts';
import type { ByteCursor } from './byteCursor.ts';
import { ElementRuns } from './elementRuns.ts';
import { readPackedInt64s } from './readEntries.ts';
import { readGraph } from './readGraph.ts';
import { readSparseTensor, readTensor } from './readTensor.ts';
import { readType } from './readType.ts';
import { readMessage, type Walk } from './walk.ts';

const KEPT_ELEMENTS = 8_192;
const KEPT_BYTES = 65_536;

/** Fields by their tag: the kind of value that each holds. */
interface Fields {
  float?: number;
  int?: number;
  string?: string;
  tensor?: OnnxTensor;
  graph?: OnnxGraph;
  sparseTensor?: OnnxSparseTensor;
  type?: OnnxType;
  floats?: number[];
  ints?: number[];
  strings?: string[];
  tensors?: OnnxTensor[];
  graphs?: OnnxGraph[];
  sparseTensors?: OnnxSparseTensor[];
  types?: OnnxType[];
  long?: ElementRuns;
}

export function readAttribute(walk: Walk, end: number): OnnxAttribute {
  const { cursor } = walk;
  const start = cursor.position;
  let attribute = readFields(walk, end, KEPT_ELEMENTS);
  if (attribute === undefined) {
    cursor.seek(start);
    attribute = readFields(walk, end, 0);
  }
  invariant(attribute !== undefined, 'without kept elements, an attribute of any length is read');
  return attribute;
}

/** Undefined, at once, where there are more elements than are to be kept; with 0 to be kept, elements become runs. */
function readFields(walk: Walk, end: number, keptCount: number): OnnxAttribute | undefined {
  const { cursor } = walk;
  let name = '';
  let refName = '';
  let docString = '';
  let typeCode = 0;
  const fields: Fields = {};
  while (cursor.position < end) {
    const tagOffset = cursor.position;
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: name
        name = cursor.readText(end);
        break;
      case 160: // 20: type
        typeCode = cursor.readInt32();
        break;
      case 106: // 13: doc_string
        docString = cursor.readText(end);
        break;
      case 170: // 21: ref_attr_name
        refName = cursor.readText(end);
        break;
      case 21: // 2: f
        fields.float = cursor.readFloat();
        break;
      case 24: // 3: i
        fields.int = cursor.readInt64();
        break;
      case 34: // 4: s
        readString(cursor, end, fields);
        break;
      case 42: // 5: t
        fields.tensor = readMessage(walk, end, readTensor);
        break;
      case 50: // 6: g
        fields.graph = readMessage(walk, end, readGraph);
        break;
      case 114: // 14: tp
        fields.type = readMessage(walk, end, readType);
        break;
      case 178: // 22: sparse_tensor
        fields.sparseTensor = readMessage(walk, end, readSparseTensor);
        break;
      case 82: // 10: tensors
        (fields.tensors ??= []).push(readMessage(walk, end, readTensor));
        break;
      case 90: // 11: graphs
        (fields.graphs ??= []).push(readMessage(walk, end, readGraph));
        break;
      case 122: // 15: type_protos
        (fields.types ??= []).push(readMessage(walk, end, readType));
        break;
      case 186: // 23: sparse_tensors
        (fields.sparseTensors ??= []).push(readMessage(walk, end, readSparseTensor));
        break;
      default: {
        const encoding = elementEncoding(tag);
        if (encoding === undefined) cursor.skip(tag, end);
        else if (keptCount === 0)
          skipElements(cursor, end, tag, tagOffset, (fields.long ??= new ElementRuns(encoding)));
        else if (hasRoom(cursor, end, tag, fields, keptCount)) keepElements(cursor, end, tag, fields);
        else return undefined;
      }
    }
  }
  return { name, refName, docString, value: attributeValue(typeCode, fields) };
}

function readString(cursor: ByteCursor, end: number, fields: Fields): void {
  const start = cursor.position;
  const length = cursor.readLength(end);
  cursor.seek(start);
  if (length <= KEPT_BYTES) {
    fields.string = cursor.readText(end);
  } else {
    fields.long = new ElementRuns('string');
    fields.long.skipPacked(cursor, end);
  }
}

/** Steps over one field of floats, ints or strings, whose tag was just read. */
function skipElements(cursor: ByteCursor, end: number, tag: number, tagOffset: number, runs: ElementRuns): void {
  if (tag === 58 || tag === 66) runs.skipPacked(cursor, end);
  else runs.skipTagged(cursor, end, tag, tagOffset);
}

function elementEncoding(tag: number): PayloadEncoding | undefined {
  switch (tag) {
    case 58: // 7: floats, packed
    case 61:
      return 'float';
    case 64: // 8: ints
    case 66: // packed
      return 'int64';
    case 74: // 9: strings
      return 'string';
    default:
      return undefined;
  }
}

function keepElements(cursor: ByteCursor, end: number, tag: number, fields: Fields): void {
  switch (tag) {
    case 58: {
      const floats = (fields.floats ??= []);
      const length = cursor.readLength(end);
      for (const last = cursor.position + length; cursor.position < last;) {
        cursor.keep();
        floats.push(cursor.readFloat());
      }
      break;
    }
    case 61:
      cursor.keep();
      (fields.floats ??= []).push(cursor.readFloat());
      break;
    case 64:
      cursor.keep();
      (fields.ints ??= []).push(cursor.readInt64());
      break;
    case 66:
      readPackedInt64s(cursor, end, (fields.ints ??= []));
      break;
    default:
      (fields.strings ??= []).push(cursor.readText(end));
  }
}

function hasRoom(cursor: ByteCursor, end: number, tag: number, fields: Fields, keptCount: number): boolean {
  const count = (fields.floats ?? fields.ints ?? fields.strings)?.length ?? 0;
  if (count >= keptCount) return false;
  if ((tag & 7) !== 2) return true;
  const start = cursor.position;
  const length = cursor.readLength(end);
  cursor.seek(start);
  return length <= KEPT_BYTES;
}

/** Chooses by the declared type; files of IR 1 declare none, and the field that is there counts. */
function attributeValue(typeCode: number, fields: Fields): OnnxAttributeValue {
  const code = typeCode === 0 ? presentType(fields) : typeCode;
  if (fields.long !== undefined && LONG_TYPES.has(code)) return { kind: 'long', payload: fields.long.payload() };
  switch (code) {
    case 1:
      return { kind: 'float', float: fields.float ?? 0 };
    case 2:
      return { kind: 'int', int: fields.int ?? 0 };
    case 3:
      return { kind: 'string', string: fields.string ?? '' };
    case 4:
      return fields.tensor === undefined ? missing(code) : { kind: 'tensor', tensor: fields.tensor };
    case 5:
      return fields.graph === undefined ? missing(code) : { kind: 'graph', graph: fields.graph };
    case 6:
      return { kind: 'floats', floats: fields.floats ?? [] };
    case 7:
      return { kind: 'ints', ints: fields.ints ?? [] };
    case 8:
      return { kind: 'strings', strings: fields.strings ?? [] };
    case 9:
      return { kind: 'tensors', tensors: fields.tensors ?? [] };
    case 10:
      return { kind: 'graphs', graphs: fields.graphs ?? [] };
    case 11:
      return fields.sparseTensor === undefined
        ? missing(code)
        : { kind: 'sparseTensor', sparseTensor: fields.sparseTensor };
    case 12:
      return { kind: 'sparseTensors', sparseTensors: fields.sparseTensors ?? [] };
    case 13:
      return fields.type === undefined ? missing(code) : { kind: 'type', type: fields.type };
    case 14:
      return { kind: 'types', types: fields.types ?? [] };
    default:
      return missing(code);
  }
}

/** STRING, FLOATS, INTS, STRINGS */
const LONG_TYPES: ReadonlySet<number> = new Set([3, 6, 7, 8]);

function missing(typeCode: number): OnnxAttributeValue {
  return { kind: 'undefined', typeCode };
}

function presentType(fields: Fields): number {
  if (fields.long !== undefined) return 6;
  if (fields.ints !== undefined) return 7;
  if (fields.int !== undefined) return 2;
  if (fields.float !== undefined) return 1;
  if (fields.string !== undefined) return 3;
  if (fields.tensor !== undefined) return 4;
  if (fields.graph !== undefined) return 5;
  if (fields.floats !== undefined) return 6;
  if (fields.strings !== undefined) return 8;
  if (fields.tensors !== undefined) return 9;
  if (fields.graphs !== undefined) return 10;
  if (fields.sparseTensor !== undefined) return 11;
  if (fields.sparseTensors !== undefined) return 12;
  if (fields.type !== undefined) return 13;
  return fields.types === undefined ? 0 : 14;
}

/**
 * Random models with every field that onnx.proto knows, made from the descriptor by a seed: same seed, same model.
 */
import { create, toBinary, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { messageType } from './oracle.ts';

/** A generator of numbers in [0, 1), by its seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The bytes of one random ModelProto, as generated-protobuf code writes them. */
export function randomModelBytes(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const type = messageType('ModelProto');
  const message = randomMessage(type, random, 6) as Message & Record<string, unknown>;
  message['irVersion'] = 10n;
  return toBinary(type, message);
}

function randomMessage(type: DescMessage, random: () => number, depth: number): Message {
  const values: Record<string, unknown> = {};
  const fields = type.name === 'AttributeProto' ? attributeFields(type, random, values) : type.fields;
  for (const field of fields) {
    const isNested = field.message !== undefined;
    if (isNested && depth === 0) continue;
    if (random() < (isNested ? 0.45 : 0.3)) continue;
    const value = randomField(field, random, depth);
    if (field.oneof === undefined) values[field.localName] = value;
    else values[field.oneof.localName] = { case: field.localName, value };
  }
  return create(type, values);
}

/** An attribute has the one field that its type names, and sometimes none. */
function attributeFields(
  type: DescMessage,
  random: () => number,
  values: Record<string, unknown>,
): readonly DescField[] {
  const common = type.fields.filter(({ localName }) => ['name', 'refAttrName', 'docString'].includes(localName));
  const [valueField, code] = VALUE_FIELDS[Math.floor(random() * VALUE_FIELDS.length)] ?? ['i', 2];
  values['type'] = code;
  return [...common, ...type.fields.filter(({ localName }) => localName === valueField)];
}

const VALUE_FIELDS: readonly (readonly [field: string, typeCode: number])[] = [
  ['f', 1],
  ['i', 2],
  ['s', 3],
  ['floats', 6],
  ['ints', 7],
  ['strings', 8],
  ['tensors', 9],
  ['graphs', 10],
  ['sparseTensors', 12],
  ['typeProtos', 14],
];

function randomField(field: DescField, random: () => number, depth: number): unknown {
  if (field.fieldKind === 'list') {
    const count = Math.floor(random() * (field.message === undefined ? 5 : 3));
    return Array.from({ length: count }, () => randomElement(field, random, depth));
  }
  return randomElement(field, random, depth);
}

function randomElement(field: DescField, random: () => number, depth: number): unknown {
  if (field.message !== undefined) return randomMessage(field.message, random, depth - 1);
  if (field.enum !== undefined) return field.enum.values[Math.floor(random() * field.enum.values.length)]?.number ?? 0;
  return randomScalar(field.scalar, random);
}

const TEXTS = ['', 'x', 'conv1.weight', 'größe', '名前', '🦀 crab', 'a'.repeat(300)];
const INTS = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  300n,
  2n ** 31n,
  2n ** 40n,
  2n ** 53n - 1n,
  -(2n ** 53n),
  2n ** 63n - 1n,
  -(2n ** 63n),
];

/** Source of the codes: FieldDescriptorProto.Type (1 double, 2 float, 3 int64, 4 uint64, 5 int32, 9 string, 12 bytes). */
function randomScalar(type: number, random: () => number): unknown {
  const int = INTS[Math.floor(random() * INTS.length)] ?? 0n;
  const text = TEXTS[Math.floor(random() * TEXTS.length)] ?? '';
  if (type === 1) return random() * 1e6 - 5e5;
  if (type === 2) return Math.fround(random() * 1e6 - 5e5);
  if (type === 3) return int;
  if (type === 4) return BigInt.asUintN(64, int);
  if (type === 5) return Number(BigInt.asIntN(32, int));
  return type === 9 ? text : new TextEncoder().encode(text);
}

/**
 * Writes ONNX files for tests and benches, by hand and without a schema:
 * onnxModel({ nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }], inputs: [['x', 1, [2, 'N']]] }) -> bytes.
 */

const encoder = new TextEncoder();

/** A varint of a signed 64-bit integer (negative ones take ten bytes). */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function intField(number: number, value: number | bigint): Uint8Array {
  return concat(varint(number * 8), varint(value));
}

export function floatField(number: number, value: number): Uint8Array {
  return concat(varint(number * 8 + 5), floatBytes([value]));
}

export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concat(varint(number * 8 + 2), varint(bytes.length), bytes);
}

export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, encoder.encode(text));
}

export function floatBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export function int64Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}

export type DimSpec = number | string | null;
/** Name, data type code and dims; no dims for an unknown rank. */
export type ValueSpec = readonly [name: string, dataType: number, dims?: readonly DimSpec[]];

export interface TensorSpec {
  readonly name?: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** Fields of TensorProto that hold the elements, already encoded; without any, raw zeros are not written either. */
  readonly data?: Uint8Array;
}

/** An attribute by the type of its value; lists of integers are `ints`, of strings `strings`. */
export type AttributeSpec =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: TensorSpec }
  | { readonly graph: GraphSpec }
  | { readonly ref: string; readonly type: number }
  | { readonly typeProto: Uint8Array };

export interface NodeSpec {
  readonly op: string;
  readonly name?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

export interface GraphSpec {
  readonly name?: string;
  readonly nodes?: readonly NodeSpec[];
  readonly inputs?: readonly (ValueSpec | Uint8Array)[];
  readonly outputs?: readonly (ValueSpec | Uint8Array)[];
  readonly valueInfos?: readonly (ValueSpec | Uint8Array)[];
  readonly initializers?: readonly TensorSpec[];
}

export interface FunctionSpec {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly string[];
  readonly defaults?: Readonly<Record<string, AttributeSpec>>;
  readonly nodes: readonly NodeSpec[];
  readonly opsets?: Readonly<Record<string, number>>;
}

export interface ModelSpec extends GraphSpec {
  readonly irVersion?: number;
  readonly opsets?: Readonly<Record<string, number>>;
  readonly functions?: readonly FunctionSpec[];
}

export function onnxModel(spec: ModelSpec): Uint8Array {
  const { irVersion = 10, opsets = { '': 21 }, functions = [] } = spec;
  return concat(
    intField(1, irVersion),
    textField(2, 'layercost'),
    bytesField(7, graphBytes(spec)),
    ...opsetFields(8, opsets),
    ...functions.map((definition) => bytesField(25, functionBytes(definition))),
  );
}

export function graphBytes(spec: GraphSpec): Uint8Array {
  return concat(
    ...(spec.nodes ?? []).map((node) => bytesField(1, nodeBytes(node))),
    textField(2, spec.name ?? 'graph'),
    ...(spec.initializers ?? []).map((tensor) => bytesField(5, tensorBytes(tensor))),
    ...(spec.inputs ?? []).map((value) => bytesField(11, valueInfoBytes(value))),
    ...(spec.outputs ?? []).map((value) => bytesField(12, valueInfoBytes(value))),
    ...(spec.valueInfos ?? []).map((value) => bytesField(13, valueInfoBytes(value))),
  );
}

export function nodeBytes(node: NodeSpec): Uint8Array {
  return concat(
    ...(node.inputs ?? []).map((name) => textField(1, name)),
    ...(node.outputs ?? []).map((name) => textField(2, name)),
    ...(node.name === undefined ? [] : [textField(3, node.name)]),
    textField(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => bytesField(5, attributeBytes(name, value))),
    ...(node.domain === undefined ? [] : [textField(7, node.domain)]),
    ...(node.overload === undefined ? [] : [textField(8, node.overload)]),
  );
}

/** TensorProto without its elements, unless `data` brings them. */
export function tensorBytes({ name, dataType, dims, data }: TensorSpec): Uint8Array {
  return concat(
    ...dims.map((dim) => intField(1, dim)),
    intField(2, dataType),
    ...(name === undefined ? [] : [textField(8, name)]),
    ...(data === undefined ? [] : [data]),
  );
}

/** An int64 tensor with its elements in raw_data. */
export function int64Tensor(name: string, dims: readonly number[], values: readonly number[]): TensorSpec {
  return { name, dataType: 7, dims, data: bytesField(9, int64Bytes(values)) };
}

/** A float32 tensor with its elements in raw_data. */
export function floatTensor(name: string, dims: readonly number[], values: readonly number[]): TensorSpec {
  return { name, dataType: 1, dims, data: bytesField(9, floatBytes(values)) };
}

export function tensorTypeBytes(dataType: number, dims?: readonly DimSpec[], field = 1): Uint8Array {
  const shape = dims?.map((dim) =>
    bytesField(1, dim === null ? new Uint8Array(0) : typeof dim === 'number' ? intField(1, dim) : textField(2, dim)),
  );
  return bytesField(
    field,
    concat(intField(1, dataType), ...(shape === undefined ? [] : [bytesField(2, concat(...shape))])),
  );
}

/** ValueInfoProto of any TypeProto. */
export function typedValueBytes(name: string, type: Uint8Array): Uint8Array {
  return concat(textField(1, name), bytesField(2, type));
}

function valueInfoBytes(value: ValueSpec | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const [name, dataType, dims] = value;
  return typedValueBytes(name, tensorTypeBytes(dataType, dims));
}

function attributeBytes(name: string, value: AttributeSpec): Uint8Array {
  return concat(textField(1, name), ...attributeFields(value));
}

function attributeFields(value: AttributeSpec): readonly Uint8Array[] {
  if ('float' in value) return [floatField(2, value.float), intField(20, 1)];
  if ('int' in value) return [intField(3, value.int), intField(20, 2)];
  if ('string' in value) return [textField(4, value.string), intField(20, 3)];
  if ('tensor' in value) return [bytesField(5, tensorBytes(value.tensor)), intField(20, 4)];
  if ('graph' in value) return [bytesField(6, graphBytes(value.graph)), intField(20, 5)];
  if ('floats' in value) return [...value.floats.map((item) => floatField(7, item)), intField(20, 6)];
  if ('ints' in value) return [...value.ints.map((item) => intField(8, item)), intField(20, 7)];
  if ('strings' in value) return [...value.strings.map((item) => textField(9, item)), intField(20, 8)];
  if ('typeProto' in value) return [bytesField(14, value.typeProto), intField(20, 13)];
  return [textField(21, value.ref), intField(20, value.type)];
}

function functionBytes(spec: FunctionSpec): Uint8Array {
  return concat(
    textField(1, spec.name),
    ...spec.inputs.map((name) => textField(4, name)),
    ...spec.outputs.map((name) => textField(5, name)),
    ...(spec.attributes ?? []).map((name) => textField(6, name)),
    ...spec.nodes.map((node) => bytesField(7, nodeBytes(node))),
    ...opsetFields(9, spec.opsets ?? { '': 21 }),
    textField(10, spec.domain),
    ...Object.entries(spec.defaults ?? {}).map(([name, value]) => bytesField(11, attributeBytes(name, value))),
  );
}

function opsetFields(number: number, opsets: Readonly<Record<string, number>>): readonly Uint8Array[] {
  return Object.entries(opsets).map(([domain, version]) =>
    bytesField(number, concat(textField(1, domain), intField(2, version))),
  );
}

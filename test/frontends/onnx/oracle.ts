/**
 * The oracle: @bufbuild/protobuf decodes the same bytes by ONNX's own descriptor, and its messages are brought into the
 * walker's form field by field, payloads as their elements.
 */
import { createFileRegistry, fromBinary, type DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { readFileSync } from 'node:fs';

const descriptor = readFileSync(new URL('../../truth/data/onnx/onnxDescriptor.binpb', import.meta.url));
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptor));

/** A decoded message: whatever the descriptor says, so its fields are looked up by name. */
type Message = Readonly<Record<string, unknown>>;
export type Plain = null | boolean | number | string | undefined | readonly Plain[] | { readonly [key: string]: Plain };

export function messageType(name: string): DescMessage {
  const type = registry.getMessage(`onnx.${name}`);
  if (type === undefined) throw new Error(`the descriptor has no message ${name}`);
  return type;
}

/** The model as the walker should give it, without byte offsets, tensors' elements in `elements`. */
export function oracleModel(bytes: Uint8Array): Plain {
  const model = fields(fromBinary(messageType('ModelProto'), bytes));
  return {
    irVersion: int(model['irVersion']),
    producerName: text(model['producerName']),
    producerVersion: text(model['producerVersion']),
    domain: text(model['domain']),
    modelVersion: int(model['modelVersion']),
    docString: text(model['docString']),
    opsetImports: list(model['opsetImport'], opset),
    graph: optional(model['graph'], graph),
    metadata: list(model['metadataProps'], entry),
    training: list(model['trainingInfo'], (training) => ({
      initialization: optional(training['initialization'], graph),
      algorithm: optional(training['algorithm'], graph),
      initializationBindings: list(training['initializationBinding'], entry),
      updateBindings: list(training['updateBinding'], entry),
    })),
    functions: list(model['functions'], functionProto),
    deviceConfigurations: list(model['configuration'], (configuration) => ({
      name: text(configuration['name']),
      deviceCount: int(configuration['numDevices']),
      devices: texts(configuration['device']),
    })),
  };
}

function graph(message: Message): Plain {
  return {
    name: text(message['name']),
    docString: text(message['docString']),
    nodes: list(message['node'], node),
    inputs: list(message['input'], valueInfo),
    outputs: list(message['output'], valueInfo),
    valueInfos: list(message['valueInfo'], valueInfo),
    initializers: list(message['initializer'], tensor),
    sparseInitializers: list(message['sparseInitializer'], sparseTensor),
    quantization: list(message['quantizationAnnotation'], (annotation) => ({
      tensorName: text(annotation['tensorName']),
      parameters: list(annotation['quantParameterTensorNames'], entry),
    })),
    metadata: list(message['metadataProps'], entry),
  };
}

function node(message: Message): Plain {
  return {
    name: text(message['name']),
    opType: text(message['opType']),
    domain: text(message['domain']),
    overload: text(message['overload']),
    inputs: texts(message['input']),
    outputs: texts(message['output']),
    attributes: list(message['attribute'], attribute),
    docString: text(message['docString']),
    metadata: list(message['metadataProps'], entry),
    devices: list(message['deviceConfigurations'], (device) => ({
      configurationId: text(device['configurationId']),
      shardings: list(device['shardingSpec'], sharding),
      pipelineStage: int(device['pipelineStage']),
    })),
  };
}

function sharding(message: Message): Plain {
  return {
    tensorName: text(message['tensorName']),
    devices: ints(message['device']),
    deviceGroups: list(message['indexToDeviceGroupMap'], (group) => ({
      key: int(group['key']),
      values: ints(group['value']),
    })),
    shardedDims: list(message['shardedDim'], (dim) => ({
      axis: int(dim['axis']),
      shardings: list(dim['simpleSharding'], (simple) => ({
        dim: oneOf(simple['dim']),
        shardCount: int(simple['numShards']),
      })),
    })),
  };
}

/** Kinds of values by AttributeProto.AttributeType. */
const KINDS = [
  'undefined',
  'float',
  'int',
  'string',
  'tensor',
  'graph',
  'floats',
  'ints',
  'strings',
  'tensors',
  'graphs',
  'sparseTensor',
  'sparseTensors',
  'type',
  'types',
];

function attribute(message: Message): Plain {
  const kind = KINDS[int(message['type'])] ?? 'undefined';
  return {
    name: text(message['name']),
    refName: text(message['refAttrName']),
    docString: text(message['docString']),
    value:
      kind === 'undefined' ? { kind, typeCode: int(message['type']) } : { kind, [kind]: attributeValue(kind, message) },
  };
}

function attributeValue(kind: string, message: Message): Plain {
  switch (kind) {
    case 'float':
      return (message['f'] as number | undefined) ?? 0;
    case 'int':
      return int(message['i']);
    case 'string':
      return bytesText(message['s']);
    case 'tensor':
      return optional(message['t'], tensor);
    case 'graph':
      return optional(message['g'], graph);
    case 'sparseTensor':
      return optional(message['sparseTensor'], sparseTensor);
    case 'type':
      return optional(message['tp'], type);
    case 'floats':
      return message['floats'] as readonly number[];
    case 'ints':
      return ints(message['ints']);
    case 'strings':
      return (message['strings'] as readonly Uint8Array[]).map(bytesText);
    case 'tensors':
      return list(message['tensors'], tensor);
    case 'graphs':
      return list(message['graphs'], graph);
    case 'sparseTensors':
      return list(message['sparseTensors'], sparseTensor);
    default:
      return list(message['typeProtos'], type);
  }
}

function tensor(message: Message): Plain {
  const segment = message['segment'];
  const elements: Record<string, Plain> = {};
  if (message['rawData'] !== undefined && (message['rawData'] as Uint8Array).length > 0) {
    elements['raw'] = [...(message['rawData'] as Uint8Array)];
  }
  const numbers = {
    float: 'floatData',
    double: 'doubleData',
    int32: 'int32Data',
    int64: 'int64Data',
    uint64: 'uint64Data',
  };
  for (const [encoding, field] of Object.entries(numbers)) {
    const values = ints(message[field]);
    if (values.length > 0) elements[encoding] = values;
  }
  const strings = (message['stringData'] as readonly Uint8Array[]).map(bytesText);
  if (strings.length > 0) elements['string'] = strings;
  return {
    name: text(message['name']),
    dataType: int(message['dataType']),
    dims: ints(message['dims']),
    elements,
    isExternal: int(message['dataLocation']) === 1,
    external: list(message['externalData'], entry),
    segment: optional(segment, (part) => ({ begin: int(part['begin']), end: int(part['end']) })),
    docString: text(message['docString']),
    metadata: list(message['metadataProps'], entry),
  };
}

function sparseTensor(message: Message): Plain {
  return {
    values: optional(message['values'], tensor),
    indices: optional(message['indices'], tensor),
    dims: ints(message['dims']),
  };
}

function functionProto(message: Message): Plain {
  return {
    name: text(message['name']),
    domain: text(message['domain']),
    overload: text(message['overload']),
    inputs: texts(message['input']),
    outputs: texts(message['output']),
    attributes: texts(message['attribute']),
    defaults: list(message['attributeProto'], attribute),
    nodes: list(message['node'], node),
    valueInfos: list(message['valueInfo'], valueInfo),
    opsetImports: list(message['opsetImport'], opset),
    docString: text(message['docString']),
    metadata: list(message['metadataProps'], entry),
  };
}

function valueInfo(message: Message): Plain {
  return {
    name: text(message['name']),
    type: optional(message['type'], type),
    docString: text(message['docString']),
    metadata: list(message['metadataProps'], entry),
  };
}

function type(message: Message): Plain {
  const { case: kind, value } = message['value'] as { readonly case: string | undefined; readonly value: unknown };
  const denotation = text(message['denotation']);
  if (kind === undefined) return { kind: 'undefined', denotation };
  const inner = fields(value);
  const name = kind.replace(/Type$/, '');
  if (name === 'opaque') return { kind: name, domain: text(inner['domain']), name: text(inner['name']), denotation };
  if (name === 'map') {
    return { kind: name, keyType: int(inner['keyType']), value: optional(inner['valueType'], type), denotation };
  }
  if (name === 'sequence' || name === 'optional') {
    return { kind: name, element: optional(inner['elemType'], type), denotation };
  }
  return { kind: name, elementType: int(inner['elemType']), shape: optional(inner['shape'], shape), denotation };
}

function shape(message: Message): Plain {
  return list(message['dim'], (dim) => ({ value: oneOf(dim['value']), denotation: text(dim['denotation']) }));
}

function opset(message: Message): Plain {
  return { domain: text(message['domain']), version: int(message['version']) };
}

function entry(message: Message): Plain {
  return { key: text(message['key']), value: text(message['value']) };
}

function oneOf(value: unknown): Plain {
  const inner = (value as { readonly value?: bigint | string }).value;
  return typeof inner === 'bigint' ? Number(inner) : inner;
}

function fields(message: unknown): Message {
  return message as Message;
}

function optional(message: unknown, convert: (message: Message) => Plain): Plain {
  return message === undefined ? undefined : convert(fields(message));
}

function list(messages: unknown, convert: (message: Message) => Plain): readonly Plain[] {
  return (messages as readonly Message[]).map(convert);
}

function text(value: unknown): string {
  return (value as string | undefined) ?? '';
}

function texts(value: unknown): readonly string[] {
  return value as readonly string[];
}

function int(value: unknown): number {
  return Number(value ?? 0);
}

function ints(values: unknown): readonly number[] {
  return (values as readonly (bigint | number)[]).map(Number);
}

const decoder = new TextDecoder();

function bytesText(bytes: unknown): string {
  return decoder.decode((bytes as Uint8Array | undefined) ?? new Uint8Array(0));
}

/**
 * An ONNX model as the file has it, one to one with onnx.proto (IR 3 to 14), except that payloads of tensors and long
 * lists are places in the file and not values. Absent strings are '', absent lists are []; 64-bit integers are numbers
 * (rounded beyond 2^53: only "to the end" markers such as INT64_MAX are that large in practice).
 * Source of names and meaning: onnx.proto of ONNX 1.23 (IR version 14).
 */

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly docString: string;
  readonly opsetImports: readonly OperatorSetId[];
  readonly graph: OnnxGraph | undefined;
  readonly metadata: readonly StringEntry[];
  readonly training: readonly OnnxTraining[];
  readonly functions: readonly OnnxFunction[];
  readonly deviceConfigurations: readonly DeviceConfiguration[];
}

/** The version of an operator set; domain '' is ai.onnx. */
export interface OperatorSetId {
  readonly domain: string;
  readonly version: number;
}

export interface StringEntry {
  readonly key: string;
  readonly value: string;
}

export interface OnnxGraph {
  readonly name: string;
  readonly docString: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly valueInfos: readonly OnnxValueInfo[];
  readonly initializers: readonly OnnxTensor[];
  readonly sparseInitializers: readonly OnnxSparseTensor[];
  readonly quantization: readonly QuantizationAnnotation[];
  readonly metadata: readonly StringEntry[];
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Tells overloaded functions apart (IR 10). */
  readonly overload: string;
  /** '' for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
  readonly docString: string;
  readonly metadata: readonly StringEntry[];
  readonly devices: readonly NodeDeviceConfiguration[];
  /** Where the node's message starts in the file. */
  readonly byteOffset: number;
}

export interface OnnxAttribute {
  readonly name: string;
  /** In a function body: the function's attribute that gives the value; then `value` is empty. */
  readonly refName: string;
  readonly docString: string;
  readonly value: OnnxAttributeValue;
}

export type OnnxAttributeValue =
  | { readonly kind: 'float'; readonly float: number }
  | { readonly kind: 'int'; readonly int: number }
  | { readonly kind: 'string'; readonly string: string }
  | { readonly kind: 'tensor'; readonly tensor: OnnxTensor }
  | { readonly kind: 'graph'; readonly graph: OnnxGraph }
  | { readonly kind: 'sparseTensor'; readonly sparseTensor: OnnxSparseTensor }
  | { readonly kind: 'type'; readonly type: OnnxType }
  | { readonly kind: 'floats'; readonly floats: readonly number[] }
  | { readonly kind: 'ints'; readonly ints: readonly number[] }
  | { readonly kind: 'strings'; readonly strings: readonly string[] }
  | { readonly kind: 'tensors'; readonly tensors: readonly OnnxTensor[] }
  | { readonly kind: 'graphs'; readonly graphs: readonly OnnxGraph[] }
  | { readonly kind: 'sparseTensors'; readonly sparseTensors: readonly OnnxSparseTensor[] }
  | { readonly kind: 'types'; readonly types: readonly OnnxType[] }
  /** A list or string too long to be kept, such as the leaves of a large tree ensemble or an embedded engine. */
  | { readonly kind: 'long'; readonly payload: OnnxPayload }
  /** Neither a type nor a value, or a type that this IR does not know. */
  | { readonly kind: 'undefined'; readonly typeCode: number };

/** By name. */
export type AttributeMap = ReadonlyMap<string, OnnxAttributeValue>;

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: OnnxType | undefined;
  readonly docString: string;
  readonly metadata: readonly StringEntry[];
  readonly byteOffset: number;
}

/** TypeProto. `elementType` and `keyType` are codes of TensorProto.DataType. */
export type OnnxType = { readonly denotation: string } & (
  | { readonly kind: 'tensor' | 'sparseTensor'; readonly elementType: number; readonly shape: OnnxShape | undefined }
  | { readonly kind: 'sequence' | 'optional'; readonly element: OnnxType | undefined }
  | { readonly kind: 'map'; readonly keyType: number; readonly value: OnnxType | undefined }
  | { readonly kind: 'opaque'; readonly domain: string; readonly name: string }
  | { readonly kind: 'undefined' }
);

export type OnnxShape = readonly OnnxDimension[];

export interface OnnxDimension {
  /** A number, the name of a symbol, or undefined where neither was written. */
  readonly value: number | string | undefined;
  readonly denotation: string;
}

export interface OnnxTensor {
  readonly name: string;
  /** Code of TensorProto.DataType: 1 is FLOAT; see dataTypes.ts. */
  readonly dataType: number;
  readonly dims: readonly number[];
  /** Where the elements are; more than one only in files that break the rules. */
  readonly payloads: readonly OnnxPayload[];
  /** Whether the elements are in another file, told by `external` (location, offset, length, checksum). */
  readonly isExternal: boolean;
  readonly external: readonly StringEntry[];
  readonly segment: { readonly begin: number; readonly end: number } | undefined;
  readonly docString: string;
  readonly metadata: readonly StringEntry[];
  readonly byteOffset: number;
}

/** How elements of a payload are encoded, after the field of TensorProto or AttributeProto that holds them. */
export type PayloadEncoding = 'raw' | 'float' | 'double' | 'int32' | 'int64' | 'uint64' | 'string';

export interface OnnxPayload {
  readonly encoding: PayloadEncoding;
  readonly runs: readonly PayloadRun[];
}

/** Bytes in the model file: the packed elements alone, or one tag before every element. */
export interface PayloadRun {
  readonly offset: number;
  readonly length: number;
  readonly isTagged: boolean;
}

export interface OnnxSparseTensor {
  readonly values: OnnxTensor | undefined;
  readonly indices: OnnxTensor | undefined;
  readonly dims: readonly number[];
  readonly byteOffset: number;
}

export interface QuantizationAnnotation {
  readonly tensorName: string;
  /** SCALE_TENSOR, ZERO_POINT_TENSOR -> names of initialisers. */
  readonly parameters: readonly StringEntry[];
}

export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names of attributes without a default. */
  readonly attributes: readonly string[];
  /** Attributes with their default. */
  readonly defaults: readonly OnnxAttribute[];
  readonly nodes: readonly OnnxNode[];
  readonly valueInfos: readonly OnnxValueInfo[];
  readonly opsetImports: readonly OperatorSetId[];
  readonly docString: string;
  readonly metadata: readonly StringEntry[];
  readonly byteOffset: number;
}

export interface OnnxTraining {
  readonly initialization: OnnxGraph | undefined;
  readonly algorithm: OnnxGraph | undefined;
  readonly initializationBindings: readonly StringEntry[];
  readonly updateBindings: readonly StringEntry[];
}

export interface DeviceConfiguration {
  readonly name: string;
  readonly deviceCount: number;
  readonly devices: readonly string[];
}

/** How one node is spread over devices (IR 11). */
export interface NodeDeviceConfiguration {
  readonly configurationId: string;
  readonly shardings: readonly ShardingSpec[];
  readonly pipelineStage: number;
}

export interface ShardingSpec {
  readonly tensorName: string;
  readonly devices: readonly number[];
  readonly deviceGroups: readonly { readonly key: number; readonly values: readonly number[] }[];
  readonly shardedDims: readonly ShardedDim[];
}

export interface ShardedDim {
  readonly axis: number;
  readonly shardings: readonly { readonly dim: number | string | undefined; readonly shardCount: number }[];
}

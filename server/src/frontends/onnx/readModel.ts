/**
 * The walker's surface: bytes of a .onnx file -> the model, with what is wrong as problems at byte offsets.
 * Time and memory follow the graph, since weights are stepped over. Where bytes are broken, what could be read is
 * given with a problem; where nothing could be, only the problem.
 */
import type { Problem, Severity } from '../../base/problems.ts';
import type { ByteSource } from './byteSource.ts';
import { foreignFormat } from './foreignFormats.ts';
import type {
  DeviceConfiguration,
  OnnxFunction,
  OnnxModel,
  OnnxTraining,
  OperatorSetId,
  StringEntry,
} from './onnxModel.ts';
import { ByteCursor } from './wire/byteCursor.ts';
import { CorruptBytes } from './wire/corruptBytes.ts';
import { readDeviceConfiguration } from './wire/readDevices.ts';
import { readOperatorSetId, readStringEntry } from './wire/readEntries.ts';
import { readFunction } from './wire/readFunction.ts';
import { emptyGraph, readGraph, readGraphInto, type GraphParts } from './wire/readGraph.ts';
import { readInto, readMessage, type Walk } from './wire/walk.ts';

export type ReadModelResult =
  | { readonly kind: 'ok'; readonly model: OnnxModel; readonly problems: readonly Problem[] }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Reads a whole model without its weights; `file` is only quoted in problems. Never throws. */
export function readModel(source: ByteSource, file: string, shouldStop?: () => boolean): ReadModelResult {
  const walk: Walk = { cursor: new ByteCursor(source, shouldStop), problems: [] };
  const parts = emptyModel();
  try {
    if (source.byteLength === 0) return failure(file, 'onnx-empty', 'The file is empty.', 0);
    const foreign = foreignFormat(walk.cursor.peek(64));
    if (foreign !== undefined) {
      return failure(file, 'onnx-not-a-model', `This is no ONNX model but ${foreign}.`, 0);
    }
    readModelInto(walk, source.byteLength, parts);
  } catch (error) {
    if (!(error instanceof CorruptBytes)) throw error;
    const hasNodes = parts.graph !== undefined && parts.graph.nodes.length > 0;
    if (!hasNodes) return failure(file, error.code, sentence(error.message), error.byteOffset);
    if (!walk.problems.some(({ code }) => code === 'onnx-truncated')) walk.problems.push(error);
  }
  if (parts.graph === undefined && parts.irVersion === 0) {
    return failure(file, 'onnx-not-a-model', 'This is no ONNX model: it has neither a graph nor an IR version.', 0);
  }
  const problems = walk.problems.map((corrupt) =>
    byteProblem(
      file,
      corrupt.code,
      'error',
      `${sentence(corrupt.message)} What could be read is shown.`,
      corrupt.byteOffset,
    ),
  );
  return { kind: 'ok', model: parts, problems };
}

interface ModelParts extends OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  domain: string;
  modelVersion: number;
  docString: string;
  readonly opsetImports: OperatorSetId[];
  graph: GraphParts | undefined;
  readonly metadata: StringEntry[];
  readonly training: OnnxTraining[];
  readonly functions: OnnxFunction[];
  readonly deviceConfigurations: DeviceConfiguration[];
}

function emptyModel(): ModelParts {
  return {
    irVersion: 0,
    producerName: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0,
    docString: '',
    opsetImports: [],
    graph: undefined,
    metadata: [],
    training: [],
    functions: [],
    deviceConfigurations: [],
  };
}

/** ModelProto */
function readModelInto(walk: Walk, end: number, model: ModelParts): void {
  const { cursor } = walk;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 8: // 1: ir_version
        model.irVersion = cursor.readInt64();
        break;
      case 18: // 2: producer_name
        model.producerName = cursor.readText(end);
        break;
      case 26: // 3: producer_version
        model.producerVersion = cursor.readText(end);
        break;
      case 34: // 4: domain
        model.domain = cursor.readText(end);
        break;
      case 40: // 5: model_version
        model.modelVersion = cursor.readInt64();
        break;
      case 50: // 6: doc_string
        model.docString = cursor.readText(end);
        break;
      case 58: // 7: graph
        readTopGraph(walk, end, (model.graph ??= emptyGraph()));
        break;
      case 66: // 8: opset_import
        model.opsetImports.push(readMessage(walk, end, readOperatorSetId));
        break;
      case 114: // 14: metadata_props
        model.metadata.push(readMessage(walk, end, readStringEntry));
        break;
      case 162: // 20: training_info
        readInto(walk, end, model.training, readTraining);
        break;
      case 202: // 25: functions
        readInto(walk, end, model.functions, readFunction);
        break;
      case 210: // 26: configuration
        model.deviceConfigurations.push(readMessage(walk, end, readDeviceConfiguration));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
}

/** In a file that was cut off, the graph claims to be longer than what is there: it is read as far as it goes. */
function readTopGraph({ cursor, problems }: Walk, end: number, graph: GraphParts): void {
  const length = cursor.readUint64();
  const missing = cursor.position + length - end;
  if (missing > 0) {
    problems.push(
      new CorruptBytes('onnx-truncated', `the file is cut off: ${missing} bytes of the graph are missing`, end),
    );
  }
  const inner = missing > 0 ? end : cursor.position + length;
  readGraphInto({ cursor, problems }, inner, graph);
  cursor.endAt(inner);
}

/** TrainingInfoProto */
function readTraining(walk: Walk, end: number): OnnxTraining {
  const { cursor } = walk;
  let initialization: OnnxTraining['initialization'];
  let algorithm: OnnxTraining['algorithm'];
  const initializationBindings: StringEntry[] = [];
  const updateBindings: StringEntry[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) initialization = readMessage(walk, end, readGraph);
    else if (tag === 18) algorithm = readMessage(walk, end, readGraph);
    else if (tag === 26) initializationBindings.push(readMessage(walk, end, readStringEntry));
    else if (tag === 34) updateBindings.push(readMessage(walk, end, readStringEntry));
    else cursor.skip(tag, end);
  }
  return { initialization, algorithm, initializationBindings, updateBindings };
}

function failure(file: string, code: string, message: string, byteOffset: number): ReadModelResult {
  return { kind: 'problem', problem: byteProblem(file, code, 'error', message, byteOffset) };
}

/** A problem at a place in a binary file. */
export function byteProblem(
  file: string,
  code: string,
  severity: Severity,
  message: string,
  byteOffset: number,
): Problem {
  return { code, severity, message, location: { kind: 'bytes', file, byteOffset } };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

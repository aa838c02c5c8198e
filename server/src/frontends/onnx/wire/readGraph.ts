/**
 * GraphProto: of the model, and of attributes (branches and loop bodies). Fills a graph that the caller holds, so that
 * what was read before broken bytes is not lost.
 */
import type {
  OnnxGraph,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxValueInfo,
  QuantizationAnnotation,
  StringEntry,
} from '../onnxModel.ts';
import { readStringEntry } from './readEntries.ts';
import { readNode } from './readNode.ts';
import { readSparseTensor, readTensor } from './readTensor.ts';
import { readValueInfo } from './readType.ts';
import { readInto, readMessage, type Walk } from './walk.ts';

/** A graph while it is read. */
export interface GraphParts extends OnnxGraph {
  name: string;
  docString: string;
  readonly nodes: OnnxNode[];
  readonly inputs: OnnxValueInfo[];
  readonly outputs: OnnxValueInfo[];
  readonly valueInfos: OnnxValueInfo[];
  readonly initializers: OnnxTensor[];
  readonly sparseInitializers: OnnxSparseTensor[];
  readonly quantization: QuantizationAnnotation[];
  readonly metadata: StringEntry[];
}

export function emptyGraph(): GraphParts {
  return {
    name: '',
    docString: '',
    nodes: [],
    inputs: [],
    outputs: [],
    valueInfos: [],
    initializers: [],
    sparseInitializers: [],
    quantization: [],
    metadata: [],
  };
}

export function readGraph(walk: Walk, end: number): OnnxGraph {
  const graph = emptyGraph();
  readGraphInto(walk, end, graph);
  return graph;
}

export function readGraphInto(walk: Walk, end: number, graph: GraphParts): void {
  const { cursor } = walk;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: node
        readInto(walk, end, graph.nodes, readNode);
        break;
      case 18: // 2: name
        graph.name = cursor.readText(end);
        break;
      case 42: // 5: initializer
        readInto(walk, end, graph.initializers, readTensor);
        break;
      case 82: // 10: doc_string
        graph.docString = cursor.readText(end);
        break;
      case 90: // 11: input
        readInto(walk, end, graph.inputs, readValueInfo);
        break;
      case 98: // 12: output
        readInto(walk, end, graph.outputs, readValueInfo);
        break;
      case 106: // 13: value_info
        readInto(walk, end, graph.valueInfos, readValueInfo);
        break;
      case 114: // 14: quantization_annotation
        graph.quantization.push(readMessage(walk, end, readQuantization));
        break;
      case 122: // 15: sparse_initializer
        readInto(walk, end, graph.sparseInitializers, readSparseTensor);
        break;
      case 130: // 16: metadata_props
        graph.metadata.push(readMessage(walk, end, readStringEntry));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
}

/** TensorAnnotation */
function readQuantization(walk: Walk, end: number): QuantizationAnnotation {
  const { cursor } = walk;
  let tensorName = '';
  const parameters: StringEntry[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) tensorName = cursor.readText(end);
    else if (tag === 18) parameters.push(readMessage(walk, end, readStringEntry));
    else cursor.skip(tag, end);
  }
  return { tensorName, parameters };
}

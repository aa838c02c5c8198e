/**
 * FunctionProto: an operator that the model defines itself, by nodes (IR 8).
 */
import type { OnnxAttribute, OnnxFunction, OnnxNode, OnnxValueInfo, OperatorSetId, StringEntry } from '../onnxModel.ts';
import { readAttribute } from './readAttribute.ts';
import { readOperatorSetId, readStringEntry } from './readEntries.ts';
import { readNode } from './readNode.ts';
import { readValueInfo } from './readType.ts';
import { readInto, readMessage, type Walk } from './walk.ts';

export function readFunction(walk: Walk, end: number): OnnxFunction {
  const { cursor } = walk;
  const byteOffset = cursor.position;
  let name = '';
  let domain = '';
  let overload = '';
  let docString = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: string[] = [];
  const defaults: OnnxAttribute[] = [];
  const nodes: OnnxNode[] = [];
  const valueInfos: OnnxValueInfo[] = [];
  const opsetImports: OperatorSetId[] = [];
  const metadata: StringEntry[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: name
        name = cursor.readText(end);
        break;
      case 34: // 4: input
        inputs.push(cursor.readText(end));
        break;
      case 42: // 5: output
        outputs.push(cursor.readText(end));
        break;
      case 50: // 6: attribute
        attributes.push(cursor.readText(end));
        break;
      case 58: // 7: node
        readInto(walk, end, nodes, readNode);
        break;
      case 66: // 8: doc_string
        docString = cursor.readText(end);
        break;
      case 74: // 9: opset_import
        opsetImports.push(readMessage(walk, end, readOperatorSetId));
        break;
      case 82: // 10: domain
        domain = cursor.readText(end);
        break;
      case 90: // 11: attribute_proto
        defaults.push(readMessage(walk, end, readAttribute));
        break;
      case 98: // 12: value_info
        readInto(walk, end, valueInfos, readValueInfo);
        break;
      case 106: // 13: overload
        overload = cursor.readText(end);
        break;
      case 114: // 14: metadata_props
        metadata.push(readMessage(walk, end, readStringEntry));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return {
    name,
    domain,
    overload,
    inputs,
    outputs,
    attributes,
    defaults,
    nodes,
    valueInfos,
    opsetImports,
    docString,
    metadata,
    byteOffset,
  };
}

/**
 * NodeProto. A graph's nodes are most of what is read, so this loop allocates only what a node has.
 */
import type { NodeDeviceConfiguration, OnnxAttribute, OnnxNode, StringEntry } from '../onnxModel.ts';
import { readAttribute } from './readAttribute.ts';
import { readNodeDeviceConfiguration } from './readDevices.ts';
import { readStringEntry } from './readEntries.ts';
import { readMessage, type Walk } from './walk.ts';

const NO_ATTRIBUTES: readonly OnnxAttribute[] = [];
const NO_ENTRIES: readonly StringEntry[] = [];
const NO_DEVICES: readonly NodeDeviceConfiguration[] = [];

export function readNode(walk: Walk, end: number): OnnxNode {
  const { cursor } = walk;
  const byteOffset = cursor.position;
  const inputs: string[] = [];
  const outputs: string[] = [];
  let name = '';
  let opType = '';
  let domain = '';
  let overload = '';
  let docString = '';
  let attributes: OnnxAttribute[] | undefined;
  let metadata: StringEntry[] | undefined;
  let devices: NodeDeviceConfiguration[] | undefined;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: input
        inputs.push(cursor.readText(end));
        break;
      case 18: // 2: output
        outputs.push(cursor.readText(end));
        break;
      case 26: // 3: name
        name = cursor.readText(end);
        break;
      case 34: // 4: op_type
        opType = cursor.readText(end);
        break;
      case 42: // 5: attribute
        (attributes ??= []).push(readMessage(walk, end, readAttribute));
        break;
      case 50: // 6: doc_string
        docString = cursor.readText(end);
        break;
      case 58: // 7: domain
        domain = cursor.readText(end);
        break;
      case 66: // 8: overload
        overload = cursor.readText(end);
        break;
      case 74: // 9: metadata_props
        (metadata ??= []).push(readMessage(walk, end, readStringEntry));
        break;
      case 82: // 10: device_configurations
        (devices ??= []).push(readMessage(walk, end, readNodeDeviceConfiguration));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return {
    name,
    opType,
    domain,
    overload,
    // Copies have just the room they need; lists that grew have room for 17, which 30,000 nodes would pay for.
    inputs: inputs.slice(),
    outputs: outputs.slice(),
    attributes: attributes?.slice() ?? NO_ATTRIBUTES,
    docString,
    metadata: metadata ?? NO_ENTRIES,
    devices: devices ?? NO_DEVICES,
    byteOffset,
  };
}

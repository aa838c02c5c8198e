/**
 * How a model is spread over devices (IR 11): DeviceConfigurationProto and NodeDeviceConfigurationProto.
 */
import type { DeviceConfiguration, NodeDeviceConfiguration, ShardedDim, ShardingSpec } from '../onnxModel.ts';
import { readPackedInt64s } from './readEntries.ts';
import { readMessage, type Walk } from './walk.ts';

export function readDeviceConfiguration({ cursor }: Walk, end: number): DeviceConfiguration {
  let name = '';
  let deviceCount = 0;
  const devices: string[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) name = cursor.readText(end);
    else if (tag === 16) deviceCount = cursor.readInt32();
    else if (tag === 26) devices.push(cursor.readText(end));
    else cursor.skip(tag, end);
  }
  return { name, deviceCount, devices };
}

export function readNodeDeviceConfiguration(walk: Walk, end: number): NodeDeviceConfiguration {
  const { cursor } = walk;
  let configurationId = '';
  let pipelineStage = 0;
  const shardings: ShardingSpec[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) configurationId = cursor.readText(end);
    else if (tag === 18) shardings.push(readMessage(walk, end, readShardingSpec));
    else if (tag === 24) pipelineStage = cursor.readInt32();
    else cursor.skip(tag, end);
  }
  return { configurationId, shardings, pipelineStage };
}

function readShardingSpec(walk: Walk, end: number): ShardingSpec {
  const { cursor } = walk;
  let tensorName = '';
  const devices: number[] = [];
  const deviceGroups: ShardingSpec['deviceGroups'][number][] = [];
  const shardedDims: ShardedDim[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    switch (tag) {
      case 10: // 1: tensor_name
        tensorName = cursor.readText(end);
        break;
      case 16: // 2: device
        devices.push(cursor.readInt64());
        break;
      case 18: // 2: device, packed
        readPackedInt64s(cursor, end, devices);
        break;
      case 26: // 3: index_to_device_group_map
        deviceGroups.push(readMessage(walk, end, readDeviceGroup));
        break;
      case 34: // 4: sharded_dim
        shardedDims.push(readMessage(walk, end, readShardedDim));
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  return { tensorName, devices, deviceGroups, shardedDims };
}

/** IntIntListEntryProto */
function readDeviceGroup({ cursor }: Walk, end: number): ShardingSpec['deviceGroups'][number] {
  let key = 0;
  const values: number[] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) key = cursor.readInt64();
    else if (tag === 16) values.push(cursor.readInt64());
    else if (tag === 18) readPackedInt64s(cursor, end, values);
    else cursor.skip(tag, end);
  }
  return { key, values };
}

function readShardedDim(walk: Walk, end: number): ShardedDim {
  const { cursor } = walk;
  let axis = 0;
  const shardings: ShardedDim['shardings'][number][] = [];
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) axis = cursor.readInt64();
    else if (tag === 18) shardings.push(readMessage(walk, end, readSimpleSharding));
    else cursor.skip(tag, end);
  }
  return { axis, shardings };
}

/** SimpleShardedDimProto */
function readSimpleSharding({ cursor }: Walk, end: number): ShardedDim['shardings'][number] {
  let dim: number | string | undefined;
  let shardCount = 0;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 8) dim = cursor.readInt64();
    else if (tag === 18) dim = cursor.readText(end);
    else if (tag === 24) shardCount = cursor.readInt64();
    else cursor.skip(tag, end);
  }
  return { dim, shardCount };
}

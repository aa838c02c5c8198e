/**
 * `layercost devices`: the devices that latencies can be asked for, with the vendor's figures and their source.
 */
import type { Device } from '../../cost/device.ts';
import { formatBytes } from '../../base/format.ts';

export function devicesText(devices: readonly Device[]): string {
  return devices.map(deviceText).join('\n');
}

export function devicesJson(devices: readonly Device[]): string {
  return `${JSON.stringify(devices, null, 2)}\n`;
}

function deviceText(device: Device): string {
  const rates = Object.entries(device.matrixTflops).map(([precision, tflops]) => `${precision} ${tflops}`);
  const memory = device.memoryBytes === undefined ? '' : `, ${formatBytes(device.memoryBytes)}`;
  return [
    `${device.id}  ${device.description}`,
    `  ${rates.join(', ')} TFLOPS (dense peaks); ${device.memoryBandwidthGbs} GB/s${memory}`,
    `  source: ${device.source}`,
    '',
  ].join('\n');
}

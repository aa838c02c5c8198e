/**
 * `layercost devices`: the devices that latencies can be asked for, with the vendor's figures and their source.
 */
import { printedText, type Printed } from '../../base/escaping/printed.ts';
import { printedJson } from '../../base/escaping/printedJson.ts';
import type { Device } from '../../cost/device.ts';
import { formatBytes } from '../../base/format.ts';

export function devicesText(devices: readonly Device[]): Printed {
  return printedText(devices.map(deviceText).join('\n'));
}

export function devicesJson(devices: readonly Device[]): Printed {
  return printedJson(devices, 2);
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

/** One sentence where a device is asked for that is not among the known ones. */
export function unknownDevice(devices: readonly Device[], asked: readonly string[] | undefined): string | undefined {
  const known = devices.map(({ id }) => id);
  const unknown = asked?.find((id) => !known.includes(id));
  return unknown === undefined ? undefined : `unknown device "${unknown}"; known are ${known.join(', ')}`;
}

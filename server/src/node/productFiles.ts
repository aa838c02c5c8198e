/**
 * Files that ship beside the bundled programs: the wasm of the parser, the devices. All lie in one folder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDevice, type Device } from '../cost/device.ts';
import { invariant } from '../base/assert.ts';
import { isAbsence } from './fileFaults.ts';

declare const LAYERCOST_VERSION: string | undefined;

/** esbuild puts the version in; from source there is none. */
export const productVersion = typeof LAYERCOST_VERSION === 'string' ? LAYERCOST_VERSION : '0.0.0-source';

/**
 * Reads a shipped file from `folder`, the folder of the running program. Throws as fs.readFileSync does, but for a file that
 * is missing: that is no mistake of the user's.
 */
export function readProductFile(folder: string, name: string): Uint8Array {
  try {
    return readFileSync(path.join(folder, name));
  } catch (error) {
    if (!isAbsence(error)) throw error;
    throw new Error(`the program lacks its file ${name}: install it again`, { cause: error });
  }
}

/** The devices of models/devices, which the build joins into one file. */
export function readDevices(folder: string): readonly Device[] {
  const list: unknown = JSON.parse(new TextDecoder().decode(readProductFile(folder, 'devices.json')));
  invariant(Array.isArray(list), 'devices.json holds a list');
  return list.map((json: unknown) => {
    const result = parseDevice(json);
    invariant(result.kind === 'ok', result.kind === 'ok' ? '' : `devices.json: ${result.message}`);
    return result.device;
  });
}

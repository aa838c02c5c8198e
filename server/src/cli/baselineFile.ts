/**
 * Reads a file of `layercost baseline`: snapshots of models, or one sentence that says what is wrong with it.
 */
import { baselineFromJson } from '../gate/baseline.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import { readRegularFile } from '../node/regularFile.ts';
import type { Asked } from './askedModels.ts';

const MAX_BASELINE_BYTES = 256 * 2 ** 20;

export function readBaseline(file: string): Asked<readonly ModelSnapshot[]> {
  const read = readRegularFile(file, MAX_BASELINE_BYTES);
  if (read.kind === 'fault') return { kind: 'invalid', message: `${file} cannot be read: ${read.reason}` };
  const decoded = baselineFromJson(read.value.toString('utf8'));
  return decoded.kind === 'ok'
    ? decoded
    : { kind: 'invalid', message: `${file} is no baseline of "layercost baseline": ${decoded.message}` };
}

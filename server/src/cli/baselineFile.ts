/**
 * Reads a file of `layercost baseline`: snapshots of models, or one sentence that says what is wrong with it.
 */
import { readFileSync } from 'node:fs';
import { baselineFromJson } from '../gate/baseline.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import type { Asked } from './askedModels.ts';

const MAX_BASELINE_BYTES = 256 * 2 ** 20;

export function readBaseline(file: string): Asked<readonly ModelSnapshot[]> {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BASELINE_BYTES) return { kind: 'invalid', message: `${file} is too large for a baseline` };
    const decoded = baselineFromJson(bytes.toString('utf8'));
    return decoded.kind === 'ok'
      ? decoded
      : { kind: 'invalid', message: `${file} is no baseline of "layercost baseline": ${decoded.message}` };
  } catch (error) {
    return {
      kind: 'invalid',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/**
 * A baseline file: snapshots of all models, kept where history is not at hand (a shallow clone, an archive). As JSON,
 * models by name and every figure on its line, so that its own diff reads well. Read back with all it was given.
 */
import { compareText } from '../base/compareText.ts';
import { latency, place, totals } from './checkJson.ts';
import {
  amount,
  count,
  decodeVersioned,
  encodeJson,
  list,
  nullable,
  record,
  share,
  text,
  type Decoded,
} from './decode.ts';
import type { ModelSnapshot, SnapshotLayer } from './snapshot.ts';

/** A change that breaks readers raises it. */
const FORMAT_VERSION = 1;

export function baselineToJson(snapshots: readonly ModelSnapshot[]): string {
  const models = [...snapshots].sort((one, other) => compareText(one.name, other.name));
  return encodeJson({ formatVersion: FORMAT_VERSION, models }, 1);
}

export function baselineFromJson(json: string): Decoded<readonly ModelSnapshot[]> {
  const decoded = decodeVersioned(json, FORMAT_VERSION, record({ models: list(snapshot) }));
  return decoded.kind === 'ok' ? { kind: 'ok', value: decoded.value.models } : decoded;
}

const layer = record<SnapshotLayer>({
  name: text,
  op: text,
  outputShapes: list(text),
  paramCount: nullable(count),
  macs: nullable(count),
  callCount: count,
  latency: list(latency),
  place: nullable(place),
});

export const snapshot = record<ModelSnapshot>({
  name: text,
  target: text,
  inputs: list(text),
  totals,
  latency: list(latency),
  accuracy: list(record({ dataset: text, value: nullable(amount) })),
  layers: list(layer),
  coverageShare: share,
});

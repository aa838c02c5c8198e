/**
 * A baseline file: snapshots of all models, kept where history is not at hand (a shallow clone, an archive). As JSON,
 * models by name and every figure on its line, so that its own diff reads well. Read back with all it was given.
 */
import { compareText } from '../base/compareText.ts';
import { latency, place, totals } from './checkJson.ts';
import { decode, integer, list, nullable, number, record, text, type Decoded } from './decode.ts';
import type { ModelSnapshot, SnapshotLayer } from './snapshot.ts';

/** A change that breaks readers raises it. */
const FORMAT_VERSION = 1;

export function baselineToJson(snapshots: readonly ModelSnapshot[]): string {
  const models = [...snapshots].sort((one, other) => compareText(one.name, other.name));
  const json = { formatVersion: FORMAT_VERSION, models };
  return `${JSON.stringify(json, (_, value: unknown) => (value === undefined ? null : value), 1)}\n`;
}

export function baselineFromJson(json: string): Decoded<readonly ModelSnapshot[]> {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'invalid', message: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const version = decode(record({ formatVersion: number }), value);
  if (version.kind === 'invalid') return version;
  if (version.value.formatVersion !== FORMAT_VERSION) {
    return { kind: 'invalid', message: `its formatVersion is ${version.value.formatVersion}, not ${FORMAT_VERSION}` };
  }
  const decoded = decode(record({ models: list(snapshot) }), value);
  return decoded.kind === 'ok' ? { kind: 'ok', value: decoded.value.models } : decoded;
}

const layer = record<SnapshotLayer>({
  name: text,
  op: text,
  outputShapes: list(text),
  paramCount: nullable(number),
  macs: nullable(number),
  callCount: integer,
  latency: list(latency),
  place: nullable(place),
});

const snapshot = record<ModelSnapshot>({
  name: text,
  target: text,
  inputs: list(text),
  totals,
  latency: list(latency),
  accuracy: list(record({ dataset: text, value: nullable(number) })),
  layers: list(layer),
  coverageShare: number,
});

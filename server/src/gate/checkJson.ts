/**
 * A check report as JSON (docs/json.md) and back, so that parts from several machines can be merged. Everything of the
 * report stands in it, null for what is undefined; `verdict` and `summary` are there for readers and not read back.
 */
import type { Metric } from '../configuration/configuration.ts';
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from './checkReport.ts';
import type { Cause } from './causes.ts';
import {
  decodeVersioned,
  encodeJson,
  flag,
  integer,
  list,
  nullable,
  number,
  oneOf,
  record,
  text,
  type Decoded,
  type Decoder,
} from './decode.ts';
import type { DigestAssumption, PlacedProblem } from './modelDigest.ts';
import type { Place } from './place.ts';
import type { SnapshotLatency, SnapshotTotals } from './snapshot.ts';

/** A change that breaks readers raises it. */
const FORMAT_VERSION = 1;

export function checkToJson(report: CheckReport): string {
  const head = { formatVersion: FORMAT_VERSION, verdict: verdictOf(report), summary: summarize(report) };
  // Reading it gives the fields the order of the decoders, whatever order it was made in.
  return encodeJson({ ...head, ...checkReport(report, '') }, 2);
}

export function checkFromJson(json: string): Decoded<CheckReport> {
  return decodeVersioned(json, FORMAT_VERSION, checkReport);
}

export const place: Decoder<Place> = (value, path) => {
  const { isOutside, ...rest } = record({ file: text, line: integer, isOutside: nullable(flag) })(value, path);
  return isOutside === true ? { ...rest, isOutside } : rest;
};

const metric: Decoder<Metric> = (value, path) => {
  const { kind } = record({
    kind: oneOf('params', 'macs', 'weights', 'activations', 'peakMemory', 'latency', 'accuracy'),
  })(value, path);
  if (kind === 'accuracy') return record({ kind: oneOf('accuracy'), dataset: text })(value, path);
  if (kind !== 'latency') return { kind };
  const latencyMetric = { kind: oneOf('latency'), deviceId: text, estimate: oneOf('roofline', 'predicted', 'upper') };
  return record(latencyMetric)(value, path);
};

const cause = record<Cause>({ layer: text, op: text, value: number, share: number, place: nullable(place) });

const budget = record<BudgetCheck>({
  rule: text,
  metric,
  kind: oneOf('limit', 'growth'),
  severity: oneOf('error', 'warn'),
  text,
  place: nullable(place),
  actual: nullable(number),
  limit: nullable(number),
  baseline: nullable(number),
  excess: nullable(record({ amount: number, share: nullable(number) })),
  causes: list(cause),
  status: oneOf('pass', 'warn', 'fail', 'unknown', 'notChecked'),
  reason: nullable(text),
});

const problem = record<PlacedProblem>({
  code: text,
  severity: oneOf('error', 'warning', 'information'),
  message: text,
  place: nullable(place),
});

const assumption = record<DigestAssumption>({
  kind: oneOf('input', 'argument', 'branch', 'device', 'other'),
  message: text,
  place: nullable(place),
});

export const totals = record<SnapshotTotals>({
  paramCount: nullable(number),
  macs: nullable(number),
  weightBytes: nullable(number),
  activationBytes: nullable(number),
  peakMemoryBytes: nullable(number),
});

export const latency = record<SnapshotLatency>({
  deviceId: text,
  rooflineMs: nullable(number),
  predictedMs: nullable(number),
  upperMs: nullable(number),
});

const entry = record<EntryCheck>({
  index: integer,
  name: text,
  target: text,
  args: nullable(text),
  status: oneOf('pass', 'warn', 'fail', 'unknown', 'error'),
  fault: nullable(oneOf('input', 'internal')),
  gaps: list(text),
  isUnknownAllowed: flag,
  budgets: list(budget),
  inputs: list(text),
  totals: nullable(totals),
  latency: list(latency),
  coverageShare: number,
  baseNotes: list(text),
  assumptions: list(assumption),
  problems: list(problem),
  place: nullable(place),
  configurationPlace: nullable(place),
});

const checkReport = record<CheckReport>({
  configuration: nullable(text),
  entryCount: integer,
  shard: nullable(record({ index: integer, count: integer })),
  base: nullable(record({ label: text, commitId: nullable(text), problems: list(problem) })),
  entries: list(entry),
  problems: list(problem),
});

/**
 * A check report as JSON (docs/json.md) and back, so that parts from several machines can be merged. Everything of the
 * report stands in it, null for what is undefined; `verdict` and `summary` are there for readers and not read back.
 */
import type { Printed } from '../base/escaping/printed.ts';
import type { Metric } from '../configuration/configuration.ts';
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from './checkReport.ts';
import type { Cause } from './causes.ts';
import {
  amount,
  count,
  decodeVersioned,
  encodeJson,
  flag,
  integer,
  list,
  nullable,
  number,
  oneOf,
  record,
  refuse,
  share,
  text,
  type Decoded,
  type Decoder,
} from './decode.ts';
import type { DigestAssumption, PlacedProblem } from './modelDigest.ts';
import type { Place } from './place.ts';
import type { SnapshotLatency, SnapshotTotals } from './snapshot.ts';

/** A change that breaks readers raises it. */
const FORMAT_VERSION = 1;

export function checkToJson(report: CheckReport): Printed {
  const head = { formatVersion: FORMAT_VERSION, verdict: verdictOf(report), summary: summarize(report) };
  // Reading it gives the fields the order of the decoders, whatever order it was made in.
  return encodeJson({ ...head, ...checkReport(report, '') }, 2);
}

export function checkFromJson(json: string): Decoded<CheckReport> {
  return decodeVersioned(json, FORMAT_VERSION, checkReport);
}

const lineNumber: Decoder<number> = (value, path) => {
  const line = integer(value, path);
  return line > 0 ? line : refuse(value, path, 'an integer from 1');
};

export const place: Decoder<Place> = (value, path) => {
  const { isOutside, ...rest } = record({ file: text, line: lineNumber, isOutside: nullable(flag) })(value, path);
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

export const cause = record<Cause>({ layer: text, op: text, value: amount, share: amount, place: nullable(place) });

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

export const problem = record<PlacedProblem>({
  code: text,
  severity: oneOf('error', 'warning', 'information'),
  message: text,
  place: nullable(place),
});

export const assumption = record<DigestAssumption>({
  kind: oneOf('input', 'argument', 'branch', 'device', 'other'),
  message: text,
  place: nullable(place),
});

export const totals = record<SnapshotTotals>({
  paramCount: nullable(count),
  macs: nullable(count),
  weightBytes: nullable(amount),
  activationBytes: nullable(amount),
  peakMemoryBytes: nullable(amount),
});

const latencyFields = record<SnapshotLatency>({
  deviceId: text,
  rooflineMs: nullable(amount),
  predictedMs: nullable(amount),
  upperMs: nullable(amount),
});

/** The upper end of an interval is not below what it is of. */
export const latency: Decoder<SnapshotLatency> = (value, path) => {
  const fields = latencyFields(value, path);
  const { predictedMs = 0, upperMs = predictedMs } = fields;
  return upperMs >= predictedMs ? fields : refuse(upperMs, `${path}.upperMs`, `a number from ${predictedMs}`);
};

const entry = record<EntryCheck>({
  index: count,
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
  coverageShare: share,
  baseNotes: list(text),
  assumptions: list(assumption),
  problems: list(problem),
  place: nullable(place),
  configurationPlace: nullable(place),
});

const checkReport = record<CheckReport>({
  configuration: nullable(text),
  entryCount: count,
  shard: nullable(record({ index: count, count })),
  base: nullable(record({ label: text, commitId: nullable(text), problems: list(problem) })),
  entries: list(entry),
  problems: list(problem),
});

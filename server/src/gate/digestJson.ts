/**
 * Reads what a cache keeps of a model, which others may have written: figures are numbers that a model can have, names are
 * texts, lists are of a length that we write. { snapshot: { totals: { macs: -1 } } } -> 'snapshot.totals.macs is -1, not ...'
 */
import { snapshot } from './baseline.ts';
import { assumption, cause, place, problem } from './checkJson.ts';
import {
  count,
  decode,
  dictionary,
  list,
  nullable,
  record,
  refuse,
  text,
  type Decoded,
  type Decoder,
} from './decode.ts';
import type { ModelDigest } from './modelDigest.ts';
import type { MissingReasons } from './snapshot.ts';

export function digestFromJson(json: unknown): Decoded<ModelDigest> {
  return decode(digest, json);
}

const coverageFields = record<ModelDigest['coverage']>({
  understoodNodes: count,
  totalNodes: count,
  unknown: list(record({ name: text, count, reason: text })),
});

const coverage: Decoder<ModelDigest['coverage']> = (value, path) => {
  const fields = coverageFields(value, path);
  const { understoodNodes, totalNodes } = fields;
  return understoodNodes <= totalNodes
    ? fields
    : refuse(understoodNodes, `${path}.understoodNodes`, `a number from 0 to ${totalNodes}`);
};

const FIGURES = ['paramCount', 'macs', 'weightBytes', 'activationBytes', 'peakMemoryBytes', 'latency'] as const;

/** Reasons of figures that there are. */
const missing: Decoder<MissingReasons> = (value, path) => {
  const reasons = dictionary(text)(value, path);
  const strange = Object.keys(reasons).find((key) => !FIGURES.some((each) => each === key));
  return strange === undefined ? reasons : refuse(strange, path, `one of ${FIGURES.join(', ')}`);
};

/** Keys of causes.ts. */
const COSTLIEST = /^(?:paramCount|macs|weightBytes|activationBytes|peakMemoryBytes|latency .+)$/;

const costliest: Decoder<ModelDigest['costliest']> = (value, path) => {
  const causes = dictionary(list(cause))(value, path);
  const strange = Object.keys(causes).find((key) => !COSTLIEST.test(key));
  return strange === undefined ? causes : refuse(strange, path, 'a metric');
};

const digest = record<ModelDigest>({
  snapshot,
  missing,
  costliest,
  assumptions: list(assumption),
  problems: list(problem),
  coverage,
  place: nullable(place),
});

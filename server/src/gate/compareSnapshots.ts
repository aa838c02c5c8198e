/**
 * The models of two versions against each other: those of one name are compared; one that is gone and one that is new
 * are one model under another name where most of their layers are the same.
 * [Net, Old] and [Net, New] -> Net compared, Old renamed to New (or removed and added).
 */
import { compareModels, type ModelComparison } from './compareModels.ts';
import type { ModelSnapshot } from './snapshot.ts';

export type EntryComparison =
  | { readonly kind: 'compared'; readonly comparison: ModelComparison }
  | { readonly kind: 'added'; readonly after: ModelSnapshot }
  | { readonly kind: 'removed'; readonly before: ModelSnapshot };

/** In the order of `after`, then what was removed; of several with one name the first counts. */
export function compareSnapshots(
  before: readonly ModelSnapshot[],
  after: readonly ModelSnapshot[],
): readonly EntryComparison[] {
  const old = byName(before);
  const fresh = byName(after);
  const removed = [...old.values()].filter(({ name }) => !fresh.has(name));
  const added = [...fresh.values()].filter(({ name }) => !old.has(name));
  const renamed = renamedModels(removed, added);
  const taken = new Set(renamed.values());
  const present = [...fresh.values()].map((snapshot): EntryComparison => {
    const partner = old.get(snapshot.name) ?? renamed.get(snapshot);
    return partner === undefined
      ? { kind: 'added', after: snapshot }
      : { kind: 'compared', comparison: compareModels(partner, snapshot) };
  });
  const gone = removed.filter((snapshot) => !taken.has(snapshot));
  return [...present, ...gone.map((snapshot): EntryComparison => ({ kind: 'removed', before: snapshot }))];
}

function byName(snapshots: readonly ModelSnapshot[]): ReadonlyMap<string, ModelSnapshot> {
  const found = new Map<string, ModelSnapshot>();
  for (const snapshot of snapshots) if (!found.has(snapshot.name)) found.set(snapshot.name, snapshot);
  return found;
}

/** From this share of equal layers on, two models are one. */
const MIN_SIMILARITY = 0.6;
/** With more than this to compare, names alone decide. */
const MAX_PAIRS = 2500;

/** The old model of each new one that has one: the most alike first. */
function renamedModels(
  removed: readonly ModelSnapshot[],
  added: readonly ModelSnapshot[],
): ReadonlyMap<ModelSnapshot, ModelSnapshot> {
  if (removed.length * added.length > MAX_PAIRS) return new Map();
  const counts = new Map([...removed, ...added].map((snapshot) => [snapshot, structureCounts(snapshot)]));
  const countsOf = (snapshot: ModelSnapshot): Counts => counts.get(snapshot) ?? new Map<string, number>();
  const pairs = removed
    .flatMap((old) => added.map((fresh) => ({ old, fresh, similarity: similarity(countsOf(old), countsOf(fresh)) })))
    .filter((pair) => pair.similarity >= MIN_SIMILARITY)
    .sort((one, other) => other.similarity - one.similarity);
  const partners = new Map<ModelSnapshot, ModelSnapshot>();
  const taken = new Set<ModelSnapshot>();
  for (const { old, fresh } of pairs) {
    if (taken.has(old) || partners.has(fresh)) continue;
    partners.set(fresh, old);
    taken.add(old);
  }
  return partners;
}

/** The one that is most like a model, where most of their layers are the same; of several that are alike the first. */
export function mostSimilar(snapshot: ModelSnapshot, candidates: readonly ModelSnapshot[]): ModelSnapshot | undefined {
  const counts = structureCounts(snapshot);
  let best: { readonly candidate: ModelSnapshot; readonly share: number } | undefined;
  for (const candidate of candidates) {
    const share = similarity(structureCounts(candidate), counts);
    if (share >= MIN_SIMILARITY && share > (best?.share ?? 0)) best = { candidate, share };
  }
  return best?.candidate;
}

/** How many layers of each structure. */
type Counts = ReadonlyMap<string, number>;

function structureCounts({ layers }: ModelSnapshot): Counts {
  const counts = new Map<string, number>();
  for (const { op, paramCount, outputShapes } of layers) {
    const key = `${op}|${String(paramCount)}|${outputShapes.join(',')}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Layers that both have, of those that either has: 0 to 1. */
function similarity(one: Counts, other: Counts): number {
  let shared = 0;
  for (const [key, count] of one) shared += Math.min(count, other.get(key) ?? 0);
  const all = total(one) + total(other) - shared;
  return all === 0 ? 0 : shared / all;
}

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/**
 * Which layer of one version is which of the other: an alignment of the two lists, as a diff aligns lines, that prefers
 * what is the same by name and structure, then what was only renamed, then what only changed.
 * [conv 3>64, relu] and [stem 3>3, conv 3>64, relu] -> added stem, renamed 0 -> 1, renamed 1 -> 2.
 */
import type { SnapshotLayer } from './snapshot.ts';

/** Indices into the two lists; each layer stands in one pair, and has no partner where it was added or removed. */
export interface LayerPair {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Tables larger than this are cut up first, at layers that both sides have once: 3000 layers against 3000. */
const MAX_TABLE_CELLS = 9_000_000;
/** All tables of one comparison together, and how often a part is cut up again: behind that, names alone decide. */
const MAX_CELLS = 30_000_000;
const MAX_CUTS = 8;

/**
 * Pairs in the order of `after`, what was removed standing where it stood. Time is bounded: below MAX_TABLE_CELLS a
 * table of all against all, above it one of what lies between layers that only match each other, at worst by name alone.
 */
export function matchLayers(before: readonly SnapshotLayer[], after: readonly SnapshotLayer[]): readonly LayerPair[] {
  const keys = new KeyTable();
  const sides: Sides = { before: before.map((layer) => keys.of(layer)), after: after.map((layer) => keys.of(layer)) };
  const whole: Span = { beforeStart: 0, beforeEnd: before.length, afterStart: 0, afterEnd: after.length };
  const pairs = align(sides, whole, { cellsLeft: MAX_CELLS, cutsLeft: MAX_CUTS });
  return pairMoved(sides, pairs);
}

/** What is compared of a layer, each text as a number, so that comparing is cheap. */
interface LayerKey {
  readonly name: number;
  /** "layer1.0.conv1" -> "conv1" */
  readonly lastName: number;
  readonly op: number;
  readonly paramCount: number;
  /** Op, parameters and shapes: two layers of one structure do the same. */
  readonly structure: number;
}

interface Sides {
  readonly before: readonly LayerKey[];
  readonly after: readonly LayerKey[];
}

/** Half-open ranges of both lists. */
interface Span {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Counts down as it is spent. */
interface Bounds {
  cellsLeft: number;
  cutsLeft: number;
}

class KeyTable {
  readonly #numbers = new Map<string, number>();

  of({ name, op, paramCount, outputShapes }: SnapshotLayer): LayerKey {
    const params = String(paramCount);
    return {
      name: this.#number(name),
      lastName: this.#number(name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1)),
      op: this.#number(op),
      paramCount: this.#number(params),
      structure: this.#number(`${op}|${params}|${outputShapes.join(',')}`),
    };
  }

  #number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return number;
  }
}

/** One layer that was added or removed. */
const GAP_COST = 0.5;

/**
 * How little two layers seem to be one, from 0 for the same to Infinity. A rename costs next to nothing, so that a block
 * put in front of others shifts them; a change costs more than half of "one removed, one added", so that it needs a
 * reason: the same name (of the layer itself at least), or the same kind of layer in the same place.
 */
function pairCost(before: LayerKey, after: LayerKey): number {
  const rename = before.name === after.name ? 0 : before.lastName === after.lastName ? 1 : 2;
  if (before.structure === after.structure) return rename * 0.01;
  if (before.op === after.op) {
    // The same parameters give other shapes where the input changed, or a stride before.
    return before.paramCount === after.paramCount ? 0.1 + rename * 0.1 : 0.4 + rename * 0.2;
  }
  return rename === 0 ? 0.7 : rename === 1 ? 0.9 : Infinity;
}

function align(sides: Sides, span: Span, bounds: Bounds): readonly LayerPair[] {
  const start = commonStart(sides, span);
  const end = commonEnd(sides, start.rest);
  return [...start.pairs, ...alignMiddle(sides, end.rest, bounds), ...end.pairs];
}

function alignMiddle(sides: Sides, span: Span, bounds: Bounds): readonly LayerPair[] {
  const beforeCount = span.beforeEnd - span.beforeStart;
  const afterCount = span.afterEnd - span.afterStart;
  if (beforeCount === 0 || afterCount === 0) return gaps(span);
  const cells = (beforeCount + 1) * (afterCount + 1);
  if (cells <= Math.min(MAX_TABLE_CELLS, bounds.cellsLeft)) {
    bounds.cellsLeft -= cells;
    return alignByTable(sides, span);
  }
  if (bounds.cutsLeft === 0) return gaps(span);
  bounds.cutsLeft--;
  const pairs = alignBetweenAnchors(sides, span, bounds);
  bounds.cutsLeft++;
  return pairs;
}

function commonStart(sides: Sides, span: Span): { readonly pairs: readonly LayerPair[]; readonly rest: Span } {
  const pairs: LayerPair[] = [];
  let { beforeStart, afterStart } = span;
  while (beforeStart < span.beforeEnd && afterStart < span.afterEnd && isSame(sides, beforeStart, afterStart)) {
    pairs.push({ before: beforeStart++, after: afterStart++ });
  }
  return { pairs, rest: { ...span, beforeStart, afterStart } };
}

function commonEnd(sides: Sides, span: Span): { readonly pairs: readonly LayerPair[]; readonly rest: Span } {
  const pairs: LayerPair[] = [];
  let { beforeEnd, afterEnd } = span;
  while (span.beforeStart < beforeEnd && span.afterStart < afterEnd && isSame(sides, beforeEnd - 1, afterEnd - 1)) {
    pairs.push({ before: --beforeEnd, after: --afterEnd });
  }
  return { pairs: pairs.reverse(), rest: { ...span, beforeEnd, afterEnd } };
}

function isSame({ before, after }: Sides, beforeIndex: number, afterIndex: number): boolean {
  const one = before[beforeIndex];
  const other = after[afterIndex];
  return one !== undefined && other !== undefined && pairCost(one, other) === 0;
}

/** The cheapest alignment (Needleman and Wunsch, 1970): a table of the cost of every two beginnings. */
function alignByTable({ before, after }: Sides, span: Span): readonly LayerPair[] {
  const rows = before.slice(span.beforeStart, span.beforeEnd);
  const columns = after.slice(span.afterStart, span.afterEnd);
  const width = columns.length + 1;
  const steps = new Uint8Array((rows.length + 1) * width).fill(REMOVE);
  steps.fill(ADD, 0, width);
  let above = Float64Array.from({ length: width }, (_, column) => column * GAP_COST);
  rows.forEach((row, index) => {
    const line = new Float64Array(width);
    line[0] = (index + 1) * GAP_COST;
    const offset = (index + 1) * width;
    columns.forEach((column, at) => {
      // Within the table by construction.
      const paired = (above[at] as number) + pairCost(row, column);
      const removed = (above[at + 1] as number) + GAP_COST;
      const added = (line[at] as number) + GAP_COST;
      const best = Math.min(paired, removed, added);
      line[at + 1] = best;
      // Walked from the end: what was added comes first there, so that it stands behind what was removed.
      steps[offset + at + 1] = paired === best ? PAIR : added === best ? ADD : REMOVE;
    });
    above = line;
  });
  return walkBack(steps, width, span);
}

const PAIR = 0;
const REMOVE = 1;
const ADD = 2;

function walkBack(steps: Uint8Array, width: number, span: Span): readonly LayerPair[] {
  const pairs: LayerPair[] = [];
  let row = span.beforeEnd - span.beforeStart;
  let column = span.afterEnd - span.afterStart;
  while (row > 0 || column > 0) {
    const step = steps[row * width + column];
    if (step !== ADD) row--;
    if (step !== REMOVE) column--;
    pairs.push({
      before: step === ADD ? undefined : span.beforeStart + row,
      after: step === REMOVE ? undefined : span.afterStart + column,
    });
  }
  return pairs.reverse();
}

/** Cuts a large span at layers of one name and structure that both sides have once, in the longest order they share. */
function alignBetweenAnchors(sides: Sides, span: Span, bounds: Bounds): readonly LayerPair[] {
  const anchors = longestIncreasing(uniquePairs(sides, span));
  if (anchors.length === 0) return gaps(span);
  const pairs: LayerPair[] = [];
  let { beforeStart, afterStart } = span;
  for (const anchor of [...anchors, { before: span.beforeEnd, after: span.afterEnd }]) {
    const between: Span = { beforeStart, beforeEnd: anchor.before, afterStart, afterEnd: anchor.after };
    for (const pair of alignMiddle(sides, between, bounds)) pairs.push(pair);
    if (anchor.before < span.beforeEnd) pairs.push(anchor);
    beforeStart = anchor.before + 1;
    afterStart = anchor.after + 1;
  }
  return pairs;
}

interface FullPair {
  readonly before: number;
  readonly after: number;
}

function uniquePairs({ before, after }: Sides, span: Span): readonly FullPair[] {
  const inBefore = uniqueIndices(before, span.beforeStart, span.beforeEnd);
  const inAfter = uniqueIndices(after, span.afterStart, span.afterEnd);
  return [...inBefore].flatMap(([key, index]) => {
    const partner = inAfter.get(key);
    return partner === undefined ? [] : [{ before: index, after: partner }];
  });
}

function uniqueIndices(keys: readonly LayerKey[], start: number, end: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (let index = start; index < end; index++) {
    const key = keys[index];
    if (key === undefined) continue;
    const text = `${key.name}/${key.structure}`;
    if (found.has(text)) repeated.add(text);
    found.set(text, index);
  }
  for (const text of repeated) found.delete(text);
  return found;
}

/** The longest run of pairs that rises on both sides; `pairs` rise by `before` (patience sorting, n log n). */
function longestIncreasing(pairs: readonly FullPair[]): readonly FullPair[] {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  pairs.forEach((pair, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.after ?? 0) < pair.after) low = middle + 1;
      else high = middle;
    }
    previous[index] = tails[low - 1];
    tails[low] = index;
  });
  const run: FullPair[] = [];
  for (let at = tails.at(-1); at !== undefined; at = previous[at]) {
    const pair = pairs[at];
    if (pair !== undefined) run.push(pair);
  }
  return run.reverse();
}

function gaps(span: Span): readonly LayerPair[] {
  const pairs: LayerPair[] = [];
  for (let index = span.beforeStart; index < span.beforeEnd; index++) pairs.push({ before: index, after: undefined });
  for (let index = span.afterStart; index < span.afterEnd; index++) pairs.push({ before: undefined, after: index });
  return pairs;
}

/** A layer that runs earlier or later than before is the same layer: what is left over is paired by name. */
function pairMoved({ before, after }: Sides, pairs: readonly LayerPair[]): readonly LayerPair[] {
  const removed = new Map<number, number>();
  for (const pair of pairs) {
    const key = pair.before === undefined || pair.after !== undefined ? undefined : before[pair.before];
    if (key !== undefined && pair.before !== undefined && !removed.has(key.name)) removed.set(key.name, pair.before);
  }
  const moved = new Map<number, number>();
  for (const pair of pairs) {
    const key = pair.after === undefined || pair.before !== undefined ? undefined : after[pair.after];
    const partner = key === undefined ? undefined : removed.get(key.name);
    if (key === undefined || partner === undefined || pair.after === undefined) continue;
    moved.set(partner, pair.after);
    removed.delete(key.name);
  }
  const partners = new Map([...moved].map(([from, to]) => [to, from]));
  return pairs.flatMap((pair) => {
    if (pair.after === undefined) return pair.before !== undefined && moved.has(pair.before) ? [] : [pair];
    return [{ ...pair, before: pair.before ?? partners.get(pair.after) }];
  });
}

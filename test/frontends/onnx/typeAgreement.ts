/**
 * Compares our types with texts of the truth: "2x3x? float32" agrees with 2x3x5 float32; what the truth does not know
 * agrees with anything. A symbol of ours where the truth has a number is a disagreement, except an unknown one, which
 * is a gap.
 */
import { printDim, unknownReason } from '../../../server/src/graph/dim.ts';
import type { ValueType } from '../../../server/src/graph/tensorType.ts';

export type Agreement = 'equal' | 'gap' | 'different' | 'notKnown';

export function agreement(ours: ValueType | undefined, truth: string): Agreement {
  const container = /^(sequence|optional)(?:\((.*)\))?$/.exec(truth);
  if (container !== null) {
    const [, kind, element] = container;
    if (ours === undefined || ours.kind === 'unknown') return 'gap';
    // A computed value is what an optional holds.
    if (ours.kind === 'optional' && element === undefined) return agreement(ours.element, truth);
    if ((ours.kind !== 'sequence' && ours.kind !== 'optional') || ours.kind !== kind) return 'different';
    return element === undefined ? 'equal' : agreement(ours.element, element);
  }
  if (truth.startsWith('map(')) return ours?.kind === 'map' ? 'equal' : 'different';
  if (truth === '?') return 'notKnown';
  const [shapeText = '', dtype = ''] = truth.replace(/^sparse /, '').split(/ (?=\w+$)/);
  if (ours === undefined || ours.kind === 'unknown') return 'gap';
  if (ours.kind !== 'tensor' && ours.kind !== 'sparseTensor') return 'different';
  if (ours.dtype !== dtype && dtype !== 'unknown') return ours.dtype === 'unknown' ? 'gap' : 'different';
  if (shapeText === '?') return 'equal';
  if (ours.shape === undefined) return 'gap';
  const dims = shapeText === 'scalar' ? [] : shapeText.split('x');
  if (dims.length !== ours.shape.length) return 'different';
  const each = ours.shape.map((dim, i): Agreement => {
    const known = dims[i] ?? '?';
    if (!/^\d+$/.test(known)) return 'equal';
    if (unknownReason(dim) !== undefined) return 'gap';
    return printDim(dim) === known ? 'equal' : 'different';
  });
  if (each.includes('different')) return 'different';
  return each.includes('gap') ? 'gap' : 'equal';
}

/** Counts by kind, and the names of what does not agree. */
export interface Tally {
  equal: number;
  gap: number;
  different: number;
  notKnown: number;
  readonly misses: string[];
}

export function emptyTally(): Tally {
  return { equal: 0, gap: 0, different: 0, notKnown: 0, misses: [] };
}

export function addToTally(
  tally: Tally,
  name: string,
  ours: ValueType | undefined,
  truth: string,
  printed: string,
): void {
  const kind = agreement(ours, truth);
  tally[kind]++;
  if (kind === 'gap' || kind === 'different') tally.misses.push(`${kind}: ${name}: ours ${printed}, truth ${truth}`);
}

export function tallyText(tally: Tally): string {
  const known = tally.equal + tally.gap + tally.different;
  const share = known === 0 ? 100 : (100 * tally.equal) / known;
  return `${tally.equal} of ${known} agree (${share.toFixed(2)} %), ${tally.gap} unknown to us, ${tally.different} different, ${tally.notKnown} unknown to the truth`;
}

/**
 * How much more than the baseline is accepted: "+5 %" -> a share of 0.05, "+0.2 ms" -> 0.2 ms more. Of an accuracy, how
 * much less, in points of percent: "-0.5 points" -> 0.005 less.
 */
import type { GrowthBudget } from './configuration.ts';
import { parseQuantity, UNITS_TEXT, type QuantityKind } from './quantity.ts';

export type GrowthResult =
  | { readonly kind: 'ok'; readonly growth: GrowthBudget['growth'] }
  | { readonly kind: 'invalid' | 'contradictory'; readonly message: string };

export function parseGrowth(kind: QuantityKind, text: string): GrowthResult {
  const trimmed = text.trim();
  if (kind === 'accuracy') return parseLoss(trimmed);
  if (trimmed.startsWith('-')) {
    const message = `"${trimmed}" is negative; a growth is what may be added, such as "+5 %" or "+0 %"`;
    return { kind: 'contradictory', message };
  }
  const amount = trimmed.replace(/^\+\s*/, '');
  const percent = /^([^%]*)%$/.exec(amount)?.[1]?.trim();
  if (percent !== undefined) {
    const share = /^(\d+(\.\d*)?|\.\d+)$/.test(percent) ? Number(`${percent}e-2`) : NaN;
    if (Number.isFinite(share)) return { kind: 'ok', growth: { kind: 'relative', share } };
    return { kind: 'invalid', message: `"${trimmed}" is no percentage` };
  }
  const result = parseQuantity(kind, amount);
  if (result.kind === 'ok') return { kind: 'ok', growth: { kind: 'absolute', amount: result.amount } };
  return { kind: 'invalid', message: `"${trimmed}" is neither a percentage such as "+5 %" nor ${UNITS_TEXT[kind]}` };
}

function parseLoss(text: string): GrowthResult {
  const points = /^-?\s*(\d+(?:\.\d*)?|\.\d+)\s*(?:percentage )?points?$/.exec(text)?.[1];
  const share = points === undefined ? NaN : Number(`${points}e-2`);
  if (share <= 1) return { kind: 'ok', growth: { kind: 'absolute', amount: share } };
  const message = `"${text}" is not how many points an accuracy may lose, such as "-0.5 points"`;
  return { kind: text.startsWith('+') ? 'contradictory' : 'invalid', message };
}

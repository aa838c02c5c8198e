/**
 * Budgets as people would write them, never less than the amount: 12_859_613 parameters -> "12.9M", 2.512 ms -> "2.52 ms".
 */
import type { GrowthBudget, Metric } from './configuration.ts';

const COUNT_STEPS: readonly Step[] = [
  { size: 1e12, suffix: 'T' },
  { size: 1e9, suffix: 'G' },
  { size: 1e6, suffix: 'M' },
  { size: 1e3, suffix: 'K' },
  { size: 1, suffix: '' },
];
const BYTE_STEPS: readonly Step[] = [
  { size: 2 ** 40, suffix: ' TiB' },
  { size: 2 ** 30, suffix: ' GiB' },
  { size: 2 ** 20, suffix: ' MiB' },
  { size: 2 ** 10, suffix: ' KiB' },
  { size: 1, suffix: ' B' },
];
const TIME_STEPS: readonly Step[] = [
  { size: 1e3, suffix: ' s' },
  { size: 1, suffix: ' ms' },
  { size: 1e-3, suffix: ' us' },
  { size: 1e-6, suffix: ' ns' },
];

interface Step {
  readonly size: number;
  readonly suffix: string;
}

/** What budgets allow of what a model costs now, so that small changes pass: a tenth more. */
function withAllowance(figure: number): number {
  return (figure * 11) / 10;
}

/** A tenth more than a figure, as people write it; undefined where there is nothing to limit. Accuracies have none. */
export function allowedBudget({ kind }: Pick<Metric, 'kind'>, figure: number): string | undefined {
  const amount = withAllowance(figure);
  if (!(amount > 0) || kind === 'accuracy') return undefined;
  if (kind === 'latency') return latencyBudget(amount);
  return kind === 'params' || kind === 'macs' ? countBudget(amount) : bytesBudget(amount);
}

/** A tenth more than a growth, as people write it: from 90 to 99 -> "+11 %", or "+9.9K" where it is given as an amount. */
export function allowedGrowth(
  metric: Pick<Metric, 'kind'>,
  kind: GrowthBudget['growth']['kind'],
  { actual, baseline }: { readonly actual: number; readonly baseline: number },
): string | undefined {
  const growth = actual - baseline;
  if (kind === 'absolute') {
    const amount = allowedBudget(metric, growth);
    return amount === undefined ? undefined : `+${amount}`;
  }
  if (growth <= 0 || baseline <= 0 || metric.kind === 'accuracy') return undefined;
  const percent = withAllowance((100 * growth) / baseline);
  const scale = percent >= 100 ? 1 : percent >= 1 ? 10 : 1000;
  // Rounded first, so that 11.000000000000002 is 11 %.
  return `+${Math.ceil(Number((percent * scale).toFixed(6))) / scale} %`;
}

export function countBudget(count: number): string {
  return roundedUp(Math.ceil(count), COUNT_STEPS);
}

export function bytesBudget(bytes: number): string {
  return roundedUp(Math.ceil(bytes), BYTE_STEPS);
}

export function latencyBudget(latencyMs: number): string {
  return roundedUp(latencyMs, TIME_STEPS);
}

/** Three digits, the last rounded up: a step's thousand is written as such, "1000K". */
function roundedUp(amount: number, steps: readonly Step[]): string {
  const step = steps.find(({ size }) => amount >= size) ?? steps.at(-1);
  if (step === undefined) return String(amount);
  const value = amount / step.size;
  // Below the smallest step nothing is finer than a whole one.
  const decimals = step === steps.at(-1) ? 0 : Math.max(0, 2 - Math.floor(Math.log10(value)));
  const scale = 10 ** decimals;
  // The nearest one where that is enough: 2.2 times 100 is more than 220 by a rounding error.
  const nearest = Math.round(value * scale) / scale;
  const digits = nearest * step.size >= amount ? nearest : Math.ceil(value * scale) / scale;
  return `${Number(digits.toFixed(decimals))}${step.suffix}`;
}

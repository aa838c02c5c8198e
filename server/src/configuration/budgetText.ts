/**
 * Budgets as people would write them, never less than the amount: 12_859_613 parameters -> "12.9M", 2.512 ms -> "2.52 ms".
 */

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
  return `${Number((Math.ceil(value * scale) / scale).toFixed(decimals))}${step.suffix}`;
}

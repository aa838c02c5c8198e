/**
 * Numbers for people, the same in editor and terminal, every one with its unit:
 * 9408 -> "9.4K", 1814073344 -> "1.814G", 46758912 bytes -> "44.6 MiB", 0.1137 ms -> "0.114 ms".
 */

const COUNT_STEPS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/** "11.69M", "118M", "512"; four significant digits at the most. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '?';
  // Rounded first, so that 999,960 is "1M" and not "1000K".
  const rounded = Number(count.toPrecision(4));
  for (const [step, suffix] of COUNT_STEPS) {
    if (Math.abs(rounded) >= step) return significant(rounded / step, 4) + suffix;
  }
  return String(count);
}

/** "1.814 GMACs", "320 MACs". */
export function formatMacs(macs: number): string {
  const text = formatCount(macs);
  const suffix = /[KMGT]$/.exec(text)?.[0] ?? '';
  return `${suffix ? text.slice(0, -1) : text} ${suffix}MACs`;
}

const BYTE_STEPS: readonly (readonly [number, string])[] = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
];

/** "44.6 MiB", "512 B". Binary steps, as memory is sold. */
export function formatBytes(bytes: number): string {
  for (const [step, suffix] of BYTE_STEPS) {
    // The last half of 1024 rounds up to the next step: "1 MiB", not "1024 KiB".
    if (Math.abs(bytes) >= step * (1 - 0.5 / 1024)) return `${significant(bytes / step, 3)} ${suffix}`;
  }
  return Number.isFinite(bytes) ? `${bytes} B` : '?';
}

/** "2.9 ms", "85.3 µs", "1.2 s", "5.67 ns". */
export function formatLatencyMs(latencyMs: number): string {
  const rounded = Number(latencyMs.toPrecision(3));
  if (rounded >= 1000) return `${significant(rounded / 1000, 3)} s`;
  if (rounded >= 0.1) return `${significant(rounded, 3)} ms`;
  if (rounded >= 0.0001 || rounded === 0) return `${significant(latencyMs * 1e3, 3)} µs`;
  return `${significant(latencyMs * 1e6, 3)} ns`;
}

/** Rounds to a number of significant digits and drops trailing zeros of the fraction: 118.0 -> "118". */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '?';
  const fraction = Math.max(0, digits - (Math.floor(Math.log10(Math.abs(value) || 1)) + 1));
  const text = value.toFixed(Math.min(fraction, 20));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * Amounts as people write them in budgets: "5M" -> 5e6, "20 MiB" -> 20971520, "2.5 ms" -> 2.5, ">= 74 %" -> 0.74.
 * Each kind takes its own units; a text without one, or with that of another kind, is told which it takes.
 */
export type QuantityKind = 'params' | 'macs' | 'bytes' | 'latency' | 'accuracy';

export type QuantityResult =
  | { readonly kind: 'ok'; readonly amount: number }
  | { readonly kind: 'invalid' | 'contradictory'; readonly message: string };

/** What a quantity is given in: counts, MACs, bytes, ms, a share from 0 to 1. */
export const UNITS_TEXT: Readonly<Record<QuantityKind, string>> = {
  params: 'a count such as 5000000, "5M", "300K" or "1.2G"',
  macs: 'multiply-accumulates such as 300000000, "300M" or "1.8 GMACs"',
  bytes: 'bytes with their unit, such as "20 MiB" (2^20), "20 MB" (10^6), "512 KiB", "1 GiB" or "4096 B"',
  latency: 'a time with its unit, such as "2.5 ms", "300 us" or "1 s"',
  accuracy: 'a share in percent, such as ">= 74 %"',
};

const MAC_SUFFIXES: Readonly<Record<string, number>> = { '': 0, k: 3, K: 3, M: 6, G: 9, T: 12 };
/** A language model of "7B" has 7e9 parameters. */
const PARAM_SUFFIXES = { ...MAC_SUFFIXES, B: 9 };
const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
/** Powers of ten of a millisecond; both signs for micro. */
const TIME_UNITS: Readonly<Record<string, number>> = { ns: -6, us: -3, µs: -3, μs: -3, ms: 0, s: 3 };

const NUMBER = '(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?';

/** A limit: "5M", "<= 5M", ">= 74 %". */
export function parseLimit(kind: QuantityKind, text: string): QuantityResult {
  const [, sign = '', rest = ''] = /^\s*(<=|≤|<|>=|≥|>|=)?\s*([^]*)$/.exec(text) ?? [];
  const wanted = kind === 'accuracy' ? ['>=', '≥'] : ['<=', '≤'];
  if (sign !== '' && !wanted.includes(sign)) {
    const what = kind === 'accuracy' ? 'at least' : 'at most';
    return invalid(
      `"${text.trim()}" begins with "${sign}"; a limit here says ${what}, "${wanted[0] ?? ''}" or no sign`,
    );
  }
  return parseQuantity(kind, rest);
}

/** An amount without a sign of comparison. */
export function parseQuantity(kind: QuantityKind, text: string): QuantityResult {
  const match = new RegExp(`^(-?)(${NUMBER})\\s*([^\\d\\s][^]*)?$`).exec(text.trim());
  const [, minus = '', digits = '', unit = ''] = match ?? [];
  if (match === null) return invalid(`"${text.trim()}" is not ${UNITS_TEXT[kind]}`);
  const amount = scaled(kind, digits, unit.trim());
  if (typeof amount === 'string') return invalid(`"${text.trim()}" ${amount}`);
  if (minus !== '') return { kind: 'contradictory', message: `"${text.trim()}" is negative, and no model is` };
  if (!Number.isFinite(amount)) return invalid(`"${text.trim()}" is too large`);
  return { kind: 'ok', amount };
}

/** The amount, or what is wrong with its unit. */
function scaled(kind: QuantityKind, digits: string, unit: string): number | string {
  if (kind === 'params' || kind === 'macs') return scaledCount(kind, digits, unit);
  if (kind === 'accuracy') {
    if (unit !== '%') return `has no percent sign; an accuracy is ${UNITS_TEXT.accuracy}`;
    const share = shifted(digits, -2);
    return share <= 1 ? share : 'is more than 100 %';
  }
  const factor = kind === 'bytes' ? ownValue(BYTE_UNITS, unit) : ownValue(TIME_UNITS, unit);
  if (factor !== undefined) return kind === 'bytes' ? Number(digits) * factor : shifted(digits, factor);
  if (kind === 'bytes' && unit === 'KB') return 'may mean two things: write kB for 1000 bytes, KiB for 1024';
  if (unit === '') return `has no unit; it takes ${UNITS_TEXT[kind]}`;
  return `has the unit "${unit}"; it takes ${UNITS_TEXT[kind]}`;
}

function scaledCount(kind: 'params' | 'macs', digits: string, unit: string): number | string {
  if (/^[kKMGT]?FLOPs?$/i.test(unit)) return 'counts FLOPs; 2 FLOPs are one MAC, so write half of it in MACs';
  const [, suffix = '', noun = ''] = /^([kKMGBT]?)\s*([^]*)$/.exec(unit) ?? [];
  const nouns = kind === 'params' ? /^(?:param(?:eter)?s?)?$/ : /^(?:MACs?)?$/;
  // "5 MACs" is five of them, not five million "ACs".
  const isNounAlone = nouns.test(unit);
  const power = isNounAlone ? 0 : ownValue(kind === 'params' ? PARAM_SUFFIXES : MAC_SUFFIXES, suffix);
  if (power === undefined || !(isNounAlone || nouns.test(noun))) {
    const nearest = /^[mgt]$/.test(unit) ? ` (did you mean "${digits}${unit.toUpperCase()}"?)` : '';
    return `has the unit "${unit}"; it takes ${UNITS_TEXT[kind]}${nearest}`;
  }
  const count = shifted(digits, power);
  return Number.isInteger(count) || !Number.isFinite(count) ? count : 'is no whole number';
}

/** digits x 10^power, rounded once. */
function shifted(digits: string, power: number): number {
  const [mantissa = '', exponent = '0'] = digits.split(/[eE]/);
  return Number(`${mantissa}e${Number(exponent) + power}`);
}

function ownValue(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function invalid(message: string): QuantityResult {
  return { kind: 'invalid', message };
}

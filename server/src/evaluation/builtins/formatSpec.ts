/**
 * The format mini-language: parseFormatSpec("*>+12,.2f") -> fill "*", align ">", sign "+", width 12, grouping ",",
 * precision 2, type "f". Source: Python 3.12, "Format Specification Mini-Language".
 */

export interface FormatSpec {
  readonly fill: string;
  /** Empty where not given: numbers go right, the rest left. */
  readonly align: '' | '<' | '>' | '=' | '^';
  readonly sign: '' | '+' | '-' | ' ';
  /** `z`: no negative zero. */
  readonly coercesZero: boolean;
  /** `#` */
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: '' | ',' | '_';
  readonly precision: number | undefined;
  readonly type: string;
}

/** Undefined where the text is no format specification. */
export function parseFormatSpec(text: string): FormatSpec | undefined {
  const match = SPEC.exec(text);
  if (match === null) return undefined;
  const { fill, align, sign, zero, coerces, alternate, width, grouping, precision, type } = match.groups ?? {};
  const hasZero = zero !== undefined;
  return {
    fill: fill ?? (hasZero ? '0' : ' '),
    // The pattern admits nothing else.
    align: (align ?? (hasZero ? '=' : '')) as FormatSpec['align'],
    sign: (sign ?? '') as FormatSpec['sign'],
    coercesZero: coerces !== undefined,
    isAlternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: (grouping ?? '') as FormatSpec['grouping'],
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[+\- ])?(?<coerces>z)?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$/su;

/** Fills a finished text up to the width; `prefix` (sign, "0x") stays in front of the filling for "=". */
export function alignText(spec: FormatSpec, prefix: string, body: string, defaultAlign: '<' | '>'): string {
  const missing = spec.width - codePointCount(prefix) - codePointCount(body);
  if (missing <= 0) return prefix + body;
  const align = spec.align === '' ? defaultAlign : spec.align;
  if (align === '<') return prefix + body + spec.fill.repeat(missing);
  if (align === '>') return spec.fill.repeat(missing) + prefix + body;
  if (align === '=') return prefix + spec.fill.repeat(missing) + body;
  const left = missing >> 1;
  return spec.fill.repeat(left) + prefix + body + spec.fill.repeat(missing - left);
}

/** Puts separators into a run of digits; with zero filling, as many zeros as the width asks for go in first. */
export function groupDigits(digits: string, separator: string, groupSize: number, minimumLength: number): string {
  let padded = digits;
  while (groupedLength(padded.length, groupSize) < minimumLength) padded = `0${padded}`;
  const groups: string[] = [];
  for (let end = padded.length; end > 0; end -= groupSize)
    groups.unshift(padded.slice(Math.max(0, end - groupSize), end));
  return groups.join(separator);
}

/** Length in Python's characters. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) count -= 1;
  }
  return count;
}

function groupedLength(digitCount: number, groupSize: number): number {
  return digitCount + Math.floor((digitCount - 1) / groupSize);
}

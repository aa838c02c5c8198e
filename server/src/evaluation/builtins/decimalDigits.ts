/**
 * Doubles as exact decimals, rounded half to even: fixedDigits(2.5, 0) -> "2", fixedDigits(2.675, 2) -> "2.67",
 * significantDigits(1234.5, 2) -> digits "12", exponent 3. JavaScript's toFixed rounds ties away and stops at 1e21.
 */

/** Digits of |value| with that many after the point; the value is finite. */
export function fixedDigits(value: number, fractionCount: number): string {
  const scaled = roundedScale(Math.abs(value), fractionCount).toString();
  if (fractionCount <= 0) return scaled;
  const padded = scaled.padStart(fractionCount + 1, '0');
  return `${padded.slice(0, -fractionCount)}.${padded.slice(-fractionCount)}`;
}

/** The first `count` digits of |value|, rounded, and the power of ten of the first; zero has the exponent 0. */
export function significantDigits(
  value: number,
  count: number,
): { readonly digits: string; readonly exponent: number } {
  const size = Math.abs(value);
  if (size === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Number(size.toExponential().split('e')[1]);
  let digits = roundedScale(size, count - 1 - exponent).toString();
  if (digits.length > count) {
    exponent += 1;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

/** The double nearest to the value rounded to that many decimal places, which may be negative. */
export function roundToDecimals(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 330) return value;
  if (places < -310) return 0 * value;
  const scaled = roundedScale(Math.abs(value), places);
  const rounded = Number(`${scaled}e${-places}`);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** |value| times ten to the power of `places`, as the nearest integer, ties to even. */
function roundedScale(value: number, places: number): bigint {
  const { mantissa, exponent } = exactParts(value);
  let top = mantissa;
  let bottom = 1n;
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  const quotient = top / bottom;
  const twiceRest = 2n * (top - quotient * bottom);
  const roundsUp = twiceRest > bottom || (twiceRest === bottom && quotient % 2n === 1n);
  return roundsUp ? quotient + 1n : quotient;
}

/** value = mantissa * 2 ** exponent, exactly; the value is finite and not negative. */
export function exactParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

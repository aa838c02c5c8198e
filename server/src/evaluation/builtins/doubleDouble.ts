/**
 * Numbers as the sum of two doubles (about 106 bits), so that logarithms, exponentials and powers come out rounded to
 * the nearest double, as C's mathematical library gives them nearly always; V8's own may be one unit off.
 * Source: Dekker 1971, Knuth TAOCP 2 §4.2.2 (exact sums and products).
 */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

export function addDouble(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = exactSum(a.high, b.high);
  return quickSum(sum.high, sum.low + a.low + b.low);
}

export function multiplyDouble(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = exactProduct(a.high, b.high);
  return quickSum(product.high, product.low + a.high * b.low + a.low * b.high);
}

export function divideDouble(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  const rest = addDouble(a, multiplyDouble(b, { high: -first, low: 0 }));
  const second = rest.high / b.high;
  const last = addDouble(rest, multiplyDouble(b, { high: -second, low: 0 }));
  return addDouble(quickSum(first, second), { high: last.high / b.high, low: 0 });
}

/** Natural logarithm of a positive finite double. */
export function logDouble(value: number): DoubleDouble {
  let exponent = Math.floor(Math.log2(value));
  let mantissa = scale(value, -exponent);
  if (mantissa > Math.SQRT2) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  else if (mantissa < Math.SQRT1_2) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  // log m = 2 atanh(t), t = (m - 1) / (m + 1), |t| < 0.172
  const t = divideDouble(exactSum(mantissa, -1), exactSum(mantissa, 1));
  const square = multiplyDouble(t, t);
  let series: DoubleDouble = { high: 0, low: 0 };
  for (let k = 43; k >= 1; k -= 2) {
    series = addDouble(multiplyDouble(series, square), divideDouble(ONE, { high: k, low: 0 }));
  }
  const fraction = multiplyDouble(multiplyDouble(t, series), { high: 2, low: 0 });
  return addDouble(multiplyDouble(LN2, { high: exponent, low: 0 }), fraction);
}

/** e to the power of a number, as the nearest double. */
export function expDouble(value: DoubleDouble): number {
  if (value.high > 709.79) return value.high > 709.8 ? Infinity : Math.exp(value.high);
  if (value.high < -700) return Math.exp(value.high);
  const exponent = Math.round(value.high / Math.LN2);
  const rest = addDouble(value, multiplyDouble(LN2, { high: -exponent, low: 0 }));
  const small = multiplyDouble(rest, { high: 1 / 256, low: 0 });
  let series = ONE;
  for (let k = 14; k >= 1; k--) {
    series = addDouble(ONE, multiplyDouble(multiplyDouble(small, series), divideDouble(ONE, { high: k, low: 0 })));
  }
  for (let i = 0; i < 8; i++) series = multiplyDouble(series, series);
  return scale(series.high, exponent);
}

/** base ** exponent of a positive finite base, as the nearest double. */
export function powerDouble(base: number, exponent: number): number {
  return expDouble(multiplyDouble(logDouble(base), { high: exponent, low: 0 }));
}

const ONE: DoubleDouble = { high: 1, low: 0 };
const LN2: DoubleDouble = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };

function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** The first is the larger one. */
function quickSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: b - (high - a) };
}

function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return { high, low: aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

function halves(value: number): readonly [number, number] {
  const scaled = 134217729 * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

function scale(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

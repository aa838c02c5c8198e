/**
 * The module `math`: math.ceil(2.1) -> 3, math.prod([2, 3]) -> 6, math.sqrt(-1) raises ValueError.
 * Symbolic dimensions pass floor, ceil, trunc and prod; elsewhere they are unknown. Functions whose last digit we
 * cannot vouch for (erf, gamma) are unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyFloat, PyInstance, PySymbolicInt, PyTuple, PyUnknown, type Value } from '../values.ts';
import { floatArgument, integerArgument, itemsOf } from '../builtins/arguments.ts';
import { intOfFloat } from '../builtins/conversions.ts';
import { mergeMembers, strictMembers, type Body } from '../builtins/define.ts';
import {
  addIntegers,
  absoluteInteger,
  bitLength,
  floorDivideIntegers,
  gcdIntegers,
  integerSquareRoot,
  multiplyIntegers,
  subtractIntegers,
  type Integer,
} from '../builtins/integers.ts';
import { divideDouble, expDouble, logDouble } from '../builtins/doubleDouble.ts';
import { Fault } from '../builtins/fault.ts';
import { asInteger } from '../builtins/numberValues.ts';
import { arithmetic } from '../builtins/numbers.ts';
import { hasMethod } from '../builtins/numberFunctions.ts';
import { unbox } from '../builtins/unbox.ts';
import { exactTotal, nextAfter, remainderToEven } from './floatMath.ts';

export const mathModule: NativeModuleDefinition = {
  name: 'math',
  members: () =>
    mergeMembers(CONSTANTS, strictMembers('math', { ...ROUNDING, ...REAL, ...INTEGER, ...MANY, ...UNKNOWN })),
};

const CONSTANTS: ReadonlyMap<string, Value> = new Map([
  ['pi', new PyFloat(Math.PI)],
  ['e', new PyFloat(Math.E)],
  ['tau', new PyFloat(2 * Math.PI)],
  ['inf', new PyFloat(Infinity)],
  ['nan', new PyFloat(NaN)],
]);

const ROUNDING: Readonly<Record<string, Body>> = {
  'floor(x, /)': rounding('__floor__', Math.floor),
  'ceil(x, /)': rounding('__ceil__', Math.ceil),
  'trunc(x, /)': rounding('__trunc__', Math.trunc),
};

const LN_2 = logDouble(2);

const REAL: Readonly<Record<string, Body>> = {
  'fabs(x, /)': real(Math.abs),
  'sqrt(x, /)': real((x) => (x < 0 ? undefined : Math.sqrt(x))),
  'cbrt(x, /)': real(Math.cbrt),
  'exp(x, /)': real((x) => overflow(x, expDouble({ high: x, low: 0 }))),
  'exp2(x, /)': real((x) => overflow(x, 2 ** x)),
  'expm1(x, /)': real((x) => overflow(x, Math.expm1(x))),
  'log1p(x, /)': real((x) => (x <= -1 ? undefined : Math.log1p(x))),
  'sin(x, /)': real((x) => finite(x, Math.sin(x))),
  'cos(x, /)': real((x) => finite(x, Math.cos(x))),
  'tan(x, /)': real((x) => finite(x, Math.tan(x))),
  'asin(x, /)': real((x) => (Math.abs(x) > 1 ? undefined : Math.asin(x))),
  'acos(x, /)': real((x) => (Math.abs(x) > 1 ? undefined : Math.acos(x))),
  'atan(x, /)': real(Math.atan),
  'sinh(x, /)': real((x) => overflow(x, Math.sinh(x))),
  'cosh(x, /)': real((x) => overflow(x, Math.cosh(x))),
  'tanh(x, /)': real(Math.tanh),
  'asinh(x, /)': real(Math.asinh),
  'acosh(x, /)': real((x) => (x < 1 ? undefined : Math.acosh(x))),
  'atanh(x, /)': real((x) => (Math.abs(x) >= 1 ? undefined : Math.atanh(x))),
  'degrees(x, /)': real((x) => x * (180 / Math.PI)),
  'radians(x, /)': real((x) => x * (Math.PI / 180)),
  'atan2(y, x, /)': real2(Math.atan2),
  'pow(x, y, /)': (runtime, x, y) => {
    const [base, exponent] = [floatArgument(runtime, x), floatArgument(runtime, y)];
    if (base instanceof PyUnknown) return base;
    if (exponent instanceof PyUnknown) return exponent;
    const power = arithmetic('**', new PyFloat(base), new PyFloat(exponent));
    if (power instanceof Fault)
      return runtime.raise(power.exception === 'OverflowError' ? 'OverflowError' : 'ValueError', 'math domain error');
    return power instanceof PyFloat ? power : runtime.raise('ValueError', 'math domain error');
  },
  'fmod(x, y, /)': real2((x, y) => (y === 0 || !Number.isFinite(x) ? undefined : x % y)),
  'remainder(x, y, /)': real2((x, y) => (y === 0 || !Number.isFinite(x) ? undefined : remainderToEven(x, y))),
  'copysign(x, y, /)': real2((x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  'nextafter(x, y, /)': real2(nextAfter),
  'ulp(x, /)': real((x) => (Number.isFinite(x) ? nextAfter(Math.abs(x), Infinity) - Math.abs(x) : Math.abs(x))),
  'log(x, base=None, /)': (runtime, x, base) => {
    const top = logarithm(runtime, x);
    if (top instanceof PyUnknown || base === null) return top instanceof PyUnknown ? top : new PyFloat(top);
    const bottom = logarithm(runtime, base);
    if (bottom instanceof PyUnknown) return bottom;
    return bottom === 0 ? runtime.raise('ZeroDivisionError', 'float division by zero') : new PyFloat(top / bottom);
  },
  'log2(x, /)': scaledLogarithm((x) => divideDouble(logDouble(x), LN_2).high),
  // C's log10 is not rounded to the nearest double either; V8's is the same in nearly all cases.
  'log10(x, /)': scaledLogarithm(Math.log10),
  'isnan(x, /)': test(Number.isNaN),
  'isinf(x, /)': test((x) => Math.abs(x) === Infinity),
  'isfinite(x, /)': test(Number.isFinite),
  'isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)': (runtime, a, b, relative, absolute) => {
    const [x, y, rel, abs] = [a, b, relative, absolute].map((value) => floatArgument(runtime, value));
    for (const value of [x, y, rel, abs]) if (value instanceof PyUnknown) return value;
    const [left, right] = [Number(x), Number(y)];
    if (left === right) return true;
    if (!Number.isFinite(left) || !Number.isFinite(right)) return false;
    const difference = Math.abs(left - right);
    return difference <= Number(rel) * Math.max(Math.abs(left), Math.abs(right)) || difference <= Number(abs);
  },
  'frexp(x, /)': (runtime, x) => {
    const value = floatArgument(runtime, x);
    if (value instanceof PyUnknown) return value;
    if (value === 0 || !Number.isFinite(value)) return new PyTuple([new PyFloat(value), 0]);
    let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
    let mantissa = value * 2 ** -exponent;
    while (Math.abs(mantissa) < 0.5) [mantissa, exponent] = [mantissa * 2, exponent - 1];
    while (Math.abs(mantissa) >= 1) [mantissa, exponent] = [mantissa / 2, exponent + 1];
    return new PyTuple([new PyFloat(mantissa), exponent]);
  },
  'ldexp(x, i, /)': (runtime, x, i) => {
    const [value, exponent] = [floatArgument(runtime, x), integerArgument(runtime, i)];
    if (value instanceof PyUnknown) return value;
    if (exponent instanceof PyUnknown) return exponent;
    const bounded = Math.max(-2200, Math.min(2200, Number(exponent)));
    const half = Math.trunc(bounded / 2);
    return new PyFloat(value * 2 ** half * 2 ** (bounded - half));
  },
  'modf(x, /)': (runtime, x) => {
    const value = floatArgument(runtime, x);
    if (value instanceof PyUnknown) return value;
    const whole = Math.trunc(value);
    const fraction = Number.isFinite(value) ? value - whole : 0;
    return new PyTuple([new PyFloat(value < 0 ? -Math.abs(fraction) : fraction), new PyFloat(whole)]);
  },
};

const INTEGER: Readonly<Record<string, Body>> = {
  'gcd(*integers)': (runtime, integers) => foldIntegers(runtime, integers, 0, gcdIntegers),
  'lcm(*integers)': (runtime, integers) =>
    foldIntegers(runtime, integers, 1, (a, b) => {
      if (a === 0 || b === 0) return 0;
      const product = multiplyIntegers(floorDivideIntegers(a, gcdIntegers(a, b)), b);
      return product === undefined ? undefined : absoluteInteger(product);
    }),
  'isqrt(n, /)': integer((runtime, n) =>
    n < 0 ? runtime.raise('ValueError', 'isqrt() argument must be nonnegative') : squareRoot(runtime, n),
  ),
  'factorial(n, /)': integer((runtime, n) => {
    if (n < 0) return runtime.raise('ValueError', 'factorial() not defined for negative values');
    return n > 5000 ? runtime.unknown('the factorial of more than 5000') : productOfRange(runtime, 2, Number(n));
  }),
  'comb(n, k, /)': (runtime, n, k) => choose(runtime, n, k, 'combinations'),
  'perm(n, k=None, /)': (runtime, n, k) => choose(runtime, n, k ?? n, 'permutations'),
};

const MANY: Readonly<Record<string, Body>> = {
  'prod(iterable, /, *, start=1)': (runtime, iterable, start) => {
    let product: Value = start;
    for (const item of runtime.iterate(iterable)) product = runtime.binary('*', product, item);
    return product;
  },
  'fsum(seq, /)': (runtime, seq) => {
    const values = floatsOf(runtime, seq);
    return values instanceof PyUnknown ? values : new PyFloat(exactTotal(values));
  },
  'hypot(*coordinates)': (runtime, coordinates) => {
    const values = floatsOf(runtime, coordinates);
    return values instanceof PyUnknown ? values : new PyFloat(Math.hypot(...values));
  },
  'dist(p, q, /)': (runtime, p, q) => {
    const [a, b] = [floatsOf(runtime, p), floatsOf(runtime, q)];
    if (a instanceof PyUnknown) return a;
    if (b instanceof PyUnknown) return b;
    return new PyFloat(Math.hypot(...a.map((value, at) => value - (b[at] ?? NaN))));
  },
  'sumprod(p, q, /)': (runtime, p, q) => {
    const [a, b] = [itemsOf(runtime, p), itemsOf(runtime, q)];
    if (a instanceof PyUnknown) return a;
    if (b instanceof PyUnknown) return b;
    const products = a.map((value, at) => runtime.binary('*', value, b[at] ?? null));
    return products.reduce<Value>((sum, value) => runtime.binary('+', sum, value), 0);
  },
};

const UNKNOWN: Readonly<Record<string, Body>> = Object.fromEntries(
  ['erf', 'erfc', 'gamma', 'lgamma'].map((name): [string, Body] => [
    `${name}(x, /)`,
    (runtime) => runtime.unknown(`math.${name} is not modelled to the last digit`),
  ]),
);

function real(compute: (x: number) => number | undefined | typeof OVERFLOW): Body {
  return (runtime, x) => {
    const value = floatArgument(runtime, x);
    return value instanceof PyUnknown ? value : finish(runtime, compute(value));
  };
}

function real2(compute: (x: number, y: number) => number | undefined): Body {
  return (runtime, x, y) => {
    const [a, b] = [floatArgument(runtime, x), floatArgument(runtime, y)];
    if (a instanceof PyUnknown) return a;
    return b instanceof PyUnknown ? b : finish(runtime, compute(a, b));
  };
}

const OVERFLOW = 'overflow';

function overflow(x: number, result: number): number | typeof OVERFLOW {
  return Number.isFinite(x) && !Number.isFinite(result) ? OVERFLOW : result;
}

function finite(x: number, result: number): number | undefined {
  return Math.abs(x) === Infinity ? undefined : result;
}

function finish(runtime: Runtime, result: number | undefined | typeof OVERFLOW): Value {
  if (result === undefined) return runtime.raise('ValueError', 'math domain error');
  return result === OVERFLOW ? runtime.raise('OverflowError', 'math range error') : new PyFloat(result);
}

function test(holds: (x: number) => boolean): Body {
  return (runtime, x) => {
    const value = floatArgument(runtime, x);
    return value instanceof PyUnknown ? value : holds(value);
  };
}

function rounding(method: string, round: (x: number) => number): Body {
  return (runtime, x) => {
    const plain = unbox(x);
    if (plain instanceof PySymbolicInt) return plain;
    const whole = asInteger(plain);
    if (whole !== undefined) return whole;
    if (x instanceof PyInstance && hasMethod(runtime, x, method)) return runtime.callMethod(x, method);
    const value = floatArgument(runtime, x);
    return value instanceof PyUnknown ? value : intOfFloat(runtime, round(value));
  };
}

/** Natural logarithm of a number of any size. */
function logarithm(runtime: Runtime, x: Value): number | PyUnknown {
  const plain = unbox(x);
  if (typeof plain === 'bigint' && plain > 0n && !Number.isFinite(Number(plain))) {
    // As CPython: log(m) + e log(2) of n = m 2^e with m below 1.
    const exponent = bitLength(plain);
    const mantissa = Number(plain >> BigInt(exponent - 1000)) * 2 ** -1000;
    return logDouble(mantissa).high + exponent * LN_2.high;
  }
  const value = floatArgument(runtime, x);
  if (value instanceof PyUnknown) return value;
  if (value <= 0) return runtime.raise('ValueError', 'math domain error');
  return Number.isFinite(value) ? logDouble(value).high : value;
}

function scaledLogarithm(compute: (x: number) => number): Body {
  return (runtime, x) => {
    const value = floatArgument(runtime, x);
    if (value instanceof PyUnknown) return value;
    if (value <= 0) return runtime.raise('ValueError', 'math domain error');
    return new PyFloat(Number.isFinite(value) ? compute(value) : value);
  };
}

function integer(compute: (runtime: Runtime, n: Integer) => Value): Body {
  return (runtime, n) => {
    const value = integerArgument(runtime, n);
    return value instanceof PyUnknown ? value : compute(runtime, value);
  };
}

function foldIntegers(
  runtime: Runtime,
  integers: Value,
  start: Integer,
  combine: (a: Integer, b: Integer) => Integer | undefined,
): Value {
  let result = start;
  for (const item of integers instanceof PyTuple ? integers.items : []) {
    const value = integerArgument(runtime, item);
    if (value instanceof PyUnknown) return value;
    runtime.step((bitLength(result) * bitLength(value)) / 4096);
    const next = combine(result, value);
    if (next === undefined) return runtime.unknown('an integer too large to keep');
    result = next;
  }
  return absoluteInteger(result);
}

function squareRoot(runtime: Runtime, n: Integer): Value {
  runtime.step(bitLength(n) ** 2 / 2 ** 14);
  return integerSquareRoot(n);
}

function choose(runtime: Runtime, n: Value, k: Value, kind: 'combinations' | 'permutations'): Value {
  const [size, count] = [integerArgument(runtime, n), integerArgument(runtime, k)];
  if (size instanceof PyUnknown) return size;
  if (count instanceof PyUnknown) return count;
  if (size < 0) return runtime.raise('ValueError', 'n must be a non-negative integer');
  if (count < 0) return runtime.raise('ValueError', 'k must be a non-negative integer');
  if (count > size) return 0;
  const other = subtractIntegers(size, count);
  const steps = kind === 'combinations' && other < count ? other : count;
  if (steps > 5000) return runtime.unknown('more than 5000 factors');
  let result: Integer = 1;
  for (let i = 0; i < steps; i++) {
    runtime.step(1);
    const product = multiplyIntegers(result, subtractIntegers(size, i));
    if (product === undefined) return runtime.unknown('an integer too large to keep');
    result = kind === 'combinations' ? floorDivideIntegers(product, addIntegers(i, 1)) : product;
  }
  return result;
}

function productOfRange(runtime: Runtime, first: number, last: number): Value {
  let product: Integer = 1;
  for (let factor = first; factor <= last; factor++) {
    runtime.step(1);
    const next = multiplyIntegers(product, factor);
    if (next === undefined) return runtime.unknown('an integer too large to keep');
    product = next;
  }
  return product;
}

function floatsOf(runtime: Runtime, iterable: Value): number[] | PyUnknown {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const values: number[] = [];
  for (const item of items) {
    const value = floatArgument(runtime, item);
    if (value instanceof PyUnknown) return value;
    values.push(value);
  }
  return values;
}

/**
 * The inner loops of the predictor in AssemblyScript, compiled to WebAssembly SIMD by compileKernels.mjs. Everything lies
 * in one memory that the caller lays out: arguments are byte offsets into it, numbers of rows and columns, and strides
 * in floats. Nothing is allocated here. server/src/predictor/scalarKernels.ts says the same in plain TypeScript.
 */

const BLOCK: i32 = 8;

/**
 * y = x Wᵀ + bias for `rows` rows of x, `inputs` numbers each. W is packed: blocks of 8 outputs, in each the 8 weights of
 * input 0, then of input 1, ... `outputs` is a multiple of 8. With `adds`, to what y holds. No bias: offset 0.
 * `packed` is scratch for `rows` x `inputs` floats: x in tiles of four rows, so that one offset runs through each.
 */
export function linear(
  x: usize,
  xStride: i32,
  weight: usize,
  bias: usize,
  y: usize,
  yStride: i32,
  rows: i32,
  inputs: i32,
  outputs: i32,
  adds: i32,
  packed: usize,
): void {
  const xStep: usize = (<usize>xStride) << 2;
  const yStep: usize = (<usize>yStride) << 2;
  const blockStep: usize = (<usize>(inputs * BLOCK)) << 2;
  const tiled: i32 = rows & ~3;
  const single: usize = x + <usize>tiled * xStep;
  // Bytes of the next block that each tile fetches: none where it would push out what this one needs.
  const touched: usize = tiled >= 32 && blockStep <= 8192 ? blockStep / <usize>(tiled >> 2) : 0;
  pack(x, xStep, packed, rows, inputs);
  for (let out: i32 = 0; out < outputs; out += BLOCK) {
    const end: usize = weight + blockStep;
    multiplyTiles(packed, weight, end, bias, y, yStep, tiled, adds, out + BLOCK < outputs ? touched : 0);
    if (tiled < rows)
      multiplyRows(single, xStep, weight, end, bias, y + <usize>tiled * yStep, yStep, rows - tiled, adds);
    weight = end;
    y += BLOCK << 2;
    if (bias) bias += BLOCK << 2;
  }
}

/**
 * Eight outputs of tiles of four rows. On its own, so that the engine has registers for all of it (exported, else it would
 * be inlined), and with its step repeated: an engine looks whether it shall stop once in every round of a loop. Each tile
 * fetches `touched` bytes of the weights that follow, which no cache holds yet.
 */
export function multiplyTiles(
  from: usize,
  weight: usize,
  end: usize,
  bias: usize,
  y: usize,
  yStep: usize,
  rows: i32,
  adds: i32,
  touched: usize,
): void {
  let ahead: usize = end;
  for (; rows > 0; rows -= 4) {
    let a0: v128 = bias ? v128.load(bias) : f32x4.splat(0);
    let b0: v128 = bias ? v128.load(bias, 16) : f32x4.splat(0);
    let a1: v128 = a0,
      a2: v128 = a0,
      a3: v128 = a0;
    let b1: v128 = b0,
      b2: v128 = b0,
      b3: v128 = b0;
    let w: usize = weight;
    while (true) {
      // repeat 8
      {
        const wa: v128 = v128.load(w);
        const wb: v128 = v128.load(w, 16);
        let each: v128 = v128.load32_splat(from);
        a0 = f32x4.add(a0, f32x4.mul(each, wa));
        b0 = f32x4.add(b0, f32x4.mul(each, wb));
        each = v128.load32_splat(from, 4);
        a1 = f32x4.add(a1, f32x4.mul(each, wa));
        b1 = f32x4.add(b1, f32x4.mul(each, wb));
        each = v128.load32_splat(from, 8);
        a2 = f32x4.add(a2, f32x4.mul(each, wa));
        b2 = f32x4.add(b2, f32x4.mul(each, wb));
        each = v128.load32_splat(from, 12);
        a3 = f32x4.add(a3, f32x4.mul(each, wa));
        b3 = f32x4.add(b3, f32x4.mul(each, wb));
        from += 16;
        w += 32;
        if (w == end) break;
      }
      // end of repeat
    }
    store(y, a0, b0, adds);
    store(y + yStep, a1, b1, adds);
    store(y + 2 * yStep, a2, b2, adds);
    store(y + 3 * yStep, a3, b3, adds);
    y += 4 * yStep;
    for (const stop: usize = ahead + touched; ahead < stop; ahead += 64) load<i32>(ahead);
  }
}

/** Eight outputs of the rows that fill no tile: two sums of each, so that one addition need not wait for the other. */
export function multiplyRows(
  x: usize,
  xStep: usize,
  weight: usize,
  end: usize,
  bias: usize,
  y: usize,
  yStep: usize,
  rows: i32,
  adds: i32,
): void {
  for (; rows > 0; rows--) {
    let at: usize = x;
    let a0: v128 = bias ? v128.load(bias) : f32x4.splat(0);
    let b0: v128 = bias ? v128.load(bias, 16) : f32x4.splat(0);
    let a1: v128 = f32x4.splat(0),
      b1: v128 = a1;
    let w: usize = weight;
    for (; w + 64 <= end; w += 64) {
      const even: v128 = v128.load32_splat(at);
      const odd: v128 = v128.load32_splat(at, 4);
      a0 = f32x4.add(a0, f32x4.mul(even, v128.load(w)));
      b0 = f32x4.add(b0, f32x4.mul(even, v128.load(w, 16)));
      a1 = f32x4.add(a1, f32x4.mul(odd, v128.load(w, 32)));
      b1 = f32x4.add(b1, f32x4.mul(odd, v128.load(w, 48)));
      at += 8;
    }
    if (w < end) {
      const last: v128 = v128.load32_splat(at);
      a0 = f32x4.add(a0, f32x4.mul(last, v128.load(w)));
      b0 = f32x4.add(b0, f32x4.mul(last, v128.load(w, 16)));
    }
    store(y, f32x4.add(a0, a1), f32x4.add(b0, b1), adds);
    x += xStep;
    y += yStep;
  }
}

/** Full tiles of four rows, the four numbers of each input together: blocks of 4 x 4 are transposed. */
function pack(x: usize, xStep: usize, packed: usize, rows: i32, inputs: i32): void {
  const bytes: usize = (<usize>inputs) << 2;
  const whole: usize = bytes & ~15;
  for (let row: i32 = 0; row + 4 <= rows; row += 4) {
    let c: usize = 0;
    for (; c < whole; c += 16) {
      const from: usize = x + c;
      const row0: v128 = v128.load(from);
      const row1: v128 = v128.load(from + xStep);
      const row2: v128 = v128.load(from + 2 * xStep);
      const row3: v128 = v128.load(from + 3 * xStep);
      const low01: v128 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5);
      const high01: v128 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
      const low23: v128 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5);
      const high23: v128 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
      v128.store(packed, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(packed, v128.shuffle<f64>(low01, low23, 1, 3), 16);
      v128.store(packed, v128.shuffle<f64>(high01, high23, 0, 2), 32);
      v128.store(packed, v128.shuffle<f64>(high01, high23, 1, 3), 48);
      packed += 64;
    }
    for (; c < bytes; c += 4) {
      f32.store(packed, f32.load(x + c));
      f32.store(packed, f32.load(x + xStep + c), 4);
      f32.store(packed, f32.load(x + 2 * xStep + c), 8);
      f32.store(packed, f32.load(x + 3 * xStep + c), 12);
      packed += 16;
    }
    x += 4 * xStep;
  }
}

function store(to: usize, first: v128, second: v128, adds: i32): void {
  if (adds) {
    first = f32x4.add(first, v128.load(to));
    second = f32x4.add(second, v128.load(to, 16));
  }
  v128.store(to, first);
  v128.store(to, second, 16);
}

/** y = (x - mean) / sqrt(variance + epsilon) * weight + bias, row by row; `columns` is a multiple of 4. */
export function layerNorm(x: usize, weight: usize, bias: usize, y: usize, rows: i32, columns: i32, epsilon: f32): void {
  const step: usize = (<usize>columns) << 2;
  const share: f32 = <f32>1 / <f32>columns;
  for (let row: i32 = 0; row < rows; row++) {
    let sum: v128 = f32x4.splat(0);
    for (let c: usize = 0; c < step; c += 16) sum = f32x4.add(sum, v128.load(x + c));
    const mean: v128 = f32x4.splat(total(sum) * share);
    let squares: v128 = f32x4.splat(0);
    for (let c: usize = 0; c < step; c += 16) {
      const off: v128 = f32x4.sub(v128.load(x + c), mean);
      squares = f32x4.add(squares, f32x4.mul(off, off));
    }
    const scale: v128 = f32x4.splat(<f32>1 / sqrt<f32>(total(squares) * share + epsilon));
    for (let c: usize = 0; c < step; c += 16) {
      const unit: v128 = f32x4.mul(f32x4.sub(v128.load(x + c), mean), scale);
      v128.store(y + c, f32x4.add(f32x4.mul(unit, v128.load(weight + c)), v128.load(bias + c)));
    }
    x += step;
    y += step;
  }
}

/**
 * One head of masked attention. Row i of `qkv` holds queries, keys and values of `width` each; this head's columns start at
 * `head` and are `size` (a multiple of 4). The nodes that row i sees are columns[starts[i]] to columns[starts[i + 1] - 1], one at the
 * least. `scores` has room for the longest row and 3 more.
 */
export function attention(
  qkv: usize,
  width: i32,
  head: i32,
  size: i32,
  starts: usize,
  columns: usize,
  y: usize,
  rows: i32,
  scale: f32,
  scores: usize,
): void {
  const step: usize = (<usize>(width * 3)) << 2;
  const bytes: usize = (<usize>size) << 2;
  const queries: usize = qkv + ((<usize>head) << 2);
  const keys: usize = queries + ((<usize>width) << 2);
  const values: usize = keys + ((<usize>width) << 2);
  for (let row: i32 = 0; row < rows; row++) {
    const from: i32 = load<i32>(starts + ((<usize>row) << 2));
    const count: i32 = load<i32>(starts + ((<usize>row) << 2), 4) - from;
    const list: usize = columns + ((<usize>from) << 2);
    const query: usize = queries + <usize>row * step;
    let most: f32 = -Infinity;
    for (let i: i32 = 0; i < count; i++) {
      const key: usize = keys + <usize>load<i32>(list + ((<usize>i) << 2)) * step;
      let sum: v128 = f32x4.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(query + c), v128.load(key + c)));
      }
      const score: f32 = total(sum) * scale;
      f32.store(scores + ((<usize>i) << 2), score);
      most = max<f32>(most, score);
    }
    const scoreEnd: usize = scores + ((<usize>count) << 2);
    v128.store(scoreEnd, f32x4.splat(-Infinity));
    const top: v128 = f32x4.splat(most);
    let sums: v128 = f32x4.splat(0);
    for (let at: usize = scores; at < scoreEnd; at += 16) {
      const power: v128 = exponential(f32x4.sub(v128.load(at), top));
      v128.store(at, power);
      sums = f32x4.add(sums, power);
    }
    const share: v128 = f32x4.splat(<f32>1 / total(sums));
    const to: usize = y + ((<usize>(row * width + head)) << 2);
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum: v128 = f32x4.splat(0);
      for (let i: i32 = 0; i < count; i++) {
        const value: usize = values + <usize>load<i32>(list + ((<usize>i) << 2)) * step + c;
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(scores + ((<usize>i) << 2)), v128.load(value)));
      }
      v128.store(to + c, f32x4.mul(sum, share));
    }
  }
}

/**
 * Row i of y += the sum of the rows of x in its list; `columns` is a multiple of 4. Lists may be empty. With `rectifies`,
 * what is below 0 becomes 0 then, which saves a pass over y.
 */
export function addNeighbours(
  x: usize,
  y: usize,
  stride: i32,
  columns: i32,
  starts: usize,
  lists: usize,
  rows: i32,
  rectifies: i32,
): void {
  const step: usize = (<usize>stride) << 2;
  const bytes: usize = (<usize>columns) << 2;
  const least: v128 = f32x4.splat(rectifies ? <f32>0 : -Infinity);
  for (let row: i32 = 0; row < rows; row++) {
    const from: usize = lists + ((<usize>load<i32>(starts)) << 2);
    const to: usize = lists + ((<usize>load<i32>(starts, 4)) << 2);
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum: v128 = v128.load(y + c);
      for (let at: usize = from; at < to; at += 4) {
        sum = f32x4.add(sum, v128.load(x + <usize>load<i32>(at) * step + c));
      }
      v128.store(y + c, f32x4.max(sum, least));
    }
    starts += 4;
    y += step;
  }
}

/** max(x, 0), in place, of `columns` (a multiple of 4) at the start of each row. */
export function relu(x: usize, stride: i32, rows: i32, columns: i32): void {
  const zero: v128 = f32x4.splat(0);
  const bytes: usize = (<usize>columns) << 2;
  for (let row: i32 = 0; row < rows; row++) {
    for (let c: usize = 0; c < bytes; c += 16) v128.store(x + c, f32x4.max(v128.load(x + c), zero));
    x += (<usize>stride) << 2;
  }
}

/** x / 2 * (1 + erf(x / sqrt(2))), in place, as relu. */
export function gelu(x: usize, stride: i32, rows: i32, columns: i32): void {
  const bytes: usize = (<usize>columns) << 2;
  const half: v128 = f32x4.splat(0.5);
  for (let row: i32 = 0; row < rows; row++) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const value: v128 = v128.load(x + c);
      const error: v128 = errorFunction(f32x4.mul(value, f32x4.splat(0.70710678)));
      const scaled: v128 = f32x4.mul(value, half);
      v128.store(x + c, f32x4.add(scaled, f32x4.mul(scaled, error)));
    }
    x += (<usize>stride) << 2;
  }
}

/** The sum of four lanes. */
function total(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  );
}

/** e^x for x <= 0, relative error 2e-7: 2^n by the exponent's bits, the rest by its Taylor series. */
function exponential(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-87));
  const n: v128 = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r: v128 = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693145752)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(0.00000142860677)));
  let p: v128 = f32x4.splat(0.00138888889);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.00833333333));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0416666667));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.166666667));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const bits: v128 = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, bits);
}

/** erf, absolute error 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26. */
function errorFunction(x: v128): v128 {
  const size: v128 = f32x4.abs(x);
  const one: v128 = f32x4.splat(1);
  const t: v128 = f32x4.div(one, f32x4.add(one, f32x4.mul(size, f32x4.splat(0.3275911))));
  let p: v128 = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  const tail: v128 = f32x4.mul(f32x4.mul(p, t), exponential(f32x4.neg(f32x4.mul(size, size))));
  const sign: v128 = v128.and(x, i32x4.splat(<i32>0x80000000));
  return v128.or(f32x4.sub(one, tail), sign);
}

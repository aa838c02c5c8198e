/**
 * The loops of server/kernels/kernels.ts in plain TypeScript, for engines without WebAssembly SIMD: the same packing of
 * weights, the same arguments, the same results but for the last bits.
 */
import { aligned, BLOCK, FIRST_OFFSET, viewsOf, type Kernels, type Memory } from './kernels.ts';

export function createScalarKernels(): Kernels {
  let used = FIRST_OFFSET;
  let views = viewsOf(new ArrayBuffer(2 ** 20));
  const memory = (): Memory => views;
  return {
    kind: 'scalar',
    allocate(byteLength) {
      const offset = used;
      used = aligned(used + byteLength);
      if (used > views.floats.byteLength) views = grown(views, used);
      return offset;
    },
    memory,
    linear(x, xStride, weight, bias, y, yStride, rows, inputs, outputs, adds) {
      const { floats } = views;
      const sums = new Float64Array(BLOCK);
      for (let out = 0; out < outputs; out += BLOCK) {
        const block = weight / 4 + out * inputs;
        for (let row = 0; row < rows; row++) {
          for (let i = 0; i < BLOCK; i++) sums[i] = bias === 0 ? 0 : at(floats, bias / 4 + out + i);
          for (let k = 0; k < inputs; k++) {
            const value = at(floats, x / 4 + row * xStride + k);
            for (let i = 0; i < BLOCK; i++) sums[i] = at(sums, i) + value * at(floats, block + k * BLOCK + i);
          }
          const to = y / 4 + row * yStride + out;
          for (let i = 0; i < BLOCK; i++) floats[to + i] = at(sums, i) + (adds === 0 ? 0 : at(floats, to + i));
        }
      }
    },
    layerNorm(x, weight, bias, y, rows, columns, epsilon) {
      const { floats } = views;
      for (let row = 0; row < rows; row++) {
        const [from, to] = [x / 4 + row * columns, y / 4 + row * columns];
        let sum = 0;
        for (let c = 0; c < columns; c++) sum += at(floats, from + c);
        const mean = sum / columns;
        let squares = 0;
        for (let c = 0; c < columns; c++) squares += (at(floats, from + c) - mean) ** 2;
        const scale = 1 / Math.sqrt(squares / columns + epsilon);
        for (let c = 0; c < columns; c++) {
          const unit = (at(floats, from + c) - mean) * scale;
          floats[to + c] = unit * at(floats, weight / 4 + c) + at(floats, bias / 4 + c);
        }
      }
    },
    attention(qkv, width, head, size, starts, columns, y, rows, scale, scores) {
      const { floats, integers } = views;
      const queries = qkv / 4 + head;
      for (let row = 0; row < rows; row++) {
        const first = at(integers, starts / 4 + row);
        const end = at(integers, starts / 4 + row + 1);
        const query = queries + row * 3 * width;
        let most = -Infinity;
        for (let i = first; i < end; i++) {
          const key = queries + width + at(integers, columns / 4 + i) * 3 * width;
          let score = 0;
          for (let c = 0; c < size; c++) score += at(floats, query + c) * at(floats, key + c);
          floats[scores / 4 + i - first] = score * scale;
          most = Math.max(most, score * scale);
        }
        let total = 0;
        for (let i = 0; i < end - first; i++) {
          const power = Math.exp(at(floats, scores / 4 + i) - most);
          floats[scores / 4 + i] = power;
          total += power;
        }
        for (let c = 0; c < size; c++) {
          let sum = 0;
          for (let i = first; i < end; i++) {
            const value = queries + 2 * width + at(integers, columns / 4 + i) * 3 * width + c;
            sum += at(floats, scores / 4 + i - first) * at(floats, value);
          }
          floats[y / 4 + row * width + head + c] = sum / total;
        }
      }
    },
    addNeighbours(x, y, stride, columns, starts, lists, rows, rectifies) {
      const { floats, integers } = views;
      const least = rectifies === 0 ? -Infinity : 0;
      for (let row = 0; row < rows; row++) {
        const target = y / 4 + row * stride;
        const first = at(integers, starts / 4 + row);
        const end = at(integers, starts / 4 + row + 1);
        for (let c = 0; c < columns; c++) {
          let sum = at(floats, target + c);
          for (let i = first; i < end; i++) sum += at(floats, x / 4 + at(integers, lists / 4 + i) * stride + c);
          floats[target + c] = Math.max(sum, least);
        }
      }
    },
    relu: (x, stride, rows, columns) => eachOf(views, x, stride, rows, columns, (value) => Math.max(value, 0)),
    gelu: (x, stride, rows, columns) =>
      eachOf(views, x, stride, rows, columns, (value) => (value / 2) * (1 + errorFunction(value * Math.SQRT1_2))),
  };
}

/** Offsets are the network's own, within the memory that it allocated. */
function at(numbers: Float32Array | Float64Array | Int32Array, index: number): number {
  return numbers[index] as number;
}

function eachOf(
  { floats }: Memory,
  x: number,
  stride: number,
  rows: number,
  columns: number,
  change: (value: number) => number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = x / 4 + row * stride;
    for (let c = 0; c < columns; c++) floats[start + c] = change(at(floats, start + c));
  }
}

function grown(views: Memory, byteLength: number): Memory {
  const larger = viewsOf(new ArrayBuffer(Math.max(byteLength, 2 * views.floats.byteLength)));
  larger.integers.set(views.integers);
  return larger;
}

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: absolute error 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - p * Math.exp(-x * x));
}

/**
 * Strides of tensors, as PyTorch computes them: 2x3x4 is laid out by [12, 4, 1]; transposed, 2x4x3 by [12, 1, 4].
 * viewStrides([2, 4, 3], [12, 1, 4], [2, 12]) -> undefined: no view of those elements has this shape.
 */

export type Sizes = readonly number[];

/** Strides of elements that follow one another, the last dim innermost. */
export function contiguousStrides(shape: Sizes): Sizes {
  return stridesInOrder(
    shape,
    shape.map((_, at) => shape.length - 1 - at),
  );
}

/** Channels innermost: NHWC for four dims, NDHWC for five. */
export function channelsLastStrides(shape: Sizes): Sizes {
  const inner = shape.map((_, at) => shape.length - 1 - at).filter((dim) => dim > 1);
  return stridesInOrder(shape, [1, ...inner, 0]);
}

/** Strides of a dense tensor whose dims lie in such an order, the innermost first. */
export function stridesInOrder(shape: Sizes, innermostFirst: Sizes): Sizes {
  const strides = shape.map(() => 0);
  let next = 1;
  for (const dim of innermostFirst) {
    strides[dim] = next;
    next *= Math.max(shape[dim] ?? 1, 1);
  }
  return strides;
}

export function isContiguous(shape: Sizes, strides: Sizes): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    if (shape[dim] === 1) continue;
    if (strides[dim] !== expected) return false;
    expected *= shape[dim] ?? 1;
  }
  return true;
}

/** Whether each place in memory from the first to the last belongs to exactly one element. */
export function isDense(shape: Sizes, strides: Sizes): boolean {
  const dims = shape.map((_, dim) => dim).filter((dim) => shape[dim] !== 1);
  dims.sort((a, b) => (strides[a] ?? 0) - (strides[b] ?? 0));
  let expected = 1;
  for (const dim of dims) {
    if (strides[dim] !== expected) return false;
    expected *= shape[dim] ?? 1;
  }
  return true;
}

/** Strides of a view in another shape, as at::detail::computeStride finds them; undefined where there is none. */
export function viewStrides(shape: Sizes, strides: Sizes, asked: Sizes): Sizes | undefined {
  if (shape.length === 0) return asked.map(() => 1);
  if (shape.includes(0)) return contiguousStrides(asked);
  const result = asked.map(() => 0);
  let viewDim = asked.length - 1;
  let base = strides.at(-1) ?? 1;
  let elements = 1;
  let viewed = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    elements *= shape[dim] ?? 1;
    const isChunkEnd = dim === 0 || (shape[dim - 1] !== 1 && strides[dim - 1] !== elements * base);
    if (!isChunkEnd) continue;
    while (viewDim >= 0 && (viewed < elements || asked[viewDim] === 1)) {
      result[viewDim] = viewed * base;
      viewed *= asked[viewDim] ?? 1;
      viewDim--;
    }
    if (viewed !== elements) return undefined;
    if (dim > 0) {
      base = strides[dim - 1] ?? 1;
      elements = 1;
      viewed = 1;
    }
  }
  return viewDim === -1 ? result : undefined;
}

interface Operand {
  readonly shape: Sizes;
  readonly strides: Sizes;
}

/** Strides of what an elementwise operation makes, as TensorIterator orders its dims by those of the operands. */
export function elementwiseStrides(operands: readonly Operand[], output: Sizes): Sizes {
  const spread = operands.map((operand) => spreadStrides(operand, output));
  const areAlike = operands.every(
    ({ shape }) => shape.length === output.length && shape.every((d, i) => d === output[i]),
  );
  const [first] = spread;
  if (areAlike && first !== undefined) {
    if (operands.every(({ shape, strides }) => isContiguous(shape, strides))) return contiguousStrides(output);
    const haveOne = spread.every((strides) => strides.every((stride, dim) => stride === first[dim]));
    if (haveOne && isDense(output, first)) return first;
  }
  const order = output.map((_, at) => output.length - 1 - at);
  for (let i = 1; i < order.length; i++) {
    let at = i;
    for (let before = i - 1; before >= 0; before--) {
      const compared = compareOrder(spread, output, order[before] ?? 0, order[at] ?? 0);
      if (compared < 0) break;
      if (compared === 0) continue;
      [order[before], order[at]] = [order[at] ?? 0, order[before] ?? 0];
      at = before;
    }
  }
  return stridesInOrder(output, order);
}

/** An operand's strides along the dims of the result; 0 where it is repeated. */
function spreadStrides({ shape, strides }: Operand, output: Sizes): Sizes {
  const added = output.length - shape.length;
  return output.map((size, dim) => {
    const own = dim - added;
    return own < 0 || (shape[own] === 1 && size !== 1) ? 0 : (strides[own] ?? 0);
  });
}

/** Above 0: the first dim lies outside of the second, so that they change places. */
function compareOrder(operands: readonly Sizes[], output: Sizes, first: number, second: number): number {
  for (const strides of operands) {
    const [a = 0, b = 0] = [strides[first], strides[second]];
    if (a === 0 || b === 0) continue;
    if (a !== b) return a < b ? -1 : 1;
    if ((output[first] ?? 0) > (output[second] ?? 0)) return 1;
  }
  return 0;
}

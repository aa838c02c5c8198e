/**
 * Matrix products with the broadcasting of numpy and PyTorch.
 * matmul 8x4x5 with 5x6 -> 8x4x6, 960 MACs; linear 8x512 with weight 1000x512 -> 8x1000, 4,096,000 MACs.
 * MACs are those of torch.utils.flop_counter, except that it counts nothing for products with a vector on the right
 * (mv, dot) and for bilinear: we count what they multiply and add.
 */
import { addDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { agreedDim, areDifferent, dimAt, dtypeOf, productOfDims } from './agreement.ts';
import { broadcastShapes, broadcastsTo } from './broadcast.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator } from './operator.ts';

export type MatmulAttributes = {
  /** Where it is not the inputs': ONNX MatMulInteger and QLinearMatMul. */
  readonly outputDtype?: DType | undefined;
};

export type GemmAttributes = {
  readonly transA?: boolean | undefined;
  readonly transB?: boolean | undefined;
  /** Factors of the product and of the addend; they only cost where they are not 1. */
  readonly alpha?: number | undefined;
  readonly beta?: number | undefined;
};

export type TensordotAttributes = {
  /** Axes of each side that are summed over, pair by pair (torch.tensordot with an int n: the last n and first n). */
  readonly leftAxes: readonly number[];
  readonly rightAxes: readonly number[];
};

/** Inputs: a, b; any rank from 1, batch axes broadcast (torch.matmul, ONNX MatMul; also mv and dot). */
export const matmul: Operator<MatmulAttributes> = {
  name: 'matmul',
  family: 'matrix',
  isView: false,
  infer([a, b], attributes) {
    const dtype = attributes.outputDtype ?? dtypeOf(a, b);
    if (a?.shape === undefined || b?.shape === undefined) return ok(tensorType(dtype, undefined));
    return inferMatmul(a.shape, b.shape, dtype);
  },
  work([a, b], outputs) {
    const inner = a?.shape?.at(-1) ?? elementCount(undefined);
    const other = b?.shape?.at(b.shape.length === 1 ? -1 : -2) ?? inner;
    return { macs: multiplyDims(elementCount(outputs[0]?.shape), agreedDim(inner, other)), elementwiseOps: 0 };
  },
};

/** Inputs: x (... x in), weight (out x in, or in), bias?. torch.nn.functional.linear. */
export const linear: Operator<NoAttributes> = {
  name: 'linear',
  family: 'matrix',
  isView: false,
  infer([x, weight, bias]) {
    const dtype = dtypeOf(x, weight);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (weight?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (weight.shape.length === 0 || weight.shape.length > 2) {
      return mismatch(`expected a weight of 1 or 2 axes, got weight ${printShape(weight.shape)}`);
    }
    const output = tensorType(dtype, [...x.shape.slice(0, -1), ...weight.shape.slice(0, -1)]);
    const features = dimAt(weight.shape, -1);
    if (x.shape.length === 0 || areDifferent(dimAt(x.shape, -1), features)) {
      const weightText = `weight ${printShape(weight.shape)}`;
      return mismatch(
        `expected ${printDim(features)} input features (${weightText}), got ${printShape(x.shape)}`,
        output,
      );
    }
    const problem = biasProblem(bias, output.shape ?? []);
    return problem === undefined ? ok(output) : mismatch(problem, output);
  },
  work([, weight, bias], outputs) {
    const outputElements = elementCount(outputs[0]?.shape);
    return {
      macs: multiplyDims(outputElements, weight?.shape?.at(-1) ?? elementCount(undefined)),
      elementwiseOps: bias === undefined ? 0 : outputElements,
    };
  },
};

/** Inputs: a, b, c?: alpha*op(a)*op(b) + beta*c, rank 2 (ONNX Gemm-13; torch.addmm(c, a, b), torch.mm). */
export const gemm: Operator<GemmAttributes> = {
  name: 'gemm',
  family: 'matrix',
  isView: false,
  infer([a, b, c], attributes) {
    const dtype = dtypeOf(a, b, c);
    const left = transposed(a?.shape, attributes.transA === true);
    const right = transposed(b?.shape, attributes.transB === true);
    for (const shape of [left, right]) {
      if (shape !== undefined && shape.length !== 2) {
        return mismatch(`expected two matrices, got ${printShape(a?.shape)} and ${printShape(b?.shape)}`);
      }
    }
    if (left === undefined || right === undefined) return ok(tensorType(dtype, undefined));
    return withAddend(inferMatmul(left, right, dtype), c);
  },
  work([a, , c], outputs, { transA, alpha, beta }) {
    const outputElements = elementCount(outputs[0]?.shape);
    const inner = a?.shape?.at(transA === true ? 0 : 1) ?? elementCount(undefined);
    const scale = alpha === undefined || alpha === 1 ? 0 : outputElements;
    const scaleAddend = c === undefined || beta === undefined || beta === 1 ? 0 : elementCount(c.shape);
    const add = c === undefined ? 0 : outputElements;
    return { macs: multiplyDims(outputElements, inner), elementwiseOps: addDims(add, addDims(scale, scaleAddend)) };
  },
};

/** Inputs: a, b, c?, rank 3 with equal batches (torch.bmm; torch.baddbmm(c, a, b)). */
export const batchMatmul: Operator<NoAttributes> = {
  name: 'batchMatmul',
  family: 'matrix',
  isView: false,
  infer([a, b, c]) {
    const dtype = dtypeOf(a, b, c);
    const shapes = [a?.shape, b?.shape];
    if (shapes.some((shape) => shape !== undefined && shape.length !== 3)) {
      return mismatch(`expected two batches of matrices, got ${printShape(a?.shape)} and ${printShape(b?.shape)}`);
    }
    if (a?.shape === undefined || b?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (areDifferent(dimAt(a.shape, 0), dimAt(b.shape, 0))) {
      return mismatch(`the batch sizes differ: ${printShape(a.shape)} and ${printShape(b.shape)}`);
    }
    return withAddend(inferMatmul(a.shape, b.shape, dtype), c);
  },
  work([a, , c], outputs) {
    const outputElements = elementCount(outputs[0]?.shape);
    return {
      macs: multiplyDims(outputElements, a?.shape?.at(2) ?? elementCount(undefined)),
      elementwiseOps: c === undefined ? 0 : outputElements,
    };
  },
};

/**
 * Inputs: left (... x in1), right (... x in2), weight (out x in1 x in2), bias?. torch.nn.functional.bilinear.
 * MACs as torch.einsum('bn,anm,bm->ba') multiplies: left with weight, the result with right.
 */
export const bilinear: Operator<NoAttributes> = {
  name: 'bilinear',
  family: 'matrix',
  isView: false,
  infer([left, right, weight, bias]) {
    const dtype = dtypeOf(left, right, weight);
    const known = left?.shape ?? right?.shape;
    if (known === undefined || weight?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (weight.shape.length !== 3) return mismatch(`expected a weight of 3 axes, got ${printShape(weight.shape)}`);
    const output = tensorType(dtype, [...known.slice(0, -1), dimAt(weight.shape, 0)]);
    for (const [side, axis] of [
      [left?.shape, 1],
      [right?.shape, 2],
    ] as const) {
      if (side === undefined) continue;
      if (side.length !== known.length || areDifferent(dimAt(side, -1), dimAt(weight.shape, axis))) {
        const got = `${printShape(left?.shape)} and ${printShape(right?.shape)}`;
        return mismatch(`the inputs do not fit the bilinear weight ${printShape(weight.shape)}, got ${got}`, output);
      }
    }
    const problem = biasProblem(bias, output.shape ?? []);
    return problem === undefined ? ok(output) : mismatch(problem, output);
  },
  work([, , weight, bias], outputs) {
    const outputElements = elementCount(outputs[0]?.shape);
    const [, in1, in2] = weight?.shape ?? [];
    if (in1 === undefined || in2 === undefined) {
      return { macs: elementCount(undefined), elementwiseOps: outputElements };
    }
    return {
      macs: multiplyDims(outputElements, multiplyDims(addDims(in1, 1), in2)),
      elementwiseOps: bias === undefined ? 0 : outputElements,
    };
  },
};

/** Inputs: two vectors. An elementwise product: no sums, so no MACs. */
export const outer: Operator<NoAttributes> = {
  name: 'outer',
  family: 'matrix',
  isView: false,
  infer([a, b]) {
    const dtype = dtypeOf(a, b);
    const [rows] = a?.shape ?? [];
    const [columns] = b?.shape ?? [];
    const isMatrix = [a?.shape, b?.shape].some((shape) => shape !== undefined && shape.length !== 1);
    if (isMatrix) return mismatch(`expected two vectors, got ${printShape(a?.shape)} and ${printShape(b?.shape)}`);
    if (rows === undefined || columns === undefined) return ok(tensorType(dtype, undefined));
    return ok(tensorType(dtype, [rows, columns]));
  },
  work: (_inputs, outputs) => ({ macs: 0, elementwiseOps: elementCount(outputs[0]?.shape) }),
};

/** Inputs: a, b. torch.tensordot: one matrix product of the free axes over the summed ones. */
export const tensordot: Operator<TensordotAttributes> = {
  name: 'tensordot',
  family: 'matrix',
  isView: false,
  infer([a, b], { leftAxes, rightAxes }) {
    const dtype = dtypeOf(a, b);
    const [left, right] = [a?.shape, b?.shape];
    if (left === undefined || right === undefined) return ok(tensorType(dtype, undefined));
    const quoted = `${printShape(left)} over axes [${leftAxes.join(', ')}] and ${printShape(right)} over [${rightAxes.join(', ')}]`;
    const fits =
      leftAxes.length === rightAxes.length &&
      leftAxes.every((axis, i) => {
        const l = left.at(axis);
        const r = right.at(rightAxes[i] ?? NaN);
        return l !== undefined && r !== undefined && !areDifferent(l, r);
      });
    if (!fits) return mismatch(`the axes to sum over do not fit: ${quoted}`);
    return ok(tensorType(dtype, [...withoutAxes(left, leftAxes), ...withoutAxes(right, rightAxes)]));
  },
  work([a], outputs, { leftAxes }) {
    const { shape } = a ?? {};
    const inner = shape === undefined ? elementCount(undefined) : productOfDims(leftAxes.map((x) => dimAt(shape, x)));
    return { macs: multiplyDims(elementCount(outputs[0]?.shape), inner), elementwiseOps: 0 };
  },
};

export const matrixOperators: readonly Operator[] = [matmul, linear, gemm, batchMatmul, bilinear, outer, tensordot];

function inferMatmul(a: Shape, b: Shape, dtype: DType): InferResult {
  const quoted = `cannot multiply ${printShape(a)} by ${printShape(b)}`;
  if (a.length === 0 || b.length === 0) return mismatch(`${quoted}: a scalar is no matrix`);
  const inner = dimAt(a, -1);
  const innerRight = dimAt(b, b.length === 1 ? -1 : -2);
  const rows = a.length === 1 ? [] : [dimAt(a, -2)];
  const columns = b.length === 1 ? [] : [dimAt(b, -1)];
  const batch = broadcastShapes([a.slice(0, -2), b.slice(0, -2)]);
  if (batch.kind === 'mismatch') return mismatch(`${quoted}: the batch axes do not broadcast`);
  const output = tensorType(dtype, batch.shape === undefined ? undefined : [...batch.shape, ...rows, ...columns]);
  if (!areDifferent(inner, innerRight)) return ok(output);
  return mismatch(`${quoted}: ${printDim(inner)} columns against ${printDim(innerRight)} rows`, output);
}

function withAddend(product: InferResult, addend: TensorType | undefined): InferResult {
  const [output] = product.outputs;
  if (product.kind === 'mismatch' || addend?.shape === undefined || output?.shape === undefined) return product;
  if (broadcastsTo(addend.shape, output.shape)) return product;
  return mismatch(`cannot add ${printShape(addend.shape)} to the product ${printShape(output.shape)}`, output);
}

function biasProblem(bias: TensorType | undefined, output: Shape): string | undefined {
  if (bias?.shape === undefined) return undefined;
  const features = output.at(-1) ?? 1;
  const [own = 1] = bias.shape;
  if (bias.shape.length <= 1 && (own === 1 || !areDifferent(own, features))) return undefined;
  return `expected a bias of ${printDim(features)} output features, got bias ${printShape(bias.shape)}`;
}

function transposed(shape: Shape | undefined, isTransposed: boolean): Shape | undefined {
  return isTransposed ? shape?.toReversed() : shape;
}

function withoutAxes(shape: Shape, axes: readonly number[]): readonly Dim[] {
  const removed = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  return shape.filter((_, i) => !removed.has(i));
}

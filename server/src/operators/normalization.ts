/**
 * Normalisations: the shape stays, each element costs a small constant number of operations (see OPS below).
 * layerNorm over [768] of 8x128x768 with weight and bias -> 8x128x768, 7 operations an element.
 */
import { addDims, moduloDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt } from './agreement.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator, type OperatorWork } from './operator.ts';
import { isBelow } from './windows.ts';

export type BatchNormAttributes = {
  /** Statistics of the batch instead of the stored ones. */
  readonly training?: boolean | undefined;
  /** 3 for ONNX's training mode, which also gives the running mean and variance. */
  readonly outputCount?: number | undefined;
};

/** The trailing axes that are normalised: either their sizes (PyTorch), or the first of them (ONNX, default -1). */
export type LayerNormAttributes = {
  readonly normalizedShape?: readonly Dim[] | undefined;
  readonly axis?: number | undefined;
  /** ONNX LayerNormalization also gives mean and inverse deviation (2, 3); the rms variant the latter. */
  readonly outputCount?: number | undefined;
};

export type SkipLayerNormAttributes = {
  /** Root mean square instead of mean and variance (SkipSimplifiedLayerNormalization). */
  readonly isRms?: boolean | undefined;
  /** 1, or 4 with mean, inverse deviation and the sum. */
  readonly outputCount?: number | undefined;
};

export type GroupNormAttributes = { readonly numGroups: Dim };
export type InstanceNormAttributes = {
  readonly usesRunningStats?: boolean | undefined;
  /** The channels come first. */
  readonly hasNoBatch?: boolean | undefined;
};
export type LocalResponseNormAttributes = { readonly size: Dim };
export type LpNormalizeAttributes = { readonly axis?: number | undefined; readonly p?: number | undefined };

/**
 * Operations per element. Stored statistics, weight and bias fold into one factor and one addend (`folded`); computed
 * ones take the mean (1), the deviation from it (1), its square (1), their sum (1) and the division (1). Root mean
 * square: square, sum, division. Divisors and roots, one per normalised group, are not counted.
 */
const OPS = { folded: 2, meanVariance: 5, rootMeanSquare: 3, weight: 1, bias: 1, sum: 1 } as const;

/** Inputs in ONNX's order: x (batch x channels x ...), weight?, bias?, runningMean?, runningVar?. */
export const batchNorm: Operator<BatchNormAttributes> = {
  name: 'batchNorm',
  family: 'normalization',
  isView: false,
  infer([x, ...perChannel], { outputCount }) {
    if (x === undefined) return ok(tensorType('unknown', undefined));
    const channels = x.shape?.[1] ?? perChannel.find((each) => each?.shape?.length === 1)?.shape?.[0];
    const statistics = tensorType(x.dtype, channels === undefined ? undefined : [channels]);
    const outputs = [x, ...Array<TensorType>(Math.max(0, (outputCount ?? 1) - 1)).fill(statistics)];
    if (x.shape === undefined) return ok(...outputs);
    const problem = channelsProblem(x.shape, 1, perChannel);
    return problem === undefined ? ok(...outputs) : mismatch(problem, ...outputs);
  },
  work: ([x, weight, bias], _outputs, { training }) =>
    training === true ? perElement(x, OPS.meanVariance + affineOps(weight, bias)) : perElement(x, OPS.folded),
};

/** Inputs: x, weight?, bias?. torch.nn.functional.layer_norm, ONNX LayerNormalization-17. */
export const layerNorm: Operator<LayerNormAttributes> = {
  name: 'layerNorm',
  family: 'normalization',
  isView: false,
  infer: ([x, ...affine], attributes) => inferTrailing(x, affine, attributes),
  work: ([x, weight, bias]) => perElement(x, OPS.meanVariance + affineOps(weight, bias)),
};

/** Inputs: x, weight?. torch.nn.functional.rms_norm, ONNX RMSNormalization-23. */
export const rmsNorm: Operator<LayerNormAttributes> = {
  name: 'rmsNorm',
  family: 'normalization',
  isView: false,
  infer: ([x, ...affine], attributes) => inferTrailing(x, affine, attributes),
  work: ([x, weight, bias]) => perElement(x, OPS.rootMeanSquare + affineOps(weight, bias)),
};

/** Inputs: x, skip, weight?, bias?, addend? (com.microsoft SkipLayerNormalization): the sum of x and skip, normalised. */
export const skipLayerNorm: Operator<SkipLayerNormAttributes> = {
  name: 'skipLayerNorm',
  family: 'normalization',
  isView: false,
  infer([x, skip, weight, bias], { outputCount }) {
    const normalized = inferTrailing(x, [weight, bias], { outputCount: 3 });
    const sum = x ?? tensorType('unknown', undefined);
    const outputs = [...normalized.outputs, sum].slice(0, outputCount ?? 1);
    if (normalized.kind === 'mismatch') return mismatch(normalized.message, ...outputs);
    const [last, skipLast] = [x?.shape?.at(-1), skip?.shape?.at(-1)];
    if (last === undefined || skipLast === undefined || !areDifferent(last, skipLast)) return ok(...outputs);
    return mismatch(`cannot add ${printShape(skip?.shape)} to ${printShape(x?.shape)}`, ...outputs);
  },
  work([x, , weight, bias, addend], _outputs, { isRms }) {
    const sums = OPS.sum + (addend === undefined ? 0 : OPS.sum);
    return perElement(x, sums + (isRms === true ? OPS.rootMeanSquare : OPS.meanVariance) + affineOps(weight, bias));
  },
};

/** Inputs: x (batch x channels x ...), weight?, bias?. torch.nn.functional.group_norm, ONNX GroupNormalization-21. */
export const groupNorm: Operator<GroupNormAttributes> = {
  name: 'groupNorm',
  family: 'normalization',
  isView: false,
  infer([x, ...affine], { numGroups }) {
    if (isBelow(numGroups, 1)) {
      return mismatch(
        `the number of groups must be positive, got ${printDim(numGroups)}`,
        x ?? tensorType('unknown', undefined),
      );
    }
    if (x?.shape === undefined) return unchanged(x);
    const rest = moduloDims(dimAt(x.shape, 1), numGroups);
    if (x.shape.length > 1 && typeof rest === 'number' && rest !== 0) {
      const channels = printDim(dimAt(x.shape, 1));
      return mismatch(
        `${channels} channels do not divide into ${printDim(numGroups)} groups, got ${printShape(x.shape)}`,
        x,
      );
    }
    const problem = channelsProblem(x.shape, 1, affine);
    return problem === undefined ? ok(x) : mismatch(problem, x);
  },
  work: ([x, weight, bias]) => perElement(x, OPS.meanVariance + affineOps(weight, bias)),
};

/** Inputs: x (batch x channels x spatial..., or without batch), weight?, bias?, runningMean?, runningVar?. */
export const instanceNorm: Operator<InstanceNormAttributes> = {
  name: 'instanceNorm',
  family: 'normalization',
  isView: false,
  infer([x, ...perChannel], { hasNoBatch }) {
    if (x?.shape === undefined) return unchanged(x);
    const problem = channelsProblem(x.shape, hasNoBatch === true ? 0 : 1, perChannel);
    return problem === undefined ? ok(x) : mismatch(problem, x);
  },
  work: ([x, weight, bias], _outputs, { usesRunningStats }) =>
    usesRunningStats === true ? perElement(x, OPS.folded) : perElement(x, OPS.meanVariance + affineOps(weight, bias)),
};

/** Inputs: x (batch x channels x ...). Per element: a square, `size` additions, scale and shift, power, division. */
export const localResponseNorm: Operator<LocalResponseNormAttributes> = {
  name: 'localResponseNorm',
  family: 'normalization',
  isView: false,
  infer([x], { size }) {
    const output = x ?? tensorType('unknown', undefined);
    if (isBelow(size, 1)) return mismatch(`the size must be positive, got ${printDim(size)}`, output);
    if (output.shape === undefined || output.shape.length >= 3) return ok(output);
    return mismatch(`expected at least 3 axes, got ${printShape(output.shape)}`, output);
  },
  work: ([x], _outputs, { size }) => perElement(x, addDims(size, 5)),
};

/** Inputs: x. torch.nn.functional.normalize, ONNX LpNormalization. Per element: power, sum, division. */
export const lpNormalize: Operator<LpNormalizeAttributes> = {
  name: 'lpNormalize',
  family: 'normalization',
  isView: false,
  infer: ([x], { axis }) => axisProblem(x, axis) ?? unchanged(x),
  work: ([x]) => perElement(x, OPS.rootMeanSquare),
};

/** Inputs: x. ONNX MeanVarianceNormalization-13. */
export const meanVarianceNorm: Operator<NoAttributes> = {
  name: 'meanVarianceNorm',
  family: 'normalization',
  isView: false,
  infer: ([x]) => unchanged(x),
  work: ([x]) => perElement(x, OPS.meanVariance),
};

export const normalizationOperators: readonly Operator[] = [
  batchNorm,
  layerNorm,
  rmsNorm,
  skipLayerNorm,
  groupNorm,
  instanceNorm,
  localResponseNorm,
  lpNormalize,
  meanVarianceNorm,
];

function perElement(x: TensorType | undefined, ops: Dim): OperatorWork {
  return { macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), ops) };
}

function affineOps(weight: TensorType | undefined, bias: TensorType | undefined): number {
  return (weight === undefined ? 0 : OPS.weight) + (bias === undefined ? 0 : OPS.bias);
}

function unchanged(x: TensorType | undefined): InferResult {
  return ok(x ?? tensorType('unknown', undefined));
}

function axisProblem(x: TensorType | undefined, axis: number | undefined): InferResult | undefined {
  const rank = x?.shape?.length;
  if (x === undefined || axis === undefined || rank === undefined || isAxis(axis, rank)) return undefined;
  return mismatch(`there is no axis ${axis} in ${printShape(x.shape)}`, x);
}

/** A scalar has the one axis 0, as in PyTorch. */
function isAxis(axis: number, rank: number): boolean {
  const extent = Math.max(rank, 1);
  return axis < extent && axis >= -extent;
}

/** Checks vectors with one entry per channel: "expected 64 channels, got 1x32x56x56". */
function channelsProblem(x: Shape, axis: number, vectors: readonly (TensorType | undefined)[]): string | undefined {
  if (x.length <= axis) return `expected a batch and a channel axis, got ${printShape(x)}`;
  const wrong = vectors.find(
    (vector) => vector?.shape !== undefined && areDifferent(elementCount(vector.shape), dimAt(x, axis)),
  );
  return wrong === undefined ? undefined : `expected ${printShape(wrong.shape)} channels, got ${printShape(x)}`;
}

/** Layer norm's rule: the trailing axes are those of `normalizedShape`, and weight and bias cover them. */
function inferTrailing(
  x: TensorType | undefined,
  affine: readonly (TensorType | undefined)[],
  { normalizedShape, axis = -1, outputCount = 1 }: LayerNormAttributes,
): InferResult {
  if (x?.shape === undefined) {
    const unknown = tensorType(x?.dtype ?? 'unknown', undefined);
    return ok(...Array<TensorType>(outputCount).fill(unknown));
  }
  const { shape } = x;
  const first =
    normalizedShape === undefined ? (axis < 0 ? axis + shape.length : axis) : shape.length - normalizedShape.length;
  const trailing = shape.slice(Math.max(0, first));
  const statistics = tensorType(x.dtype, [...shape.slice(0, Math.max(0, first)), ...trailing.map(() => 1)]);
  const outputs = [x, ...Array<TensorType>(outputCount - 1).fill(statistics)];
  if (first < 0 || first >= Math.max(1, shape.length)) {
    const wanted = normalizedShape === undefined ? `an axis ${axis}` : `trailing axes ${printShape(normalizedShape)}`;
    return mismatch(`expected ${wanted}, got ${printShape(shape)}`, ...outputs);
  }
  if (normalizedShape?.some((dim, i) => areDifferent(dim, dimAt(trailing, i))) === true) {
    return mismatch(`expected trailing axes ${printShape(normalizedShape)}, got ${printShape(shape)}`, ...outputs);
  }
  const wrong = affine.find((each) => each?.shape !== undefined && !coversTrailing(each.shape, trailing));
  if (wrong === undefined) return ok(...outputs);
  return mismatch(`expected trailing axes ${printShape(wrong.shape)}, got ${printShape(shape)}`, ...outputs);
}

/** ONNX lets weight and bias broadcast; more axes than are normalised, or other sizes, are mistakes. */
function coversTrailing(affine: Shape, trailing: Shape): boolean {
  return affine.every((dim, i) => {
    const own = trailing[i + trailing.length - affine.length];
    return own !== undefined && (dim === 1 || !areDifferent(dim, own));
  });
}

/**
 * Element types that PyTorch's operations refuse, operator by operator, as its CPU kernels do.
 * matmul of float32 and float64 -> "expected operands of one dtype, got float32 and float64"; softmax of int64, a bool
 * minus 1 and embedding by floats are refused too. Types that are not known are taken to fit.
 */
import { isComplex, isFloatingPoint, isInteger, type DType } from '../../../graph/dtype.ts';
import type { Attributes } from '../../../graph/modelGraph.ts';
import type { TensorType } from '../../../graph/tensorType.ts';
import { resultType } from '../../../operators/promotion.ts';

export interface TypedCall {
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputs: readonly (TensorType | undefined)[];
  /** What the operation would give, were it not in place. */
  readonly outputs: readonly TensorType[];
}

/** Says why the types do not go together; undefined where they may. */
export function dtypeProblem(call: TypedCall): string | undefined {
  const isEmpty = call.inputs[0]?.shape?.includes(0) === true;
  for (const rule of isEmpty && SKIPS_EMPTY.has(call.operator) ? [] : (RULES[call.operator] ?? [])) {
    const problem = rule(call);
    if (problem !== undefined) return problem;
  }
  return castProblem(call);
}

/** Their kernels return before they look at the type of an input without elements. */
const SKIPS_EMPTY: ReadonlySet<string> = new Set([
  'softmax',
  'logSoftmax',
  'softmin',
  'batchNorm',
  'instanceNorm',
  'maxPool',
]);

type Rule = (call: TypedCall) => string | undefined;

/** A check of the types of some inputs, the first where none are named. */
function inputs(accepts: (dtype: DType) => boolean, expected: string, places: readonly number[] = [0]): Rule {
  return ({ inputs: given }) => {
    for (const place of places) {
      const dtype = typeAt(given, place);
      if (dtype !== undefined && !accepts(dtype)) return `expected ${expected}, got ${dtype}`;
    }
    return undefined;
  };
}

const fractional = (dtype: DType): boolean => isFloatingPoint(dtype) || isComplex(dtype);
const FLOAT = inputs(fractional, 'a floating dtype');
const REAL_FLOAT = inputs(isFloatingPoint, 'a floating dtype');
const NOT_BOOL = inputs((dtype) => dtype !== 'bool', 'numbers');
const NEITHER_BOOL_NOR_COMPLEX = inputs((dtype) => dtype !== 'bool' && !isComplex(dtype), 'real numbers');
const BITS = inputs((dtype) => dtype === 'bool' || isInteger(dtype), 'integers or bools', [0, 1]);
const INTEGERS = inputs(isInteger, 'integers', [0, 1]);
const isIndex = (dtype: DType): boolean => dtype === 'int64' || dtype === 'int32';

/** All tensors of the call have one type, the addend and the bias included. */
const ALIKE: Rule = ({ inputs: given }) => alike(given);

/** Of some inputs. */
function alikeAt(...places: readonly number[]): Rule {
  return ({ inputs: given }) => alike(places.map((place) => given[place]));
}

function alike(given: readonly (TensorType | undefined)[]): string | undefined {
  const types = [
    ...new Set(given.flatMap((type) => (type === undefined || type.dtype === 'unknown' ? [] : [type.dtype]))),
  ];
  return types.length > 1 ? `expected operands of one dtype, got ${types.join(' and ')}` : undefined;
}

/** Weights of a normalisation are of the input's type, or float32 beside a half-precision input. */
const WEIGHTS: Rule = ({ inputs: given }) => {
  const [x, ...weights] = given;
  if (x === undefined || x.dtype === 'unknown') return undefined;
  const isHalf = x.dtype === 'float16' || x.dtype === 'bfloat16';
  const wrong = weights.find(
    (weight) =>
      weight !== undefined &&
      weight.dtype !== 'unknown' &&
      weight.dtype !== x.dtype &&
      !(isHalf && weight.dtype === 'float32'),
  );
  return wrong === undefined ? undefined : `expected weights of the input's dtype ${x.dtype}, got ${wrong.dtype}`;
};

/** `bool - x`: PyTorch wants `^` or logical_not. */
const NO_BOOL_OPERAND: Rule = ({ inputs: given, attributes }) => {
  const scalars: unknown = attributes['scalars'];
  const hasBool = given.some((type) => type?.dtype === 'bool') || (Array.isArray(scalars) && scalars.includes('bool'));
  return hasBool ? 'a bool is not subtracted (use ^ or logical_not)' : undefined;
};

const NO_FRACTION: Rule = ({ attributes }) => {
  const scalars: unknown = attributes['scalars'];
  return Array.isArray(scalars) && scalars.includes('float') ? 'expected integers or bools, got a float' : undefined;
};

/** Operands that promote to bool are refused. */
const RESULT_NOT_BOOL: Rule = ({ outputs }) =>
  outputs[0]?.dtype === 'bool' ? 'expected numbers, got bool' : undefined;
const RESULT_FLOAT: Rule = ({ outputs }) => {
  const dtype = outputs[0]?.dtype;
  return dtype === undefined || dtype === 'unknown' || fractional(dtype)
    ? undefined
    : `expected a floating dtype, got ${dtype}`;
};

/** Operands that promote to integers are refused. */
const PROMOTED_FLOAT: Rule = ({ inputs: given }) => {
  const dtype = resultType(given.filter((type) => type !== undefined));
  return dtype === 'unknown' || fractional(dtype) ? undefined : `expected a floating dtype, got ${dtype}`;
};

/** As far as the losses of torch.nn.functional differ. */
function lossProblem(call: TypedCall): string | undefined {
  const { formula, reduction } = call.attributes;
  switch (formula) {
    case 'mse_loss':
    case 'smooth_l1_loss':
      return PROMOTED_FLOAT(call);
    case 'l1_loss':
      return NO_BOOL_OPERAND(call) ?? (reduction === 'mean' ? PROMOTED_FLOAT(call) : undefined);
    case 'huber_loss':
    case 'soft_margin_loss':
      return FLOAT(call);
    case 'kl_div':
    case 'binary_cross_entropy_with_logits':
      return inputs(isFloatingPoint, 'a floating dtype', [0, 1])(call);
    case 'binary_cross_entropy':
      return FLOAT(call) ?? ALIKE(call);
    default:
      return undefined;
  }
}

/** Classes are integers; probabilities, which have the scores' shape, are floats. */
function classTargetProblem({ inputs: given, attributes }: TypedCall): string | undefined {
  const [scores, target] = given;
  if (scores?.shape === undefined || target?.shape === undefined || target.dtype === 'unknown') return undefined;
  const { length } = scores.shape;
  const hasProbabilities = attributes['formula'] === 'cross_entropy' && target.shape.length === length;
  const isOne = length === 1 && target.shape[0] === 1 && !isFloatingPoint(target.dtype);
  if (hasProbabilities && !isOne) {
    return isFloatingPoint(target.dtype)
      ? undefined
      : `expected probabilities of a floating dtype, got ${target.dtype}`;
  }
  if (target.dtype === 'int64' || target.dtype === 'uint8') return undefined;
  return `expected int64 classes, got ${target.dtype}`;
}

/** Windows along one axis have a kernel for floats, unless the positions are asked for too. */
const MAX_POOL: Rule = (call) => {
  const { kernel, returnIndices } = call.attributes;
  const isAlongOne = Array.isArray(kernel) && kernel.length === 1 && returnIndices !== true;
  return isAlongOne ? REAL_FLOAT(call) : NEITHER_BOOL_NOR_COMPLEX(call);
};

const PRODUCT: readonly Rule[] = [ALIKE, NOT_BOOL];
const NORMALIZATION: readonly Rule[] = [FLOAT, WEIGHTS];
const KEYS = inputs(isIndex, 'int64 or int32 indices', [1]);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  convolution: PRODUCT,
  transposedConvolution: PRODUCT,
  linear: PRODUCT,
  matmul: PRODUCT,
  gemm: PRODUCT,
  batchMatmul: PRODUCT,
  bilinear: PRODUCT,
  tensordot: PRODUCT,
  einsum: [(call) => (call.inputs.length > 1 ? (ALIKE(call) ?? NOT_BOOL(call)) : undefined)],
  scaledDotProductAttention: [alikeAt(0, 1, 2), REAL_FLOAT],
  multiHeadAttention: [FLOAT],
  projectedAttention: [FLOAT],
  rnn: PRODUCT,
  gru: PRODUCT,
  lstm: PRODUCT,
  rnnCell: PRODUCT,
  gruCell: PRODUCT,
  lstmCell: PRODUCT,
  interpolate: [inputs((dtype) => isFloatingPoint(dtype) || dtype === 'uint8', 'a floating dtype or uint8')],
  maxPool: [MAX_POOL],
  batchNorm: NORMALIZATION,
  instanceNorm: NORMALIZATION,
  layerNorm: NORMALIZATION,
  groupNorm: NORMALIZATION,
  rmsNorm: [FLOAT],
  embedding: [inputs(isIndex, 'int64 or int32 indices')],
  embeddingBag: [inputs(isIndex, 'int64 or int32 indices')],
  oneHot: [inputs((dtype) => dtype === 'int64', 'int64 classes')],
  gather: [KEYS],
  scatter: [KEYS, alikeAt(0, 2)],
  indexSelect: [KEYS],
  indexAdd: [KEYS, alikeAt(0, 2)],
  take: [inputs((dtype) => dtype === 'int64', 'int64 indices', [1])],
  where: [inputs((dtype) => dtype === 'bool' || dtype === 'uint8', 'a bool condition')],
  elementLoss: [lossProblem],
  classLoss: [FLOAT, classTargetProblem],
  cosineSimilarity: [PROMOTED_FLOAT],
  pairwiseDistance: [NO_BOOL_OPERAND],
  maskedFill: [inputs((dtype) => dtype === 'bool', 'a bool mask', [1])],
  maskedSelect: [inputs((dtype) => dtype === 'bool' || dtype === 'uint8', 'a bool mask', [1])],
  prelu: [FLOAT, ALIKE],
  lerp: [FLOAT, ALIKE],
  pairDistances: [REAL_FLOAT],
  relu: [NEITHER_BOOL_NOR_COMPLEX],
  relu6: [NEITHER_BOOL_NOR_COMPLEX],
  hardtanh: [NEITHER_BOOL_NOR_COMPLEX],
  tanhshrink: [NOT_BOOL],
  softsign: [NOT_BOOL],
  ...each(
    [
      'leakyRelu',
      'elu',
      'celu',
      'selu',
      'mish',
      'logSigmoid',
      'hardsigmoid',
      'hardswish',
      'hardshrink',
      'softshrink',
      'softplus',
      'gelu',
      'geluTanh',
      'glu',
      'softmin',
      'gumbelSoftmax',
    ],
    [REAL_FLOAT],
  ),
  ...each(
    ['softmax', 'logSoftmax'],
    [(call) => (call.attributes['dtype'] === undefined ? REAL_FLOAT(call) : undefined)],
  ),
  silu: [FLOAT],
  abs: [NOT_BOOL],
  neg: [inputs((dtype) => dtype !== 'bool', 'numbers (~ inverts a mask)')],
  positive: [NOT_BOOL],
  ...each(['floor', 'ceil', 'round', 'trunc'], [NEITHER_BOOL_NOR_COMPLEX]),
  frac: [REAL_FLOAT],
  imag: [inputs(isComplex, 'a complex dtype')],
  bitwiseNot: [BITS],
  ...each(['bitwiseAnd', 'bitwiseOr', 'bitwiseXor'], [BITS, NO_FRACTION]),
  ...each(['bitwiseLeftShift', 'bitwiseRightShift', 'gcd', 'lcm'], [RESULT_NOT_BOOL, INTEGERS]),
  sub: [NO_BOOL_OPERAND],
  ...each(['pow', 'fmod', 'remainder', 'floorDiv'], [RESULT_NOT_BOOL]),
  ...each(['logaddexp', 'logaddexp2', 'hypot', 'nextafter'], [RESULT_FLOAT]),
  heaviside: [ALIKE],
  ...each(['standardDeviation', 'variance', 'standardDeviationMean', 'varianceMean'], [FLOAT]),
  ...each(['argmax', 'argmin', 'median', 'medianWithIndices', 'topk', 'kthValue'], [NEITHER_BOOL_NOR_COMPLEX]),
  logCumSumExp: [FLOAT],
  norm: [FLOAT],
  lpNormalize: [FLOAT],
  mean: [(call) => (call.attributes['dtype'] === undefined ? undefined : RESULT_FLOAT(call))],
  takeAlongDim: [inputs((dtype) => dtype === 'int64', 'int64 indices', [1])],
};

function each(names: readonly string[], rules: readonly Rule[]): Readonly<Record<string, readonly Rule[]>> {
  return Object.fromEntries(names.map((name) => [name, rules]));
}

/** `x += y` keeps x's type: a float result does not go into integers, nor a number into bools. */
function castProblem({ attributes, inputs: given, outputs }: TypedCall): string | undefined {
  const into = attributes['isInPlace'] === true ? given[0]?.dtype : undefined;
  const from = outputs[0]?.dtype;
  return into === undefined || from === undefined ? undefined : storageProblem(from, into);
}

/** Says why a result of one type cannot be stored in a tensor of another. */
export function storageProblem(from: DType, into: DType): string | undefined {
  if (from === 'unknown' || into === 'unknown' || kindOf(from) <= kindOf(into)) return undefined;
  return `a result of ${from} cannot be stored in ${into}`;
}

/** bool < integers < floats < complex. */
function kindOf(dtype: DType): number {
  if (isComplex(dtype)) return 3;
  if (isFloatingPoint(dtype)) return 2;
  return dtype === 'bool' ? 0 : 1;
}

function typeAt(given: readonly (TensorType | undefined)[], place: number): DType | undefined {
  const dtype = given[place]?.dtype;
  return dtype === 'unknown' ? undefined : dtype;
}

/**
 * ONNX's elementwise arithmetic, comparison and logic: Add, Pow, Equal, Where, Clip, Cast, ... Types stay as they are,
 * since ONNX promotes nothing; shapes broadcast as in NumPy from opset 7 on.
 */
import type { DType } from '../../../graph/dtype.ts';
import { tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { cast, elementwise, type ElementwiseName } from '../../../operators/elementwise.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import { apply, counted, firstOutput, fused, withDtype, type MappingTable, type NodeMapping } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';

const UNARY = {
  Abs: 'abs',
  Acos: 'acos',
  Acosh: 'acosh',
  Asin: 'asin',
  Asinh: 'asinh',
  Atan: 'atan',
  Atanh: 'atanh',
  BitwiseNot: 'bitwiseNot',
  Ceil: 'ceil',
  Cos: 'cos',
  Cosh: 'cosh',
  Erf: 'erf',
  Exp: 'exp',
  Floor: 'floor',
  Log: 'log',
  Neg: 'neg',
  Not: 'logicalNot',
  Reciprocal: 'reciprocal',
  Round: 'round',
  Sign: 'sign',
  Sin: 'sin',
  Sinh: 'sinh',
  Sqrt: 'sqrt',
  Tan: 'tan',
} as const satisfies Record<string, ElementwiseName>;

const BINARY = {
  Add: 'add',
  And: 'logicalAnd',
  BitwiseAnd: 'bitwiseAnd',
  BitwiseOr: 'bitwiseOr',
  BitwiseXor: 'bitwiseXor',
  Mul: 'mul',
  Or: 'logicalOr',
  Pow: 'pow',
  Sub: 'sub',
  Xor: 'logicalXor',
} as const satisfies Record<string, ElementwiseName>;

const COMPARISONS = {
  Equal: 'eq',
  Greater: 'gt',
  GreaterOrEqual: 'ge',
  Less: 'lt',
  LessOrEqual: 'le',
} as const satisfies Record<string, ElementwiseName>;

const VARIADIC = {
  Max: 'maxOf',
  Mean: 'meanOf',
  Min: 'minOf',
  Sum: 'sumOf',
} as const satisfies Record<string, ElementwiseName>;

export const elementwiseMappings: MappingTable = {
  ...mapAll(UNARY, (name) => (call) => withDtype(apply(elementwise[name], call.tensors(0), {}), typeOf(call))),
  ...mapAll(BINARY, (name) => (call) => withDtype(apply(elementwise[name], operands(call), {}), typeOf(call))),
  ...mapAll(COMPARISONS, (name) => (call) => withDtype(apply(elementwise[name], operands(call), {}), 'bool')),
  ...mapAll(VARIADIC, (name) => (call) => withDtype(apply(elementwise[name], call.tensors(), {}), typeOf(call))),
  IsNaN: (call) => withDtype(apply(elementwise.isnan, call.tensors(0), {}), 'bool'),
  IsInf: (call) => withDtype(apply(elementwise.isinf, call.tensors(0), {}), 'bool'),
  Div: (call) => withDtype(apply(elementwise.div, operands(call), { rounding: 'trunc' }), typeOf(call)),
  Mod: (call) =>
    withDtype(apply(call.flag('fmod') ? elementwise.fmod : elementwise.remainder, operands(call), {}), typeOf(call)),
  BitShift(call) {
    const operator = call.string('direction') === 'LEFT' ? 'bitwiseLeftShift' : 'bitwiseRightShift';
    return withDtype(apply(elementwise[operator], call.tensors(0, 1), {}), typeOf(call));
  },
  Where: (call) => withDtype(apply(elementwise.where, call.tensors(0, 1, 2), {}), typeOf(call, 1) ?? typeOf(call, 2)),
  /** Bounds are attributes before opset 11, then inputs. */
  Clip(call) {
    const bounds = call.tensors().slice(1);
    return withDtype(apply(elementwise.clamp, [call.tensor(0), ...bounds], {}), typeOf(call));
  },
  Cast: (call) => apply(cast, call.tensors(0), { dtype: targetType(call) }),
  CastLike: (call) => apply(cast, call.tensors(0), { dtype: typeOf(call, 1) ?? 'unknown' }),
  /** The same bits under another type of the same width: nothing is computed. */
  BitCast(call) {
    const x = call.tensor(0);
    const dtype = targetType(call);
    const node = counted('bitCast', [x], [tensorType(dtype, x?.shape)], {}, { dtype });
    return { ...node, isView: true, work: { ...node.work, bytesRead: 0, bytesWritten: 0 } };
  },
};

export const microsoftElementwiseMappings: MappingTable = {
  /** x + bias + skip */
  BiasAdd(call) {
    const sum = apply(elementwise.add, call.tensors(0, 1), {});
    return fused(sum, apply(elementwise.add, [firstOutput(sum), call.tensor(2)], {}));
  },
};

/** Before opset 7, `broadcast` with `axis` lines the second operand up with a middle axis of the first. */
function operands(call: NodeCall): readonly (TensorType | undefined)[] {
  const [left, right] = call.tensors(0, 1);
  const axis = call.int('axis');
  if (call.opset >= 7 || axis === undefined || left?.shape === undefined || right?.shape === undefined) {
    return [left, right];
  }
  const start = axis < 0 ? axis + left.shape.length : axis;
  const trailing = left.shape.length - start - right.shape.length;
  if (trailing <= 0) return [left, right];
  return [left, tensorType(right.dtype, [...right.shape, ...Array<number>(trailing).fill(1)])];
}

/** Element type of an input; undefined where it is left out or not known. */
export function typeOf(call: NodeCall, index = 0): DType | undefined {
  const dtype = call.tensor(index)?.dtype;
  return dtype === 'unknown' ? undefined : dtype;
}

/** `to` is a code, and in opset 1 a name ("FLOAT"). */
function targetType(call: NodeCall): DType {
  const code = call.int('to');
  if (code !== undefined) return dtypeOfCode(code);
  return OLD_NAMES[call.string('to') ?? ''] ?? 'unknown';
}

const OLD_NAMES: Readonly<Record<string, DType>> = {
  FLOAT: 'float32',
  DOUBLE: 'float64',
  FLOAT16: 'float16',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  BOOL: 'bool',
};

/** One mapping for each entry of a table of names. */
export function mapAll<N extends string>(
  names: Readonly<Record<string, N>>,
  mapping: (name: N) => NodeMapping,
): MappingTable {
  return Object.fromEntries(Object.entries(names).map(([onnx, name]) => [onnx, mapping(name)]));
}

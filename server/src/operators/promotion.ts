/**
 * Result types of mixed operands, by PyTorch's rules (pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
 * int64 tensor + Python float -> float32; float16 tensor + float32 zero-dimensional tensor -> float16.
 */
import { isComplex, isFloatingPoint, isInteger, type DType } from '../graph/dtype.ts';
import type { TensorType } from '../graph/tensorType.ts';

/** A Python number that stands as an operand beside tensors. */
export type ScalarKind = 'bool' | 'int' | 'float' | 'complex';

/** What `torch.get_default_dtype()` gives at start. */
const DEFAULT_FLOAT: DType = 'float32';

const SCALAR_TYPES: Readonly<Record<ScalarKind, DType>> = {
  bool: 'bool',
  int: 'int64',
  float: DEFAULT_FLOAT,
  complex: 'complex64',
};

/** Narrow to wide: a type promotes to any later one of its row. */
const SIGNED: readonly DType[] = ['int8', 'int16', 'int32', 'int64'];
const FLOATS: readonly DType[] = ['float16', 'bfloat16', 'float32', 'float64'];

/** Promotes two types of equal standing, as `torch.promote_types`; 'unknown' where one is unknown or they do not mix. */
export function promoteTypes(left: DType, right: DType): DType {
  if (left === right) return left;
  if (left === 'unknown' || right === 'unknown' || left === 'string' || right === 'string') return 'unknown';
  if (isComplex(left) || isComplex(right)) {
    return promoteComplex(left, right);
  }
  if (isFloatingPoint(left) || isFloatingPoint(right)) return promoteFloats(left, right);
  if (isLimited(left) || isLimited(right)) return 'unknown';
  if (left === 'bool') return right;
  return right === 'bool' ? left : promoteIntegers(left, right);
}

/** `torch.result_type` of tensors and Python scalars: dimensioned tensors win over zero-dimensional ones, those over scalars. */
export function resultType(tensors: readonly TensorType[], scalars: readonly ScalarKind[] = []): DType {
  // A tensor of unknown rank is taken to have dims, as nearly all have.
  const dimensioned = promoteAll(tensors.filter(({ shape }) => shape?.length !== 0).map(({ dtype }) => dtype));
  const zeroDimensional = promoteAll(tensors.filter(({ shape }) => shape?.length === 0).map(({ dtype }) => dtype));
  const scalar = promoteAll(scalars.map((kind) => SCALAR_TYPES[kind]));
  return combine(dimensioned, combine(zeroDimensional, scalar)) ?? 'unknown';
}

/** The type of an operation that gives fractions: integers and bool become the default float type. */
export function toFloat(dtype: DType): DType {
  return isInteger(dtype) || dtype === 'bool' ? DEFAULT_FLOAT : dtype;
}

/** The type of the parts of a complex number: complex64 -> float32; others stay. */
export function toReal(dtype: DType): DType {
  if (dtype === 'complex128') return 'float64';
  if (dtype === 'complex64') return 'float32';
  return dtype === 'complex32' ? 'float16' : dtype;
}

/** A lower category matters only where it is of a higher kind: bool < integers < floats < complex. */
function combine(higher: DType | undefined, lower: DType | undefined): DType | undefined {
  if (higher === undefined || lower === undefined) return higher ?? lower;
  if (higher === 'unknown' || lower === 'unknown') return 'unknown';
  if (kindRank(lower) <= kindRank(higher)) return higher;
  if (kindRank(higher) === 2) return toComplex(higher);
  return promoteTypes(higher, lower);
}

function kindRank(dtype: DType): number {
  if (isComplex(dtype)) return 3;
  if (isFloatingPoint(dtype)) return 2;
  return isInteger(dtype) ? 1 : 0;
}

function promoteAll(types: readonly DType[]): DType | undefined {
  return types.length === 0 ? undefined : types.reduce(promoteTypes);
}

function promoteFloats(left: DType, right: DType): DType {
  if (isNarrow(left) || isNarrow(right)) return 'unknown';
  if (!isFloatingPoint(left)) return right;
  if (!isFloatingPoint(right)) return left;
  const wider = FLOATS[Math.max(FLOATS.indexOf(left), FLOATS.indexOf(right))] ?? 'unknown';
  return wider === 'bfloat16' ? 'float32' : wider;
}

/** The parts are promoted; integers count as nothing beside a complex number. */
function promoteComplex(left: DType, right: DType): DType {
  if ([left, right].some((type) => isNarrow(type) || isLimited(type))) return 'unknown';
  const parts = [left, right].filter((type) => isComplex(type) || isFloatingPoint(type)).map(toReal);
  return toComplex(parts.reduce(promoteTypes));
}

/** The complex type with such parts. */
function toComplex(part: DType): DType {
  if (part === 'float64') return 'complex128';
  return part === 'float16' ? 'complex32' : 'complex64';
}

/** Unsigned types that PyTorch promotes with floats only. */
function isLimited(dtype: DType): boolean {
  return dtype === 'uint16' || dtype === 'uint32' || dtype === 'uint64';
}

function promoteIntegers(left: DType, right: DType): DType {
  const widths = [left, right].map((type) => (type === 'uint8' ? 0.5 : SIGNED.indexOf(type)));
  if (widths.includes(-1)) return 'unknown';
  const widest = Math.max(...widths);
  return SIGNED[Math.ceil(widest === 0 || widest === 0.5 ? 0.5 : widest)] ?? 'unknown';
}

/** Floats of 8 and 4 bits, which PyTorch does not promote. */
function isNarrow(dtype: DType): boolean {
  return dtype.startsWith('float8') || dtype.startsWith('float4');
}

/**
 * Tensors made from nothing or in the likeness of another; triangles and diagonals of matrices.
 * full([8, 3], float32) -> 8x3 float32; arange(0, 10, 3) -> 4 int64; diagonal(2x3x4, dims 1 2) -> 2x3.
 */
import {
  addDims,
  ceilDivideDims,
  maximumDim,
  minimumDim,
  printDim,
  subtractDims,
  unknownDim,
  type Dim,
} from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { Attributes } from '../graph/modelGraph.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { dataMovement, misfit, noWork, resolveAxes, shaped, type Inputs } from './dataMovement.ts';
import { dimAt } from './agreement.ts';
import type { ShapeResult } from './broadcast.ts';
import { mismatch, ok, type InferResult, type Operator, type OperatorWork } from './operator.ts';
import { isBelow } from './windows.ts';

export type FillAttributes = { readonly shape: readonly Dim[]; readonly dtype: DType };
/** `zeros`, `ones`, `full`, `empty`; ONNX ConstantOfShape. No inputs. */
export const full = creating<FillAttributes>('full', (_, { shape, dtype }) => filled(shape, dtype));
/** `rand`, `randn`, `randint`, `normal`: counted as one operation an element. */
export const random = creating<FillAttributes>('random', (_, { shape, dtype }) => filled(shape, dtype), drawn);

/** Absent shape and dtype: those of the input. `zeros_like`, `new_zeros`, `EyeLike`. */
export type LikeAttributes = { readonly shape?: readonly Dim[] | undefined; readonly dtype?: DType | undefined };
export const fullLike = creating<LikeAttributes>('fullLike', inferLike);
export const randomLike = creating<LikeAttributes>('randomLike', inferLike, drawn);
/** Draws from the input's probabilities: `torch.bernoulli`. */
export const bernoulli = creating<LikeAttributes>('bernoulli', inferLike, drawnFromInput);

export type MultinomialAttributes = { readonly count: Dim; readonly dtype?: DType | undefined };
/** Input: probabilities, one row or a matrix. */
export const multinomial = creating<MultinomialAttributes>(
  'multinomial',
  ([x], { count, dtype = 'int64' }) => {
    if (isBelow(count, 1)) return mismatch(`cannot draw ${printDim(count)} samples`);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (x.shape.at(-1) === 0) return mismatch(`there is nothing to draw from in ${printShape(x.shape)}`);
    if (x.shape.length === 1 || x.shape.length === 2) return ok(tensorType(dtype, [...x.shape.slice(0, -1), count]));
    return mismatch(`expected probabilities of 1 or 2 axes, got ${printShape(x.shape)}`);
  },
  drawnFromInput,
);

/** Numbers may be fractions. */
export type ArangeAttributes = {
  readonly start: Dim;
  readonly end: Dim;
  readonly step: Dim;
  readonly dtype: DType;
  /** ONNX: a range that runs away from its end is empty; in PyTorch an error. */
  readonly mayBeEmpty?: boolean | undefined;
};
/** `torch.arange`, ONNX Range: ceil((end - start) / step) elements. */
export const arange = creating<ArangeAttributes>('arange', inferArange);

export type LinspaceAttributes = { readonly steps: Dim; readonly dtype: DType };
/** `linspace`, `logspace`. */
export const linspace = creating<LinspaceAttributes>(
  'linspace',
  (_, { steps, dtype }) => filled([steps], dtype),
  drawn,
);

export type EyeAttributes = { readonly rows: Dim; readonly columns?: Dim | undefined; readonly dtype: DType };
export const eye = creating<EyeAttributes>('eye', (_, { rows, columns, dtype }) =>
  filled([rows, columns ?? rows], dtype),
);

export type MeshgridAttributes = { readonly indexing: 'ij' | 'xy' };
/** Inputs: rows. One output an input; `xy` swaps the first two axes. */
export const meshgrid: Operator<MeshgridAttributes> = {
  name: 'meshgrid',
  family: 'creation',
  isView: true,
  infer: (inputs, { indexing }) => inferMeshgrid(inputs, indexing),
  work: noWork,
};

/** 0 is the main diagonal, 1 the one above it. */
export type DiagonalAttributes = { readonly offset: number };
export const tril = dataMovement<DiagonalAttributes>('tril', 'creation', triangleRule);
export const triu = dataMovement<DiagonalAttributes>('triu', 'creation', triangleRule);

export type TriangleIndicesAttributes = {
  readonly rows: Dim;
  readonly columns: Dim;
  readonly offset: number;
  readonly dtype: DType;
};
/** `tril_indices`, `triu_indices`: a row of row numbers over a row of column numbers. No inputs. */
export const trilIndices = triangleIndices('trilIndices', (rows, columns, offset) =>
  countLowerTriangle(rows, columns, offset),
);
export const triuIndices = triangleIndices(
  'triuIndices',
  (rows, columns, offset) => rows * columns - countLowerTriangle(rows, columns, offset - 1),
);

/** `torch.diag`: a matrix from a row, a row from a matrix. */
export const diag = dataMovement<DiagonalAttributes>('diag', 'creation', (shape, { offset }) => {
  const [rows, columns] = shape;
  if (rows === undefined || shape.length > 2) return misfit(`expected a row or a matrix, got ${printShape(shape)}`);
  if (columns !== undefined) return shaped([diagonalLength(rows, columns, offset)]);
  const size = addDims(rows, Math.abs(offset));
  return shaped([size, size]);
});

export type DiagonalOfAttributes = DiagonalAttributes & { readonly dim0: number; readonly dim1: number };
/** `torch.diagonal`: two dims go, the diagonal stands last. */
export const diagonal = dataMovement<DiagonalOfAttributes>(
  'diagonal',
  'creation',
  (shape, { offset, dim0, dim1 }) => {
    const axes = resolveAxes([dim0, dim1], shape);
    if (typeof axes === 'string') return misfit(axes);
    const [first = 0, second = 0] = axes;
    const length = diagonalLength(dimAt(shape, first), dimAt(shape, second), offset);
    return shaped([...shape.filter((_, axis) => axis !== first && axis !== second), length]);
  },
  { isView: true },
);

/** `torch.diag_embed`: the last dim becomes a diagonal of two new dims, whose places in the result are given. */
export const diagEmbed = dataMovement<DiagonalOfAttributes>('diagEmbed', 'creation', diagEmbedRule);

export const creationOperators: readonly Operator[] = [
  full,
  random,
  fullLike,
  randomLike,
  bernoulli,
  multinomial,
  arange,
  linspace,
  eye,
  meshgrid,
  tril,
  triu,
  trilIndices,
  triuIndices,
  diag,
  diagonal,
  diagEmbed,
];

function creating<A extends Attributes>(
  name: string,
  infer: Operator<A>['infer'],
  work: Operator<A>['work'] = written,
): Operator<A> {
  return { name, family: 'creation', isView: false, infer, work };
}

/** Only written: an input gives shape and type, and is not read. */
function written(): OperatorWork {
  return { macs: 0, elementwiseOps: 0, bytesRead: 0 };
}

function drawn(_: Inputs, outputs: readonly TensorType[]): OperatorWork {
  return { ...drawnFromInput(_, outputs), bytesRead: 0 };
}

function drawnFromInput(_: Inputs, outputs: readonly TensorType[]): OperatorWork {
  return { macs: 0, elementwiseOps: elementCount(outputs[0]?.shape) };
}

function filled(shape: Shape, dtype: DType): InferResult {
  const negative = shape.find((dim) => isBelow(dim, 0));
  return negative === undefined
    ? ok(tensorType(dtype, shape))
    : mismatch(`a tensor cannot have the size ${printDim(negative)} (${shape.map(printDim).join(', ')})`);
}

function inferLike([x]: Inputs, { shape, dtype }: LikeAttributes): InferResult {
  const type = dtype ?? x?.dtype ?? 'unknown';
  return shape === undefined ? ok(tensorType(type, x?.shape)) : filled(shape, type);
}

function inferArange(_: Inputs, { start, end, step, dtype, mayBeEmpty }: ArangeAttributes): InferResult {
  if (step === 0) return mismatch('the step of a range must not be 0');
  if (typeof start === 'number' && typeof end === 'number' && typeof step === 'number') {
    const steps = (end - start) / step;
    const length = Math.ceil(steps);
    if (steps < 0 && mayBeEmpty !== true) return mismatch(`no step of ${step} leads from ${start} to ${end}`);
    return ok(tensorType(dtype, [Number.isSafeInteger(length) ? Math.max(length, 0) : tooLong(length)]));
  }
  const isFraction = [start, end, step].some((dim) => typeof dim === 'number' && !Number.isInteger(dim));
  if (isFraction) return ok(tensorType(dtype, [unknownDim('the length of a range with fractions is not known')]));
  return ok(tensorType(dtype, [maximumDim(ceilDivideDims(subtractDims(end, start), step), 0)]));
}

function tooLong(length: number): Dim {
  return unknownDim(`a range of ${length} elements is not a tensor`);
}

function inferMeshgrid(inputs: Inputs, indexing: 'ij' | 'xy'): InferResult {
  const rows = inputs.filter((input) => input !== undefined);
  const wrong = rows.find(({ shape }) => shape !== undefined && shape.length > 1);
  if (wrong !== undefined) return mismatch(`meshgrid expects rows, got ${printShape(wrong.shape)}`);
  const sizes = inputs.map((input) => {
    if (input?.shape === undefined) return unknownDim('the size of a row is not known');
    return input.shape[0] ?? 1;
  });
  const [first, second, ...others] = sizes;
  const isSwapped = indexing === 'xy' && first !== undefined && second !== undefined;
  const shape = isSwapped ? [second, first, ...others] : sizes;
  return ok(...inputs.map((input) => tensorType(input?.dtype ?? 'unknown', shape)));
}

function triangleRule(shape: Shape): ShapeResult {
  return shape.length >= 2 ? shaped(shape) : misfit(`expected a matrix, got ${printShape(shape)}`);
}

function diagEmbedRule(shape: Shape, { offset, dim0, dim1 }: DiagonalOfAttributes): ShapeResult {
  if (shape.length === 0) return misfit(`expected a row, got ${printShape(shape)}`);
  const size = addDims(dimAt(shape, -1), Math.abs(offset));
  const rest = shape.slice(0, -1);
  const axes = resolveAxes([dim0, dim1], [...rest, size, size]);
  if (typeof axes === 'string') return misfit(axes);
  const others = [...rest];
  return shaped(
    Array.from({ length: shape.length + 1 }, (_, axis) => (axes.includes(axis) ? size : (others.shift() ?? 1))),
  );
}

function diagonalLength(rows: Dim, columns: Dim, offset: number): Dim {
  const [height, width] = offset < 0 ? [addDims(rows, offset), columns] : [rows, addDims(columns, -offset)];
  return maximumDim(minimumDim(height, width), 0);
}

/** Elements on and below a diagonal, row by row: row i holds i + 1 + offset of them, none at least, all at most. */
function countLowerTriangle(rows: number, columns: number, offset: number): number {
  const firstRow = Math.max(0, -offset);
  const firstFullRow = Math.max(firstRow, columns - 1 - offset);
  const partialRows = Math.max(0, Math.min(rows, firstFullRow) - firstRow);
  const shortest = firstRow + 1 + offset;
  const partial = (partialRows * (2 * shortest + partialRows - 1)) / 2;
  return partial + Math.max(0, rows - firstFullRow) * columns;
}

function triangleIndices(
  name: string,
  count: (rows: number, columns: number, offset: number) => number,
): Operator<TriangleIndicesAttributes> {
  return {
    name,
    family: 'creation',
    isView: false,
    infer(_, { rows, columns, offset, dtype }) {
      const negative = [rows, columns].find((size) => isBelow(size, 0));
      if (negative !== undefined) return mismatch(`a triangle cannot have the size ${printDim(negative)}`);
      const isKnown = typeof rows === 'number' && typeof columns === 'number';
      const length = isKnown ? count(rows, columns, offset) : unknownDim('the size of the triangle is not known');
      return ok(tensorType(dtype, [2, length]));
    },
    work: () => ({ macs: 0, elementwiseOps: 0, bytesRead: 0 }),
  };
}

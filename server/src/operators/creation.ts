/**
 * Tensors made from nothing, or in the likeness of another.
 * zeros([8, 3]) -> 8x3 float32; arange(0, 10, 3) -> 4 int64.
 */
import type { Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type FillAttributes = { readonly shape: readonly Dim[]; readonly dtype: DType };
/** `zeros`, `ones`, `full`, `empty`; ONNX ConstantOfShape. No inputs. */
export const full = pending<FillAttributes>('full', 'creation');
/** `rand`, `randn`, `randint`, `normal`: counted as one operation an element. */
export const random = pending<FillAttributes>('random', 'creation');

/** Absent shape and dtype: those of the input. `zeros_like`, `new_zeros`, `EyeLike`. */
export type LikeAttributes = { readonly shape?: readonly Dim[] | undefined; readonly dtype?: DType | undefined };
export const fullLike = pending<LikeAttributes>('fullLike', 'creation');
export const randomLike = pending<LikeAttributes>('randomLike', 'creation');
/** Draws from the input's probabilities: `torch.bernoulli`. */
export const bernoulli = pending<LikeAttributes>('bernoulli', 'creation');
/** Input: probabilities, one row or a matrix. */
export const multinomial = pending<{ readonly count: Dim; readonly dtype?: DType | undefined }>(
  'multinomial',
  'creation',
);

/** Numbers may be fractions. */
export type ArangeAttributes = { readonly start: Dim; readonly end: Dim; readonly step: Dim; readonly dtype: DType };
/** `torch.arange`, ONNX Range: ceil((end - start) / step) elements. */
export const arange = pending<ArangeAttributes>('arange', 'creation');

export type LinspaceAttributes = { readonly steps: Dim; readonly dtype: DType };
/** `linspace`, `logspace`. */
export const linspace = pending<LinspaceAttributes>('linspace', 'creation');

export type EyeAttributes = { readonly rows: Dim; readonly columns?: Dim | undefined; readonly dtype: DType };
export const eye = pending<EyeAttributes>('eye', 'creation');

export type DiagonalAttributes = { readonly offset: number };
export const tril = pending<DiagonalAttributes>('tril', 'creation');
export const triu = pending<DiagonalAttributes>('triu', 'creation');
export type TriangleIndicesAttributes = {
  readonly rows: Dim;
  readonly columns: Dim;
  readonly offset: number;
  readonly dtype: DType;
};
/** `tril_indices`, `triu_indices`. */
export const trilIndices = pending<TriangleIndicesAttributes>('trilIndices', 'creation');
export const triuIndices = pending<TriangleIndicesAttributes>('triuIndices', 'creation');
/** `torch.diag`: a matrix from a row, a row from a matrix. */
export const diag = pending<DiagonalAttributes>('diag', 'creation');
export const diagonal = pending<DiagonalAttributes & { readonly dim0: number; readonly dim1: number }>(
  'diagonal',
  'creation',
  true,
);
export const diagEmbed = pending<DiagonalAttributes & { readonly dim0: number; readonly dim1: number }>(
  'diagEmbed',
  'creation',
);

/** Inputs: rows. One output an input. (One-hot encoding stands in embedding.ts.) */
export const meshgrid = pending<{ readonly indexing: 'ij' | 'xy' }>('meshgrid', 'creation', true);

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
  tril,
  triu,
  trilIndices,
  triuIndices,
  diag,
  diagonal,
  diagEmbed,
  meshgrid,
];

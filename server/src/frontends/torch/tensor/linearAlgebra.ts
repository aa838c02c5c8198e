/**
 * torch.linalg: norms are reductions; decompositions and solvers have known shapes and an uncounted cost.
 * torch.linalg.svd(3x4, full_matrices=False) -> 3x3, 3, 3x4.
 */
import type { Value } from '../../../evaluation/values.ts';
import { minimumDim, type Dim } from '../../../graph/dim.ts';
import type { DType } from '../../../graph/dtype.ts';
import { tensorType, type Shape, type TensorType } from '../../../graph/tensorType.ts';
import { reductions } from '../../../operators/reduction.ts';
import { matmul } from '../../../operators/matrix.ts';
import { covariance, histogram, quantile, renorm } from '../../../operators/statistics.ts';
import { TensorValue } from '../tensorValue.ts';
import { UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { multiDot } from './matrixOperations.ts';
import { both, functionOnly, type TensorOperation } from './operation.ts';
import { returnTuple } from './returnTypes.ts';
import { uncounted } from './shapeOnly.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { diagonal } from '../../../operators/creation.ts';

interface Matrices {
  readonly input: TensorValue;
  readonly dtype: DType;
  readonly batch: Shape;
  readonly rows: Dim;
  readonly columns: Dim;
}

function matrices(call: TorchCall, name = 'A'): Matrices {
  const input = call.tensor(name);
  const { shape, dtype } = input.type;
  if (shape === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    return call.runtime.raise('RuntimeError', `${call.originalOp}: The input tensor must have at least 2 dimensions.`);
  }
  return { input, dtype, batch: shape.slice(0, -2), rows, columns };
}

/** One result with the shape of its matrices: inv, cholesky, matrix_exp. */
function sameShape(signature: string): TensorOperation {
  return functionOnly(signature, (call) => {
    const { input } = matrices(call);
    return uncounted(call, [input], input.type)[0] ?? null;
  });
}

/** One number a matrix. */
function perMatrix(signature: string, dtype?: DType): TensorOperation {
  return functionOnly(signature, (call) => {
    const { input, batch, dtype: own } = matrices(call);
    return uncounted(call, [input], tensorType(dtype ?? own, batch))[0] ?? null;
  });
}

function singularValues(call: TorchCall): Value {
  const { input, dtype, batch, rows, columns } = matrices(call);
  const rank = minimumDim(rows, columns);
  const isFull = call.boolean('full_matrices');
  const of = (...dims: Shape): TensorType => tensorType(dtype, [...batch, ...dims]);
  const types = [of(rows, isFull ? rows : rank), of(rank), of(isFull ? columns : rank, columns)];
  return returnTuple(call.runtime, 'linalg_svd', ['U', 'S', 'Vh'], uncounted(call, [input], ...types));
}

function orthogonal(call: TorchCall): Value {
  const { input, dtype, batch, rows, columns } = matrices(call);
  const inner = call.string('mode') === 'complete' ? rows : minimumDim(rows, columns);
  const types = [tensorType(dtype, [...batch, rows, inner]), tensorType(dtype, [...batch, inner, columns])];
  return returnTuple(call.runtime, 'linalg_qr', ['Q', 'R'], uncounted(call, [input], ...types));
}

function eigen(name: string, isComplex: boolean): (call: TorchCall) => Value {
  return (call) => {
    const { input, batch, rows, dtype } = matrices(call);
    const result: DType = !isComplex ? dtype : dtype === 'float64' ? 'complex128' : 'complex64';
    const types = [tensorType(result, [...batch, rows]), tensorType(result, [...batch, rows, rows])];
    return returnTuple(call.runtime, name, ['eigenvalues', 'eigenvectors'], uncounted(call, [input], ...types));
  };
}

function power(call: TorchCall): Value {
  const { input } = matrices(call, 'A');
  const exponent = call.int('n');
  if (exponent !== 2) return uncounted(call, [input], input.type)[0] ?? null;
  return call.record(matmul, {}, [input, input]);
}

function norm(call: TorchCall): Value {
  const input = call.tensor('x');
  const dims = call.value('dim') === null ? undefined : call.intList('dim');
  const attributes = { ...(dims && { dims }), ...(call.boolean('keepdim') && { keepDim: true }) };
  return call.record(reductions.norm, attributes, [input]);
}

/** Members of `torch.linalg`. */
export const linearAlgebraOperations: readonly TensorOperation[] = [
  functionOnly('norm(x, ord=None, dim=None, keepdim=False, *, dtype=None)', norm),
  functionOnly('vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None)', norm),
  functionOnly("matrix_norm(x, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None)", norm),
  sameShape('inv(A)'),
  sameShape('pinv(A, *, rtol=None, hermitian=False)'),
  sameShape('cholesky(A, *, upper=False)'),
  sameShape('matrix_exp(A)'),
  perMatrix('det(A)'),
  perMatrix('cond(A, p=None)'),
  perMatrix('matrix_rank(A, *, hermitian=False)', 'int64'),
  functionOnly('svd(A, full_matrices=True, *, driver=None)', singularValues),
  functionOnly('svdvals(A, *, driver=None)', (call) => {
    const { input, dtype, batch, rows, columns } = matrices(call);
    return uncounted(call, [input], tensorType(dtype, [...batch, minimumDim(rows, columns)]))[0] ?? null;
  }),
  functionOnly("qr(A, mode='reduced')", orthogonal),
  functionOnly("eigh(A, UPLO='L')", eigen('linalg_eigh', false)),
  functionOnly('eig(A)', eigen('linalg_eig', true)),
  functionOnly("eigvalsh(A, UPLO='L')", (call) => {
    const { input, dtype, batch, rows } = matrices(call);
    return uncounted(call, [input], tensorType(dtype, [...batch, rows]))[0] ?? null;
  }),
  functionOnly('solve(A, B, *, left=True)', (call) => {
    const right = call.tensor('B');
    return uncounted(call, [call.tensor('A'), right], right.type)[0] ?? null;
  }),
  functionOnly('matrix_power(A, n)', power),
  functionOnly('cross(input, other, *, dim=-1)', cross),
  functionOnly('diagonal(A, *, offset=0, dim1=-2, dim2=-1)', (call) => {
    const attributes = { offset: call.int('offset'), dim0: call.int('dim1'), dim1: call.int('dim2') };
    return call.record(diagonal, attributes, [call.tensor('A')]);
  }),
  multiDot,
];

/** a1 b2 - a2 b1 and so on: counted as one product of the common shape. */
function cross(call: TorchCall): Value {
  return call.record(elementwise.mul, {}, [call.tensor('input'), call.tensor('other')]);
}

/** Members of `torch` and of tensors. */
export const matrixFunctionOperations: readonly TensorOperation[] = [
  both('inverse(A)', (call) => {
    const { input } = matrices(call);
    return uncounted(call, [input], input.type)[0] ?? null;
  }),
  both('det(A)', (call) => {
    const { input, dtype, batch } = matrices(call);
    return uncounted(call, [input], tensorType(dtype, batch))[0] ?? null;
  }),
  both('matrix_power(A, n)', power),
  both('cross(input, other, dim=None)', cross),
  both('dist(input, other, p=2)', (call) => {
    const difference = call.record(elementwise.sub, {}, [call.tensor('input'), call.tensor('other')]);
    return call.record(reductions.norm, {}, [difference]);
  }),
  both('cov(input, *, correction=1, fweights=None, aweights=None)', (call) =>
    call.record(covariance, {}, [call.tensor('input')]),
  ),
  both('corrcoef(input)', (call) => call.record(covariance, {}, [call.tensor('input')])),
  both('histc(input, bins=100, min=0, max=0)', (call) =>
    call.record(histogram, { bins: call.dim('bins') }, [call.tensor('input')]),
  ),
  both('renorm(input, p, dim, maxnorm)', (call) =>
    call.record(renorm, { dim: call.int('dim') }, [call.tensor('input')]),
  ),
  both('quantile(input, q, dim=None, keepdim=False, *, interpolation=None)', quantiles),
  both('nanquantile(input, q, dim=None, keepdim=False, *, interpolation=None)', quantiles),
];

/** Several quantiles come first, as a dim of their own. */
function quantiles(call: TorchCall): Value {
  const asked = call.value('q');
  const shape = asked instanceof TensorValue ? asked.type.shape : [];
  if (shape === undefined) throw new UnknownArgument('the number of quantiles is unknown');
  const attributes = { quantiles: shape, dim: call.optionalInt('dim'), keepDim: call.boolean('keepdim') };
  return call.record(quantile, attributes, [call.tensor('input')]);
}

/**
 * Matrix products: matmul, mm, bmm, addmm, baddbmm, einsum, tensordot, outer, kron.
 * torch.addmm(3, 3x4, 4x3) -> 3x3, 36 MACs.
 */
import { PyEllipsis, PyList, PyTuple, type Value } from '../../../evaluation/values.ts';
import { addDims, compareDims, multiplyDims, subtractDims, type Dim } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { pairDistances } from '../../../operators/distance.ts';
import { einsum } from '../../../operators/einsum.ts';
import { batchMatmul, gemm, matmul, outer, tensordot } from '../../../operators/matrix.ts';
import { reductions } from '../../../operators/reduction.ts';
import { reshape } from '../../../operators/reshape.ts';
import { TensorValue } from '../tensorValue.ts';
import {
  asInt,
  asIntList,
  asTensor,
  plainInt,
  sequenceItems,
  UnknownArgument,
  type TorchCall,
} from '../torchNatives.ts';
import { knownArray } from './knownArray.ts';
import { elementwiseData } from './knownElementwise.ts';
import { recordElementwise } from './operands.ts';
import { both, functionOnly, type TensorOperation } from './operation.ts';
import { uncounted } from './shapeOnly.ts';
import { setElements } from './views.ts';

function product(call: TorchCall, ...names: readonly string[]): TensorValue {
  return call.record(
    matmul,
    {},
    names.map((name) => call.tensor(name)),
  );
}

function general(call: TorchCall): Value {
  return call.record(gemm, { alpha: call.number('alpha'), beta: call.number('beta') }, [
    call.tensor('mat1'),
    call.tensor('mat2'),
    call.tensor('input'),
  ]);
}

function batched(call: TorchCall): Value {
  return call.record(batchMatmul, {}, [call.tensor('batch1'), call.tensor('batch2'), call.tensor('input')]);
}

function equationOf(call: TorchCall): Value {
  const given = call.value('operands');
  const items = given instanceof PyTuple ? given.items : [];
  const first = call.value('equation');
  if (first instanceof TensorValue) return contractedBySublists(call, [first, ...items]);
  return contractedBy(call, call.string('equation').replaceAll(/\s/g, ''), items);
}

/** `einsum(x, [0, 1], y, [1, 2], [0, 2])`: each operand is followed by its subscripts, those of the output come last. */
function contractedBySublists(call: TorchCall, args: readonly Value[]): Value {
  const hasOutput = args.length % 2 === 1;
  const pairs = hasOutput ? args.slice(0, -1) : args;
  if (pairs.length === 0) {
    return call.runtime.raise(
      'ValueError',
      'einsum(): must specify the equation string and at least one operand, or at least one operand and its subscripts list',
    );
  }
  const inputs = pairs.filter((_, at) => at % 2 === 1).map((list) => subscriptsOf(call, list));
  const output = hasOutput ? `->${subscriptsOf(call, args.at(-1) ?? null)}` : '';
  return contractedBy(
    call,
    inputs.join(',') + output,
    pairs.filter((_, at) => at % 2 === 0),
  );
}

/** [0, 27, ...] -> "Ab...", as PyTorch names them. */
function subscriptsOf(call: TorchCall, list: Value): string {
  return sequenceItems(call.runtime, list, 'sublist')
    .map((item) => {
      if (item instanceof PyEllipsis) return '...';
      const letter = SUBSCRIPTS[asInt(call.runtime, plainInt(item), 'subscript')];
      const message = 'einsum(): subscript in subscript list is not within the valid range [0, 52)';
      return letter ?? call.runtime.raise('ValueError', message);
    })
    .join('');
}

const SUBSCRIPTS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function contractedBy(call: TorchCall, equation: string, items: readonly Value[]): Value {
  const [first] = items;
  const operands = items.length === 1 && (first instanceof PyList || first instanceof PyTuple) ? first.items : items;
  if (operands.length > MAX_EINSUM_OPERANDS) {
    throw new UnknownArgument(`an einsum of more than ${MAX_EINSUM_OPERANDS} operands`);
  }
  return call.record(
    einsum,
    { equation },
    operands.map((operand) => asTensor(call.runtime, operand, 'operands')),
  );
}

/** More are refused, as each is compared with all indices of those before it. */
const MAX_EINSUM_OPERANDS = 200;

/** `dims=2`, `dims=([0, 1], [1, 0])`. */
function contracted(call: TorchCall): Value {
  const [a, b] = [call.tensor('a'), call.tensor('b')];
  const dims = call.value('dims');
  if (dims instanceof PyTuple || dims instanceof PyList) {
    const [left, right] = dims.items;
    const axes = (value: Value | undefined): readonly number[] => asIntList(call.runtime, value ?? null, 'dims');
    return call.record(tensordot, { leftAxes: axes(left), rightAxes: axes(right) }, [a, b]);
  }
  const count = call.int('dims');
  const rank = a.type.shape?.length;
  if (rank === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  const places = Array.from({ length: count }, (_, at) => at);
  return call.record(tensordot, { leftAxes: places.map((at) => rank - count + at), rightAxes: places }, [a, b]);
}

/** The last dims of both are summed over; with a scalar it is an elementwise product. */
function inner(call: TorchCall): Value {
  const [a, b] = [call.tensor('input'), call.tensor('other')];
  const ranks = [a.type.shape?.length, b.type.shape?.length];
  if (ranks.includes(0)) return recordElementwise(call, 'mul', [a, b]);
  return call.record(tensordot, { leftAxes: [-1], rightAxes: [-1] }, [a, b]);
}

function outerProduct(call: TorchCall): Value {
  const [left, right] = [call.tensor('input'), call.tensor('vec2')];
  const output = call.record(outer, {}, [left, right]);
  return setElements(output, () => {
    const [a, b] = [knownArray(left), knownArray(right)];
    return a && b && elementwiseData('mul', [{ ...a, shape: [a.data.length, 1] }, b], output.type);
  });
}

/** Each element of the first scales a copy of the second. */
function kronecker(call: TorchCall): Value {
  const [a, b] = [call.tensor('input'), call.tensor('other')];
  const [left, right] = [a.type.shape, b.type.shape];
  if (left === undefined || right === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  const rank = Math.max(left.length, right.length);
  const padded = (shape: readonly Dim[]): readonly Dim[] => [...Array<Dim>(rank - shape.length).fill(1), ...shape];
  const [l, r] = [padded(left), padded(right)];
  const spread = call.record(reshape, { shape: l.flatMap((dim) => [dim, 1]) }, [a]);
  const within = call.record(reshape, { shape: r.flatMap((dim) => [1, dim]) }, [b]);
  const products = recordElementwise(call, 'mul', [spread, within]);
  return call.record(reshape, { shape: l.map((dim, at) => multiplyDims(dim, r[at] ?? 1)) }, [products]);
}

/** Several products in the cheaper order, as torch.linalg.multi_dot chooses it; beyond three the order is not followed. */
function chained(call: TorchCall, tensors: readonly TensorValue[]): Value {
  const [a, b, c] = tensors;
  if (a === undefined) return call.runtime.raise('RuntimeError', 'expected at least one matrix');
  if (b === undefined) return a;
  if (c === undefined) return call.record(matmul, {}, [a, b]);
  if (tensors.length > 3) {
    const [rows = 0] = a.type.shape ?? [];
    const columns = tensors.at(-1)?.type.shape?.[1] ?? 0;
    return uncounted(call, tensors, tensorType(a.type.dtype, [rows, columns]))[0] ?? null;
  }
  const [n = 0, k = 0] = a.type.shape ?? [];
  const [m = 0, p = 0] = c.type.shape ?? [];
  const leftFirst = addDims(multiplyDims(multiplyDims(n, k), m), multiplyDims(multiplyDims(n, m), p));
  const rightFirst = addDims(multiplyDims(multiplyDims(k, m), p), multiplyDims(multiplyDims(n, k), p));
  const isRightCheaper =
    compareDims(leftFirst, rightFirst) === 'different' && isPositive(subtractDims(leftFirst, rightFirst));
  return isRightCheaper
    ? call.record(matmul, {}, [a, call.record(matmul, {}, [b, c])])
    : call.record(matmul, {}, [call.record(matmul, {}, [a, b]), c]);
}

function isPositive(dim: Dim): boolean {
  return typeof dim === 'number' && dim > 0;
}

/** torch.linalg.multi_dot's argument: a list of matrices. */
export const multiDot: TensorOperation = functionOnly('multi_dot(tensors)', (call) =>
  chained(call, call.tensors('tensors')),
);

function sumOfProducts(call: TorchCall): Value {
  const products = call.record(batchMatmul, {}, [call.tensor('batch1'), call.tensor('batch2')]);
  const sum = call.record(reductions.sum, { dims: [0] }, [products]);
  return recordElementwise(call, 'add', [call.tensor('input'), sum]);
}

export const matrixOperations: readonly TensorOperation[] = [
  both('matmul(input, other)', (call) => product(call, 'input', 'other')),
  both('mm(input, mat2)', (call) => call.record(gemm, {}, [call.tensor('input'), call.tensor('mat2')])),
  both('bmm(input, mat2)', (call) => call.record(batchMatmul, {}, [call.tensor('input'), call.tensor('mat2')])),
  both('mv(input, vec)', (call) => product(call, 'input', 'vec')),
  both('dot(input, tensor)', (call) => product(call, 'input', 'tensor')),
  both('vdot(input, other)', (call) => product(call, 'input', 'other')),
  both('inner(input, other)', inner),
  both('outer(input, vec2)', outerProduct, {
    aliases: ['ger'],
  }),
  both('kron(input, other)', kronecker),
  both('addmm(input, mat1, mat2, *, beta=1, alpha=1)', general, { inPlace: true }),
  both('baddbmm(input, batch1, batch2, *, beta=1, alpha=1)', batched, { inPlace: true }),
  both('addbmm(input, batch1, batch2, *, beta=1, alpha=1)', sumOfProducts, { inPlace: true }),
  both(
    'addmv(input, mat, vec, *, beta=1, alpha=1)',
    (call) => recordElementwise(call, 'add', [call.tensor('input'), product(call, 'mat', 'vec')]),
    { inPlace: true },
  ),
  both(
    'addr(input, vec1, vec2, *, beta=1, alpha=1)',
    (call) =>
      recordElementwise(call, 'add', [
        call.tensor('input'),
        call.record(outer, {}, [call.tensor('vec1'), call.tensor('vec2')]),
      ]),
    { inPlace: true },
  ),
  functionOnly('einsum(equation, *operands)', equationOf),
  functionOnly('tensordot(a, b, dims=2)', contracted),
  functionOnly('chain_matmul(*matrices)', (call) => chained(call, call.tensors('matrices'))),
  both('cdist(x1, x2, p=2.0, compute_mode=None)', (call) =>
    call.record(pairDistances, {}, [call.tensor('x1'), call.tensor('x2')]),
  ),
];

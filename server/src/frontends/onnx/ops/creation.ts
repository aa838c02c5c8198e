/**
 * ONNX operators that make tensors: Constant, ConstantOfShape, Range, EyeLike, the random ones, Trilu.
 */
import { addDims, ceilDivideDims, maximumDim, subtractDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { bernoulli, full, fullLike, multinomial, random, randomLike, tril, triu } from '../../../operators/creation.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import {
  apply,
  bundle,
  counted,
  misfit,
  notTold,
  openShape,
  withDtype,
  type MappedNode,
  type MappingTable,
} from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { typeOf } from './elementwise.ts';

export const creationMappings: MappingTable = {
  Constant: (call) => constant(call),
  ConstantOfShape(call) {
    const value = call.attributeTensor('value');
    const dtype = value === undefined ? 'float32' : dtypeOfCode(value.dataType);
    const shape = call.dims(0);
    if (shape !== undefined) return apply(full, [], { shape, dtype });
    const reason = 'the shape of ConstantOfShape depends on data';
    const [rank] = call.tensor(0)?.shape ?? [];
    return notTold('full', reason, tensorType(dtype, typeof rank === 'number' ? openShape(rank, reason) : undefined));
  },
  Range: (call) => range(call),
  EyeLike(call) {
    const x = call.tensor(0);
    return apply(fullLike, [x], { dtype: codeOf(call) ?? x?.dtype });
  },
  RandomNormal: (call) => drawn(call),
  RandomUniform: (call) => drawn(call),
  RandomNormalLike: (call) => apply(randomLike, call.tensors(0), { dtype: codeOf(call) }),
  RandomUniformLike: (call) => apply(randomLike, call.tensors(0), { dtype: codeOf(call) }),
  Bernoulli: (call) => withDtype(apply(bernoulli, call.tensors(0), {}), codeOf(call) ?? typeOf(call)),
  Multinomial: (call) =>
    withDtype(apply(multinomial, call.tensors(0), { count: call.int('sample_size') ?? 1 }), codeOf(call) ?? 'int32'),
  Trilu(call) {
    const [offset] = call.numbers(1) ?? [];
    // Which diagonal does not matter to shape and cost.
    return apply(call.flag('upper', 1) ? triu : tril, call.tensors(0), { offset: offset ?? 0 });
  },
};

/** A tensor in one of many attributes; its elements are the front end's constants. */
function constant(call: NodeCall): MappedNode {
  const value = [...call.attributes.values()].find(({ kind }) => kind !== 'undefined');
  switch (value?.kind) {
    case 'tensor':
      return bundle('constant', [tensorType(dtypeOfCode(value.tensor.dataType), value.tensor.dims)]);
    case 'sparseTensor': {
      const { values, dims } = value.sparseTensor;
      return bundle('constant', [tensorType(dtypeOfCode(values?.dataType ?? 0), dims)]);
    }
    case 'int':
      return bundle('constant', [tensorType('int64', [])]);
    case 'float':
      return bundle('constant', [tensorType('float32', [])]);
    case 'string':
      return bundle('constant', [tensorType('string', [])]);
    case 'ints':
      return bundle('constant', [tensorType('int64', [value.ints.length])]);
    case 'floats':
      return bundle('constant', [tensorType('float32', [value.floats.length])]);
    case 'strings':
      return bundle('constant', [tensorType('string', [value.strings.length])]);
    default:
      return misfit('constant', 'Constant has no value', tensorType('unknown', undefined));
  }
}

/** Range-11: start, limit, delta; max(ceil((limit - start) / delta), 0) elements. */
function range(call: NodeCall): MappedNode {
  const [start, limit, delta] = [0, 1, 2].map((index) => call.dims(index)?.[0]);
  const length =
    start === undefined || limit === undefined || delta === undefined
      ? unknownDim('the bounds of Range depend on data')
      : rangeLength(start, limit, delta);
  const output = tensorType(typeOf(call) ?? 'unknown', [length]);
  return counted('arange', [], [output], { elementwiseOps: length });
}

function rangeLength(start: Dim, limit: Dim, delta: Dim): Dim {
  if (delta === 0) return unknownDim('the step of Range is 0');
  if (typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number') {
    if ([start, limit, delta].some((bound) => Number.isInteger(bound) && !Number.isSafeInteger(bound))) {
      return unknownDim('the bounds of Range exceed 2^53');
    }
    return Math.max(0, Math.ceil((limit - start) / delta));
  }
  return maximumDim(ceilDivideDims(subtractDims(limit, start), addDims(delta, 0)), 0);
}

function drawn(call: NodeCall): MappedNode {
  return apply(random, [], { shape: call.ints('shape') ?? [], dtype: codeOf(call) ?? 'float32' });
}

function codeOf(call: NodeCall): ReturnType<typeof dtypeOfCode> | undefined {
  const code = call.int('dtype');
  return code === undefined ? undefined : dtypeOfCode(code);
}

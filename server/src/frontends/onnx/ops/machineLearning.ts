/**
 * ai.onnx.ml: classical models on rows of features. Shapes from the operators' text (docs/Operators-ml.md of ONNX);
 * linear and support vector models cost their products, trees a walk whose depth the attributes do not tell.
 */
import { multiplyDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import type { DType } from '../../../graph/dtype.ts';
import { elementCount, tensorType, type TensorType, type ValueType } from '../../../graph/tensorType.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import { counted, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { typeOf } from './elementwise.ts';

export const machineLearningMappings: MappingTable = {
  /** Columns of x, picked by y. */
  ArrayFeatureExtractor(call) {
    const [x, y] = call.tensors(0, 1);
    const shape = x?.shape && [...(x.shape.length === 1 ? [1] : x.shape.slice(0, -1)), elementCount(y?.shape)];
    return counted('arrayFeatureExtractor', [y], [tensorType(x?.dtype ?? 'unknown', shape)], {});
  },
  Binarizer: (call) => same(call, typeOf(call) ?? 'unknown', 1),
  Imputer: (call) => same(call, typeOf(call) ?? 'unknown', 1),
  Scaler: (call) => same(call, 'float32', 2),
  Normalizer: (call) => same(call, 'float32', 3),
  CategoryMapper: (call) => same(call, typeOf(call) === 'string' ? 'int64' : 'string', 1),
  LabelEncoder: (call) => same(call, encodedType(call), 1),
  CastMap(call) {
    const width = call.string('map_form') === 'SPARSE' ? call.int('max_map') : undefined;
    const dtype = CAST_TYPES[call.string('cast_to') ?? 'TO_FLOAT'] ?? 'float32';
    const output = tensorType(dtype, [1, width ?? unknownDim('the size of the map is not known')]);
    return counted('castMap', [], [output], { elementwiseOps: elementCount(output.shape) });
  },
  DictVectorizer(call) {
    const words = call.strings('string_vocabulary') ?? call.ints('int64_vocabulary');
    const type = call.type(0);
    const dtype = type?.kind === 'map' && type.value.kind === 'tensor' ? type.value.dtype : 'unknown';
    const width = words?.length ?? unknownDim('the vocabulary is too long to be kept');
    return counted('dictVectorizer', [], [tensorType(dtype, [1, width])], { elementwiseOps: width });
  },
  FeatureVectorizer(call) {
    const sizes = call.ints('inputdimensions') ?? [];
    const [batch = unknownDim('the batch is not known')] = call.tensor(0)?.shape ?? [];
    const output = tensorType('float32', [batch, sizes.reduce((sum, size) => sum + size, 0)]);
    return counted('featureVectorizer', call.tensors(), [output], {});
  },
  OneHotEncoder(call) {
    const x = call.tensor(0);
    const categories = call.ints('cats_int64s') ?? call.strings('cats_strings');
    const width = categories?.length ?? unknownDim('the categories are too many to be kept');
    return counted('oneHotEncoder', [x], [tensorType('float32', x?.shape && [...x.shape, width])], {});
  },
  LinearClassifier(call) {
    const classes = classCount(call) ?? call.floats('intercepts')?.length;
    return classified(call, 'linearClassifier', classes, (features) => features);
  },
  LinearRegressor(call) {
    const targets = call.int('targets') ?? 1;
    return regressed(call, 'linearRegressor', targets, (features) => features);
  },
  SVMClassifier(call) {
    const vectors = (call.ints('vectors_per_class') ?? []).reduce((sum, count) => sum + count, 0);
    return classified(call, 'svmClassifier', classCount(call), (features) =>
      multiplyDims(features, Math.max(1, vectors)),
    );
  },
  SVMRegressor(call) {
    const vectors = call.int('n_supports') ?? 0;
    return regressed(call, 'svmRegressor', 1, (features) => multiplyDims(features, Math.max(1, vectors)));
  },
  TreeEnsembleClassifier: (call) => classified(call, 'treeEnsemble', classCount(call), undefined),
  TreeEnsembleRegressor: (call) => regressed(call, 'treeEnsemble', call.int('n_targets') ?? 1, undefined),
  TreeEnsemble: (call) => regressed(call, 'treeEnsemble', call.int('n_targets') ?? 1, undefined, typeOf(call)),
  ZipMap(call) {
    const key: DType = call.strings('classlabels_strings') === undefined ? 'int64' : 'string';
    const map: ValueType = { kind: 'map', key, value: tensorType('float32', []) };
    return counted('zipMap', call.tensors(0), [{ kind: 'sequence', element: map }], {});
  },
};

const CAST_TYPES: Readonly<Record<string, DType>> = { TO_FLOAT: 'float32', TO_STRING: 'string', TO_INT64: 'int64' };

function same(call: NodeCall, dtype: DType, opsPerElement: number): MappedNode {
  const x = call.tensor(0);
  return counted(call.node.opType, [x], [tensorType(dtype, x?.shape)], {
    elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement),
  });
}

/** By the attribute that holds the values (LabelEncoder-4); before opset 2, strings and integers change places. */
function encodedType(call: NodeCall): DType {
  if (call.attributes.has('values_floats')) return 'float32';
  if (call.attributes.has('values_int64s')) return 'int64';
  if (call.attributes.has('values_strings')) return 'string';
  const tensor = call.attributeTensor('values_tensor');
  if (tensor !== undefined) return dtypeOfCode(tensor.dataType);
  return typeOf(call) === 'string' ? 'int64' : 'string';
}

function classCount(call: NodeCall): number | undefined {
  const labels = CLASS_LABELS.map((name) => call.strings(name) ?? call.ints(name));
  return labels.find((list) => list !== undefined && list.length > 0)?.length;
}

const CLASS_LABELS = ['classlabels_strings', 'classlabels_ints', 'classlabels_int64s'];

function labelType(call: NodeCall): DType {
  const names = call.strings('classlabels_strings');
  return names !== undefined && names.length > 0 ? 'string' : 'int64';
}

/** MACs of one row and one output, from the number of features; undefined for trees. */
type RowMacs = ((features: Dim) => Dim) | undefined;

/** Outputs: labels, scores. */
function classified(call: NodeCall, op: string, classes: number | undefined, macsOf: RowMacs): MappedNode {
  const { batch, features } = rows(call.tensor(0));
  const width = classes ?? unknownDim('the number of classes is not known');
  const outputs = [tensorType(labelType(call), [batch]), tensorType('float32', [batch, width])];
  return modelled(call, op, outputs, multiplyDims(batch, width), features, macsOf);
}

function regressed(call: NodeCall, op: string, targets: number, macsOf: RowMacs, dtype: DType = 'float32'): MappedNode {
  const { batch, features } = rows(call.tensor(0));
  const outputs = [tensorType(dtype, [batch, targets])];
  return modelled(call, op, outputs, multiplyDims(batch, targets), features, macsOf);
}

function modelled(
  call: NodeCall,
  op: string,
  outputs: readonly TensorType[],
  scores: Dim,
  features: Dim,
  macsOf: RowMacs,
): MappedNode {
  if (macsOf !== undefined) {
    return counted(op, call.tensors(), outputs, {
      macs: multiplyDims(scores, macsOf(features)),
      elementwiseOps: scores,
    });
  }
  return counted(op, call.tensors(), outputs, { elementwiseOps: unknownDim('the depth of the trees is not known') });
}

/** One row of features, or a batch of rows. */
function rows(x: TensorType | undefined): { readonly batch: Dim; readonly features: Dim } {
  const shape = x?.shape ?? [];
  const open = (): Dim => unknownDim('the shape of the features is not known');
  if (shape.length === 1) return { batch: 1, features: shape[0] ?? open() };
  return { batch: shape[0] ?? open(), features: shape[1] ?? open() };
}

/**
 * ONNX's string operators. Strings have no fixed width, so bytes are not told.
 */
import { unknownDim } from '../../../graph/dim.ts';
import { elementCount, tensorType } from '../../../graph/tensorType.ts';
import { broadcastShapes } from '../../../operators/broadcast.ts';
import { counted, misfit, type MappingTable } from '../mappedNode.ts';
import { withSize } from './axes.ts';

export const textMappings: MappingTable = {
  RegexFullMatch(call) {
    const x = call.tensor(0);
    return counted('regexFullMatch', [], [tensorType('bool', x?.shape)], { elementwiseOps: elementCount(x?.shape) });
  },
  StringConcat(call) {
    const result = broadcastShapes(call.tensors(0, 1).map((each) => each?.shape));
    if (result.kind === 'mismatch') return misfit('stringConcat', result.message, tensorType('string', undefined));
    return counted('stringConcat', [], [tensorType('string', result.shape)], {
      elementwiseOps: elementCount(result.shape),
    });
  },
  /** Words are dropped: how many remain depends on the data, unless none can be dropped. */
  StringNormalizer(call) {
    const x = call.tensor(0);
    const remains = (call.strings('stopwords') ?? []).length === 0;
    const open = unknownDim('how many words remain depends on data');
    const shape = remains ? x?.shape : x?.shape && withSize(x.shape, -1, open);
    return counted('stringNormalizer', [], [tensorType('string', shape)], { elementwiseOps: elementCount(x?.shape) });
  },
  StringSplit(call) {
    const x = call.tensor(0);
    const parts = unknownDim('into how many parts strings split depends on data');
    const outputs = [tensorType('string', x?.shape && [...x.shape, parts]), tensorType('int64', x?.shape)];
    return counted('stringSplit', [], outputs, { elementwiseOps: elementCount(x?.shape) });
  },
  /** One float for each n-gram of the pool: the largest of ngram_indexes plus one. */
  TfIdfVectorizer(call) {
    const x = call.tensor(0);
    const indexes = call.ints('ngram_indexes');
    const width = indexes === undefined ? unknownDim('the pool is too long to be kept') : Math.max(-1, ...indexes) + 1;
    const output = tensorType('float32', x?.shape && [...x.shape.slice(0, -1), width]);
    return counted('tfIdfVectorizer', [x], [output], { elementwiseOps: elementCount(x?.shape) });
  },
};

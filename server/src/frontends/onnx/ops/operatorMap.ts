/**
 * ONNX operator -> mapping onto the shared table, by domain. A later helper of an operator set does not need a new
 * entry: mappings look at the set's version themselves where it matters.
 */
import type { MappingTable, NodeMapping } from '../mappedNode.ts';
import { activationMappings, microsoftActivationMappings } from './activation.ts';
import { attentionMappings, microsoftAttentionMappings, previewAttentionMappings } from './attention.ts';
import { convolutionMappings, microsoftConvolutionMappings } from './convolution.ts';
import { creationMappings } from './creation.ts';
import { elementwiseMappings, microsoftElementwiseMappings } from './elementwise.ts';
import { indexingMappings } from './indexing.ts';
import { joinMappings } from './join.ts';
import { machineLearningMappings } from './machineLearning.ts';
import { matrixMappings, microsoftMatrixMappings } from './matrix.ts';
import { microsoftNormalizationMappings, normalizationMappings } from './normalization.ts';
import { poolingMappings } from './pooling.ts';
import { microsoftQuantizationMappings, quantizationMappings } from './quantization.ts';
import { recurrentMappings } from './recurrent.ts';
import { reductionMappings } from './reduction.ts';
import { sequenceMappings } from './sequence.ts';
import { shapeMappings } from './shape.ts';
import { signalMappings } from './signal.ts';
import { imageMappings, spatialMappings } from './spatial.ts';
import { textMappings } from './text.ts';
import { lossMappings, trainingMappings } from './training.ts';

const STANDARD: MappingTable = {
  ...activationMappings,
  ...attentionMappings,
  ...convolutionMappings,
  ...creationMappings,
  ...elementwiseMappings,
  ...imageMappings,
  ...indexingMappings,
  ...joinMappings,
  ...lossMappings,
  ...matrixMappings,
  ...normalizationMappings,
  ...poolingMappings,
  ...quantizationMappings,
  ...recurrentMappings,
  ...reductionMappings,
  ...sequenceMappings,
  ...shapeMappings,
  ...signalMappings,
  ...spatialMappings,
  ...textMappings,
};

const MICROSOFT: MappingTable = {
  ...microsoftActivationMappings,
  ...microsoftAttentionMappings,
  ...microsoftConvolutionMappings,
  ...microsoftElementwiseMappings,
  ...microsoftMatrixMappings,
  ...microsoftNormalizationMappings,
  ...microsoftQuantizationMappings,
};

const DOMAINS: ReadonlyMap<string, MappingTable> = new Map([
  ['', STANDARD],
  ['ai.onnx', STANDARD],
  ['ai.onnx.ml', machineLearningMappings],
  ['ai.onnx.preview', previewAttentionMappings],
  ['ai.onnx.preview.training', trainingMappings],
  ['ai.onnx.training', trainingMappings],
  ['com.microsoft', MICROSOFT],
]);

/** The newest operator set that is known of each domain; a newer one is read as this one, with a problem. */
export const NEWEST_OPSETS: ReadonlyMap<string, number> = new Map([
  ['', 28],
  ['ai.onnx', 28],
  ['ai.onnx.ml', 5],
  ['ai.onnx.preview', 1],
  ['ai.onnx.preview.training', 1],
  ['com.microsoft', 1],
]);

export function findMapping(domain: string, opType: string): NodeMapping | undefined {
  const table = DOMAINS.get(domain);
  return table !== undefined && Object.hasOwn(table, opType) ? table[opType] : undefined;
}

/** Names of a domain's operators, for tests of coverage. */
export function mappedNames(domain: string): readonly string[] {
  return Object.keys(DOMAINS.get(domain) ?? {});
}

/**
 * Features as JSON lines, for training: a header with the vocabulary, then one object a cell (docs/predictor.md).
 * `{"id":"|...|","operations":[0,3,1],"edges":[[0,1],[1,2]],...}`
 */
import { jsonText } from '../base/escaping/printedJson.ts';
import { readCell } from '../frontends/nasCell/readCell.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import type { OperationWork } from './cellWork.ts';
import { cellFeatures, type GraphFeatures } from './features.ts';
import { FEATURE_VERSION, VOCABULARY } from './vocabulary.ts';

const WORK_FIELDS = [
  'macs',
  'elementwiseOps',
  'bytesMoved',
  'paramCount',
] as const satisfies readonly (keyof OperationWork)[];

/** The first line, without its end. */
export function featureHeader(dataset: Dataset): string {
  return JSON.stringify({
    format: 'layercost-features',
    version: FEATURE_VERSION,
    dataset: dataset.id,
    vocabulary: VOCABULARY,
    nodeWork: WORK_FIELDS,
  });
}

/** The line of one cell, as it was written: its features, or its problems. */
export function featureLine(text: string, dataset: Dataset): string {
  const result = readCell(text);
  if (result.kind === 'problem') return jsonText({ id: text, problem: result.problems });
  const { space, network, parts, full, canonical, tree, ...kept } = cellFeatures(result.cell, dataset);
  return jsonText({
    id: text,
    space,
    ...graphJson(kept),
    parts,
    network,
    full: graphJson(full),
    ...(canonical && { canonical: { form: canonical.form, ...graphJson(canonical) } }),
    ...(tree && { tree: graphJson(tree) }),
    ...(result.problems.length > 0 && { notes: result.problems }),
  });
}

function graphJson({ operations, edges, nodeWork }: GraphFeatures): object {
  return { operations, edges, nodeWork: nodeWork.map((work) => WORK_FIELDS.map((field) => work[field])) };
}

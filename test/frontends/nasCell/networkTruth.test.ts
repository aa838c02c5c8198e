/**
 * Parameters and MACs of expanded cells are PyTorch's, integer by integer (test/truth/nasCell/make_cell_truth.py).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { countStored } from '../../../server/src/cost/totals.ts';
import { datasetById } from '../../../server/src/frontends/nasCell/network/datasets.ts';
import { expandCell } from '../../../server/src/frontends/nasCell/network/expandCell.ts';
import { readCell } from '../../../server/src/frontends/nasCell/readCell.ts';
import { sumWork } from '../../../server/src/graph/nodeWork.ts';
import { validateGraph } from '../../../server/src/graph/validateGraph.ts';

interface Truth {
  readonly cell: string;
  readonly dataset: string;
  readonly params: number;
  readonly macs: number;
}

const file = path.join(import.meta.dirname, '../../truth/data/nasCell/networks.json');
const truth = JSON.parse(readFileSync(file, 'utf8')) as readonly Truth[];

it('has dozens of cells of each space', () => {
  const starts = ['|', '{', 'Genotype'].map((start) => truth.filter(({ cell }) => cell.startsWith(start)).length);
  expect(starts).toEqual([81, 16, 12]);
});

it.each(truth)('$dataset: $cell', ({ cell: text, dataset: id, params, macs }) => {
  const result = readCell(text);
  const dataset = datasetById(id);
  if (result.kind !== 'cell' || dataset === undefined) throw new Error(JSON.stringify(result));
  const graph = expandCell(result.cell, dataset);
  expect(validateGraph(graph)).toEqual([]);
  expect(countStored(graph.parameters).paramCount).toBe(params);
  expect(sumWork(graph.nodes.map(({ work }) => work)).macs).toBe(macs);
});

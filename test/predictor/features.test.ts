/**
 * Features of cells: lines as they are exported, and work that adds up to the network's.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DATASETS, type Dataset } from '../../server/src/frontends/nasCell/network/datasets.ts';
import { readCell } from '../../server/src/frontends/nasCell/readCell.ts';
import { cellWork, expandedWork } from '../../server/src/predictor/cellWork.ts';
import { featureHeader, featureLine } from '../../server/src/predictor/featureLines.ts';
import { cellFeatures } from '../../server/src/predictor/features.ts';
import { nodeNumber, VOCABULARY } from '../../server/src/predictor/vocabulary.ts';

const [cifar10] = DATASETS as readonly [Dataset];
const file = path.join(import.meta.dirname, '../truth/data/nasCell/networks.json');
const truth = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly cell: string; readonly dataset: string }[];
const cells = [...new Set(truth.map(({ cell }) => cell))];

it('says in the header what numbers mean', () => {
  expect(JSON.parse(featureHeader(cifar10))).toMatchObject({
    format: 'layercost-features',
    version: 1,
    dataset: 'cifar10',
    nodeWork: ['macs', 'elementwiseOps', 'bytesMoved', 'paramCount'],
  });
  expect(VOCABULARY.map(nodeNumber)).toEqual(VOCABULARY.map((_, index) => index));
});

it('exports a cell with all its graphs', () => {
  const line = JSON.parse(
    featureLine('|skip_connect~0|+|none~0|nor_conv_1x1~1|+|none~0|none~1|skip_connect~2|', cifar10),
  ) as object;
  // 16 x 16 channels on 32 x 32 places, and the same product in each further stage: 262,144 MACs in each of 15 cells.
  const conv = [3_932_160, 430_080, 3_557_120, 28_000];
  const none = [0, 0, 0, 0];
  expect(line).toMatchObject({
    id: '|skip_connect~0|+|none~0|nor_conv_1x1~1|+|none~0|none~1|skip_connect~2|',
    space: 'nas-bench-201',
    operations: [0, 6, 2, 6, 1],
    edges: [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
    nodeWork: [none, none, conv, none, none],
    parts: [5],
    full: { operations: [0, 6, 7, 2, 7, 7, 6, 1] },
    canonical: { form: 'conv1x1(0)', operations: [0, 2, 1], nodeWork: [none, conv, none] },
    tree: { operations: [0, 2, 1] },
  });
});

it('exports problems in place of features', () => {
  expect(JSON.parse(featureLine('|none~0|', cifar10))).toEqual({
    id: '|none~0|',
    problem: [
      {
        code: 'nas-cell-size',
        severity: 'error',
        message: 'a cell of NAS-Bench-201 has 3 nodes with operations, joined by "+"; here are 1',
        range: { start: 0, end: 8 },
      },
    ],
  });
});

it.each(DATASETS.flatMap((dataset) => cells.map((cell) => [dataset, cell] as const)))(
  'work of $id: %s',
  (dataset, text) => {
    const result = readCell(text);
    if (result.kind !== 'cell') throw new Error(JSON.stringify(result));
    const { cell } = result;
    const work = cellWork(cell, dataset);
    // What is put together from single operations is what the expanded network has.
    expect(work).toEqual(expandedWork(cell, work.places.length, dataset));
    const { full } = cellFeatures(cell, dataset);
    const macs = full.nodeWork.reduce((sum, node) => sum + node.macs, 0);
    expect(macs).toBe(work.places.reduce((sum, place) => sum + place.macs, 0));
    expect(macs).toBeLessThanOrEqual(work.network.macs);
  },
);

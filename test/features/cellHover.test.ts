/**
 * Hovers of NAS cells within Python text: $0 is the cursor.
 */
import { expect, it } from 'vitest';
import { cellsInText } from '../../server/src/analysis/cellsInText.ts';
import { cellHoverAt } from '../../server/src/features/cellHover.ts';
import { DATASETS, type Dataset } from '../../server/src/frontends/nasCell/network/datasets.ts';
import { createCellPredictor } from '../../server/src/predictor/cellPredictor.ts';
import { createKernels } from '../../server/src/predictor/kernels.ts';
import { drawnModel } from '../predictor/drawnModel.ts';

const CELL = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';
const [dataset] = DATASETS as readonly [Dataset];
const files = drawnModel();

function hover(marked: string, isTrained: boolean): { readonly covers: string; readonly markdown: string } | undefined {
  const text = marked.replace('$0', '');
  const predictor = createCellPredictor(
    (name) => (isTrained ? files.get(name) : undefined),
    (bytes) => new TextDecoder().decode(bytes),
    createKernels(undefined),
  );
  const found = cellHoverAt({
    text,
    offset: marked.indexOf('$0'),
    file: 'a.py',
    dataset,
    devices: [],
    deviceId: 't4',
    predictor,
  });
  return found && { covers: text.slice(found.range.start, found.range.end), markdown: found.markdown };
}

it('shows what the network costs, and why nothing is predicted', () => {
  const found = hover(`arch = "${CELL.slice(0, 30)}$0${CELL.slice(30)}"\n`, false);
  expect(found?.covers).toBe(CELL);
  // As PyTorch counts: test/truth/data/nasCell/networks.json.
  expect(found?.markdown).toContain('802,426');
  expect(found?.markdown).toContain('accuracy and latency are not predicted: no weights: there is no trained model');
});

it('shows what weights predict, with intervals', () => {
  const found = hover(`arch = "$0${CELL}"\n`, true);
  expect(found?.markdown).toMatch(/\| accuracy \| [\d.]+ % \| [\d.]+ % to [\d.]+ % \| 90 % \|/);
  expect(found?.markdown).toMatch(/\| pixel3 \| [\d.]+ ms \| [\d.]+ ms to [\d.]+ ms \| 80 % \|/);
});

it('says what is wrong with a cell', () => {
  const found = hover(`arch = "${CELL.replace('avg_pool', 'max_$0pool')}"\n`, true);
  expect(found?.markdown).toContain('"max_pool_3x3" is no operation of NAS-Bench-201');
});

it('has nothing to say elsewhere', () => {
  expect(hover(`ar$0ch = "${CELL}"\n`, true)).toBeUndefined();
});

it.each([
  ['a | b | c', []],
  [`x = "${CELL}", '${CELL}'`, [CELL, CELL]],
  [
    'DARTS = Genotype(normal=[("none", 0)], normal_concat=range(2, 6), reduce=[], reduce_concat=[])\nf(1)',
    ['Genotype(normal=[("none", 0)], normal_concat=range(2, 6), reduce=[], reduce_concat=[])'],
  ],
  ['Genotype(normal=[', []],
])('finds cells in %s', (text, cells) => {
  expect(cellsInText(text).map(({ start, end }) => text.slice(start, end))).toEqual(cells);
});

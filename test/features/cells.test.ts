/**
 * What is shown of NAS cells in a text: lens, hint, hover and problems, with weights drawn at random and without any.
 * Counts are PyTorch's: test/truth/data/nasCell/networks.json.
 */
import { describe, expect, it } from 'vitest';
import { createCellReports, type CellReports } from '../../server/src/analysis/cellReports.ts';
import { LineIndex } from '../../server/src/base/text.ts';
import { cellDiagnostics } from '../../server/src/features/cellDiagnostics.ts';
import { cellHover } from '../../server/src/features/cellHover.ts';
import { CELL_LENS_LIMIT, cellLenses, cellLensTitle } from '../../server/src/features/cellLens.ts';
import type { CellOptions } from '../../server/src/features/cellText.ts';
import { cellHint } from '../../server/src/features/inlayHints/cellHints.ts';
import { findCells } from '../../server/src/frontends/nasCell/findCells.ts';
import { DATASETS, type Dataset } from '../../server/src/frontends/nasCell/network/datasets.ts';
import { createCellPredictor } from '../../server/src/predictor/cellPredictor.ts';
import { createKernels } from '../../server/src/predictor/createKernels.ts';
import { readDevices } from '../../server/src/node/productFiles.ts';
import { drawnModel } from '../predictor/drawnModel.ts';

const CELL = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';
const HALF = "[('sep_conv_3x3', 0), ('skip_connect', 1)]";
const GENOTYPE = `Genotype(normal=${HALF}, normal_concat=[2], reduce=${HALF}, reduce_concat=[2])`;
const SPEC = '{"matrix": [[0, 1, 0], [0, 0, 1], [0, 0, 0]], "operations": ["input", "conv3x3-bn-relu", "output"]}';
const [cifar10] = DATASETS as readonly [Dataset];
const files = drawnModel();
const options: CellOptions = { dataset: cifar10, deviceId: 't4', measuredId: undefined };

function makeReports(read: (name: string) => Uint8Array | undefined): CellReports {
  const predictor = createCellPredictor(read, (bytes) => new TextDecoder().decode(bytes), createKernels(undefined));
  return createCellReports({ devices: readDevices('dist'), predictor: () => predictor });
}

const trained = makeReports((name) => files.get(name));
const untrained = makeReports(() => undefined);
const corrupt = makeReports((name) => (name === 'model.json' ? files.get(name) : new Uint8Array(40)));

function title(text: string, reports = trained, with_: Partial<CellOptions> = {}): string {
  return cellLensTitle(text, reports, { ...options, ...with_ }, { withoutLens: 0 });
}

describe('the lens', () => {
  it('tells exact counts, predicted accuracy with its interval, and the roofline as such', () => {
    expect(title(CELL)).toMatch(
      /^NAS-Bench-201 cell · 802\.4K params · 114 MMACs · cifar10 ≈ [\d.]+ % \([\d.]+ to [\d.]+ %\) · ≥ [\d.]+ [µm]s t4 \(roofline\)$/,
    );
  });

  it('tells the predicted latency of a device that was measured', () => {
    expect(title(CELL, trained, { measuredId: 'pixel3' })).toMatch(
      /≈ [\d.]+ ms pixel3 \(predicted, [\d.]+ ms to [\d.]+ ms\)$/,
    );
    expect(title(CELL, trained, { deviceId: 'pixel3' })).toContain('pixel3 (predicted');
    // Its latency was measured for CIFAR-10 alone.
    const other = DATASETS[1] as Dataset;
    expect(title(CELL, trained, { dataset: other, measuredId: 'pixel3' })).toMatch(
      /808\.3K params .* t4 \(roofline\)$/,
    );
  });

  it('says that nothing is predicted without weights, and for other spaces', () => {
    for (const reports of [untrained, corrupt]) expect(title(CELL, reports)).toContain('accuracy not predicted');
    expect(title(GENOTYPE)).toMatch(
      /^DARTS cell · [\d.]+[KM] params · [\d.]+ [MG]MACs · accuracy not predicted .* \(roofline\)$/,
    );
    expect(title(SPEC)).toMatch(/^NAS-Bench-101 cell · [\d.]+[KM] params · .* accuracy not predicted/);
  });

  it('says what is wrong', () => {
    expect(title(CELL.replace('avg', 'max'))).toMatch(/^\? · "max_pool_3x3" is no operation/);
  });

  it('stands once a line, on a bounded number of lines', () => {
    const { cells } = findCells(`"${CELL}" "${CELL}"\n`.replaceAll('" "', '", "').repeat(2));
    expect(cellLenses(cells, new LineIndex(`"${CELL}", "${CELL}"\n`.repeat(2))).length).toBe(2);
    const text = `"${CELL}",\n`.repeat(CELL_LENS_LIMIT + 5);
    const lenses = cellLenses(findCells(text).cells, new LineIndex(text));
    expect(lenses.length).toBe(CELL_LENS_LIMIT);
    expect(cellLensTitle(CELL, trained, options, lenses.at(-1) ?? { withoutLens: 0 })).toContain(
      'lenses end here: 5 more cells have hints and hovers',
    );
  });
});

it.each([
  [`x = "${CELL}"`, `x = "${CELL}"«802.4K · 114 MMACs · ≈ _ %»`],
  [`${CELL}: good`, `${CELL}«802.4K · 114 MMACs · ≈ _ %»: good`],
  [`x = "${CELL.replace('~2', '~5')}"`, `x = "${CELL.replace('~2', '~5')}"`],
])('hints in %s', (text, hinted) => {
  const [range = { start: 0, end: 0 }] = findCells(text).cells;
  const hint = cellHint(text, range, trained.summary(text.slice(range.start, range.end), cifar10));
  const at = hint?.offset ?? text.length;
  const shown = hint === undefined ? '' : `«${hint.text.replace(/≈ [\d.]+/, '≈ _')}»`;
  expect(text.slice(0, at) + shown + text.slice(at)).toBe(hinted);
});

describe('the hover', () => {
  const markdown = (text: string, reports: CellReports, with_: Partial<CellOptions> = {}): string =>
    cellHover(text, { start: 5, end: 5 + text.length }, 'a.py', reports, { ...options, ...with_ }).markdown.text;

  it('tables accuracy on each data set and latency by device, with intervals and how often they held', () => {
    const shown = markdown(CELL, trained);
    expect(shown).toMatch(/\| accuracy cifar10 \| [\d.]+ % \| [\d.]+ to [\d.]+ % \| 90 % \|/);
    expect(shown).toMatch(/\| latency pixel3 \| [\d.]+ ms \| [\d.]+ ms to [\d.]+ ms \| 80 % \|/);
    expect(shown).toContain('Cells were not measured on t4');
    expect(shown).toContain('802,426');
    expect(markdown(CELL, trained, { measuredId: 'pixel3' })).not.toContain('not measured');
  });

  it('calls the data set assumed where nobody named it, and given where somebody did', () => {
    const builtFor = 'built for cifar10: input 1x3x32x32, 10 classes';
    expect(markdown(CELL, trained, { dataset: undefined })).toContain(`_Assumed:_ ${builtFor}`);
    const named = markdown(CELL, trained, { dataset: cifar10 });
    expect(named).toContain(`_Given:_ ${builtFor}`);
    expect(named).not.toContain('_Assumed:_');
  });

  it('says why nothing is predicted, and keeps what is exact', () => {
    expect(markdown(CELL, untrained)).toContain('not predicted: no weights: there is no trained model');
    expect(markdown(CELL, corrupt)).toMatch(/not predicted: \S+ has checksum/);
    expect(markdown(GENOTYPE, trained)).toContain('no weights for cells of darts: the model is of nas-bench-201');
    for (const reports of [untrained, corrupt]) expect(markdown(CELL, reports)).toContain('802,426');
  });

  it('says what is wrong with a cell', () => {
    expect(markdown(CELL.replace('avg', 'max'), trained)).toContain('"max_pool_3x3" is no operation of NAS-Bench-201');
  });
});

describe('problems', () => {
  const problems = (text: string): readonly string[] =>
    cellDiagnostics(text, findCells(text), 'a.json', trained).map(
      ({ range, code, severity }) => `${severity} ${code} ${text.slice(range.start, range.end)}`,
    );

  it.each([
    [`["${CELL}", "${CELL.replace('avg', 'max')}"]`, ['warning nas-cell-operation max_pool_3x3']],
    [`x = '${CELL.replace('~2', '~5')}'`, ['warning nas-cell-edge 5']],
    [`x = '${CELL.slice(0, 48)}'`, ['warning nas-cell-size |nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|']],
    [SPEC.replace('[0, 0, 0]]', '[1, 0, 0]]'), ['warning nas-cell-edge 1']],
    [SPEC.replace('[0, 0, 1]', '[0, 0, 0]'), ['warning nas-cell-disconnected [[0, 1, 0], [0, 0, 0], [0, 0, 0]]']],
    [SPEC.replace('conv3x3-', 'conv5x5-'), ['warning nas-cell-operation "conv5x5-bn-relu"']],
    [
      `g = ${GENOTYPE.replace("'skip_connect', 1", "'skip', 7")}`,
      ["warning nas-cell-operation 'skip'", 'warning nas-cell-edge 7'],
    ],
    [`g = ${GENOTYPE}`, []],
  ])('of %s', (text, wanted) => {
    expect(problems(text)).toEqual(wanted);
  });

  it('are bounded, and say so', () => {
    const found = problems(`"${CELL.replace('avg', 'max')}",\n`.repeat(700));
    expect(found.length).toBe(501);
    expect(found.at(-1)).toMatch(/^information nas-cell-limit/);
    const long = `"${CELL}"\n${' '.repeat(9_000_000)}"${CELL}"`;
    expect(problems(long)).toEqual(['information nas-cell-limit |']);
  });
});

/**
 * NAS cells in open documents: lenses, hints, hovers and problems, for Python files beside those of models, for JSON and
 * plain text alone. Cells are found once a version of a document, and predicted when they are in view.
 */
import { CodeLens, type InlayHint, type Hover } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { createCellReports, type CellReports } from '../analysis/cellReports.ts';
import type { Report } from '../analysis/report.ts';
import { rangeContains, type LineIndex, type TextRange } from '../base/text.ts';
import type { Device } from '../cost/device.ts';
import { cellDiagnostics } from '../features/cellDiagnostics.ts';
import { cellHover } from '../features/cellHover.ts';
import { cellLenses, cellLensTitle } from '../features/cellLens.ts';
import type { CellOptions } from '../features/cellText.ts';
import type { Diagnostic } from '../features/diagnostics.ts';
import { cellHint } from '../features/inlayHints/cellHints.ts';
import { findCells, type FoundCells } from '../frontends/nasCell/findCells.ts';
import { datasetById } from '../frontends/nasCell/network/datasets.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import { lensCommand, toHover, toInlayHint } from './convert.ts';
import type { Settings } from './settings.ts';
import type { Turns } from './turns.ts';
import { toRange } from './toRange.ts';

export interface CellsHost {
  readonly devices: () => Promise<readonly Device[]>;
  readonly predictor: () => PredictorResult;
  readonly settings: () => Settings;
  readonly turns: Pick<Turns, 'take'>;
  readonly linesOf: (document: TextDocument) => LineIndex;
  readonly pathOfUri: (uri: string) => string;
}

export interface Cells {
  lenses(document: TextDocument): Promise<readonly CodeLens[]>;
  /** Undefined for a lens of another kind; the lens without a title where its document has changed since. */
  resolve(lens: CodeLens, documentOf: (uri: string) => TextDocument | undefined): Promise<CodeLens> | undefined;
  /** Of the cells in a range; `isStale` tells that nobody wants the rest any more. */
  hints(document: TextDocument, range: TextRange, isStale: () => boolean): Promise<readonly InlayHint[]>;
  hover(document: TextDocument, offset: number): Promise<Hover | undefined>;
  diagnostics(document: TextDocument): Promise<readonly Diagnostic[]>;
  /** Of a model's name that is a cell's text, as lenses of cells have it. */
  report(name: string, file: string): Promise<Report | undefined>;
}

/** What a cell's lens carries until it is resolved. */
interface CellLensData {
  readonly uri: string;
  readonly version: number;
  readonly cell: TextRange;
  readonly withoutLens: number;
}

/** Work on hints between two looks at what else is to be done. */
const SLICE_MS = 10;
/** Beyond either, finding and checking cells would hold up other documents; all of NAS-Bench-201 with its figures is less. */
const MOST_CHARACTERS = 3_200_000;
const MOST_CELLS = 20_000;
const NOTHING: FoundCells = { cells: [], searchedTo: 0 };

export function createCells(host: CellsHost): Cells {
  const known = new WeakMap<TextDocument, { readonly version: number; readonly found: FoundCells }>();
  let reports: Promise<CellReports> | undefined;
  const allReports = (): Promise<CellReports> =>
    (reports ??= host.devices().then((devices) => createCellReports({ devices, predictor: host.predictor })));

  async function cellsOf(document: TextDocument): Promise<FoundCells> {
    if (!host.settings().showsCells) return NOTHING;
    return foundIn(document) ?? host.turns.take(document.uri, () => foundIn(document) ?? findIn(document));
  }

  function foundIn(document: TextDocument): FoundCells | undefined {
    const last = known.get(document);
    return last?.version === document.version ? last.found : undefined;
  }

  function findIn(document: TextDocument): FoundCells {
    const found = firstCells(document.getText());
    known.set(document, { version: document.version, found });
    return found;
  }

  const textOf = (document: TextDocument, { start, end }: TextRange): string => document.getText().slice(start, end);

  return {
    async lenses(document) {
      const { cells } = await cellsOf(document);
      const { uri, version } = document;
      const lines = host.linesOf(document);
      return cellLenses(cells, lines).map(({ range, withoutLens }) =>
        CodeLens.create(toRange(range, lines), { uri, version, cell: range, withoutLens } satisfies CellLensData),
      );
    },
    resolve(lens, documentOf) {
      const data = lens.data as CellLensData | { readonly cell?: undefined };
      if (data.cell === undefined) return undefined;
      const document = documentOf(data.uri);
      if (document?.version !== data.version) return Promise.resolve(lens);
      const text = textOf(document, data.cell);
      return allReports().then((ready) => {
        const title = cellLensTitle(text, ready, optionsOf(host.settings()), data);
        return { ...lens, command: lensCommand(title, data.uri, text) };
      });
    },
    async hints(document, range, isStale) {
      const { cells } = await cellsOf(document);
      if (cells.length === 0 || !host.settings().showsCellHints) return [];
      const ready = await allReports();
      const { dataset } = optionsOf(host.settings());
      const lines = host.linesOf(document);
      const hints: InlayHint[] = [];
      const text = document.getText();
      const inView = cells.filter((cell) => cell.end >= range.start && cell.start <= range.end);
      let next = 0;
      const addSlice = (): void => {
        const sliceEnd = performance.now() + SLICE_MS;
        for (; next < inView.length && performance.now() < sliceEnd; next++) {
          const cell = inView[next];
          const hint = cell && cellHint(text, cell, ready.summary(text.slice(cell.start, cell.end), dataset));
          if (hint !== undefined) hints.push(toInlayHint(hint, lines));
        }
      };
      while (next < inView.length) {
        await host.turns.take(document.uri, addSlice);
        if (isStale()) return [];
      }
      return hints;
    },
    async hover(document, offset) {
      const range = (await cellsOf(document)).cells.find((cell) => rangeContains(cell, offset));
      if (range === undefined) return undefined;
      const text = textOf(document, range);
      const ready = await allReports();
      const hover = cellHover(text, range, host.pathOfUri(document.uri), ready, optionsOf(host.settings()));
      return toHover(hover, host.linesOf(document));
    },
    async diagnostics(document) {
      const found = await cellsOf(document);
      if (found.cells.length === 0) return [];
      const ready = await allReports();
      return host.turns.take(document.uri, () =>
        cellDiagnostics(document.getText(), found, host.pathOfUri(document.uri), ready),
      );
    },
    async report(name, file) {
      if (!/^(?:[|{]|Genotype|ModelSpec)/.test(name) || /^\w+$/.test(name)) return undefined;
      return (await allReports()).report(name, file, 0, optionsOf(host.settings()).dataset);
    },
  };
}

function firstCells(text: string): FoundCells {
  const { cells, searchedTo } = findCells(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text);
  const next = cells[MOST_CELLS];
  return next === undefined ? { cells, searchedTo } : { cells: cells.slice(0, MOST_CELLS), searchedTo: next.start };
}

function optionsOf({ cellDataset, cellDevice, deviceId }: Settings): CellOptions {
  const dataset = cellDataset === undefined ? undefined : datasetById(cellDataset);
  return { dataset, deviceId, measuredId: cellDevice };
}

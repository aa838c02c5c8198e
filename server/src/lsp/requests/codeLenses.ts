/**
 * `textDocument/codeLens` and `codeLens/resolve`: a line over each model, what changed in it, and over NAS cells. Models
 * that no hint needed are analysed when their lens comes into view.
 */
import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { codeLenses as modelLenses, lensTitle } from '../../features/codeLens.ts';
import { changeLenses } from '../../features/compareLens.ts';
import { lensCommand, toChangeLens, toCodeLens, type LensData } from '../convert.ts';
import { nextTurn } from '../nextTurn.ts';
import { cellDocument, freshReports } from './freshReports.ts';
import type { RequestContext } from './requestContext.ts';

export async function codeLenses(
  context: RequestContext,
  { textDocument: { uri } }: CodeLensParams,
  token: CancellationToken,
): Promise<CodeLens[]> {
  const { cells, compare, workspace } = context;
  const { showsLens, comparesModels } = workspace.settings();
  if (!showsLens && !comparesModels) return [];
  const fresh = await freshReports(context, uri, token);
  const settings = workspace.settings();
  const document = cellDocument(context, uri);
  const hasCells = document !== undefined && settings.showsLens && !token.isCancellationRequested;
  const ofCells = hasCells ? cells.lenses(document) : [];
  if (fresh === undefined) return [...ofCells];
  const { entries, file, lines } = fresh;
  const ofModels = settings.showsLens ? modelLenses(entries, file, settings.deviceId) : [];
  return [
    ...ofCells,
    ...ofModels.map((lens) => toCodeLens(lens, lines, uri)),
    ...changeLenses(entries, file, compare.titles(file)).map((lens) => toChangeLens(lens, lines, uri)),
  ];
}

export async function resolveLens(
  { cells, compare, documents, workspace, host }: RequestContext,
  lens: CodeLens,
  token: CancellationToken,
): Promise<CodeLens> {
  const ofCell = cells.resolve(lens, documents.get);
  if (ofCell !== undefined) return ofCell;
  // All other lenses of ours carry LensData.
  const { uri, entryName } = lens.data as LensData;
  const ready = await workspace.analyzer();
  await nextTurn();
  if (token.isCancellationRequested) return lens;
  const file = host.pathOfUri(uri);
  const report = ready.report(file, entryName);
  const title = report === undefined ? '?' : lensTitle(report, workspace.settings().deviceId);
  compare.updateSoon(file);
  return { ...lens, command: lensCommand(title, uri, entryName) };
}

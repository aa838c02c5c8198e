/**
 * `textDocument/codeLens` and `codeLens/resolve`: a line over each model, what changed in it, and over NAS cells. Models
 * that no hint needed are analysed when their lens comes into view.
 */
import {
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type CodeLens,
  type CodeLensParams,
} from 'vscode-languageserver';
import { codeLenses as modelLenses, lensTitle, PENDING_TITLE } from '../../features/codeLens.ts';
import { changeLenses } from '../../features/compareLens.ts';
import { lensCommand, toChangeLens, toCodeLens, type LensData } from '../convert.ts';
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
  const ofCells = hasCells ? await cells.lenses(document) : [];
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
  { cells, compare, documents, models, workspace, host }: RequestContext,
  lens: CodeLens,
  token: CancellationToken,
): Promise<CodeLens> {
  const ofCell = cells.resolve(lens, documents.get);
  if (ofCell !== undefined) return ofCell;
  if (!isLensData(lens.data)) throw new ResponseError(ErrorCodes.InvalidParams, 'the lens is not of this server');
  const { uri, entryName } = lens.data;
  const asked = await models.ask(
    uri,
    (analyzer, file) => {
      const report = analyzer.report(file, entryName);
      return { report, isPending: analyzer.progressOf(file) !== 'done' };
    },
    { token },
  );
  if (asked === undefined) return lens;
  const missing = asked.isPending ? PENDING_TITLE : '?';
  const title = asked.report === undefined ? missing : lensTitle(asked.report, workspace.settings().deviceId);
  compare.updateSoon(host.pathOfUri(uri));
  return { ...lens, command: lensCommand(title, uri, entryName) };
}

function isLensData(data: unknown): data is LensData {
  if (typeof data !== 'object' || data === null || !('uri' in data && 'entryName' in data)) return false;
  return typeof data.uri === 'string' && typeof data.entryName === 'string';
}

/**
 * `textDocument/inlayHint`: costs and shapes of models, and what NAS cells are worth, in the range that is in view.
 */
import type { CancellationToken, InlayHint as LspInlayHint, InlayHintParams } from 'vscode-languageserver';
import { costHints } from '../../features/inlayHints/costHints.ts';
import type { InlayHint } from '../../features/inlayHints/inlayHint.ts';
import { shapeHints } from '../../features/inlayHints/shapeHints.ts';
import { toInlayHint } from '../convert.ts';
import type { Settings } from '../settings.ts';
import { cellDocument, freshReports, type Fresh } from './freshReports.ts';
import type { RequestContext } from './requestContext.ts';

export async function inlayHints(
  context: RequestContext,
  params: InlayHintParams,
  token: CancellationToken,
): Promise<LspInlayHint[]> {
  const { documents, cells } = context;
  const { uri } = params.textDocument;
  const settings = context.workspace.settings();
  const fresh =
    settings.showsCostHints || settings.showsShapeHints ? await freshReports(context, uri, token) : undefined;
  const document = cellDocument(context, uri);
  if (document === undefined || token.isCancellationRequested) return [];
  const lines = documents.linesOf(document);
  const [from, to] = [lines.offset(params.range.start), lines.offset(params.range.end)];
  const { version } = document;
  const isStale = (): boolean => token.isCancellationRequested || documents.get(uri)?.version !== version;
  const ofModels = fresh === undefined ? [] : modelHints(fresh, context.workspace.settings());
  return [
    ...ofModels.filter(({ offset }) => from <= offset && offset <= to).map((hint) => toInlayHint(hint, lines)),
    ...(await cells.hints(document, { start: from, end: to }, isStale)),
  ];
}

function modelHints({ file, lines, entries }: Fresh, settings: Settings): readonly InlayHint[] {
  const reports = entries.flatMap(({ report }) => report ?? []);
  return [
    ...(settings.showsCostHints ? costHints(reports, file, settings.deviceId, settings) : []),
    ...(settings.showsShapeHints ? shapeHints(reports, file, lines) : []),
  ];
}

/**
 * `textDocument/hover`: the NAS cell at a place, else the model or layer there.
 */
import type { CancellationToken, Hover, HoverParams } from 'vscode-languageserver';
import { hoverAt } from '../../features/hover.ts';
import { toHover } from '../convert.ts';
import { cellDocument, freshReports } from './freshReports.ts';
import type { RequestContext } from './requestContext.ts';

export async function hover(
  context: RequestContext,
  { textDocument: { uri }, position }: HoverParams,
  token: CancellationToken,
): Promise<Hover | null> {
  const { documents, cells, workspace } = context;
  if (!workspace.settings().showsHover) return null;
  const document = cellDocument(context, uri);
  const onCell = document && (await cells.hover(document, documents.linesOf(document).offset(position)));
  if (onCell !== undefined) return onCell;
  const fresh = await freshReports(context, uri, token);
  if (fresh === undefined) return null;
  const { entries, file, lines } = fresh;
  const found = hoverAt(entries, file, lines.offset(position), workspace.settings().deviceId);
  return found === undefined ? null : toHover(found, lines);
}

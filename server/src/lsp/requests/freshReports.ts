/**
 * What requests about models answer from: the newest text. A request first lets waiting edits in, and stops where it was
 * cancelled: what an edit made stale is not computed.
 */
import type { CancellationToken } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { LineIndex } from '../../base/text.ts';
import type { EntryReport } from '../../features/entryReport.ts';
import { isConfigurationFile } from '../../node/findConfiguration.ts';
import { holdsCellsOnly } from '../openDocuments.ts';
import type { RequestContext } from './requestContext.ts';

export interface Fresh {
  readonly file: string;
  readonly lines: LineIndex;
  readonly entries: readonly EntryReport[];
}

/** The newest text's models; undefined where the request is stale by then. */
export async function freshReports(
  { documents, models }: RequestContext,
  uri: string,
  token: CancellationToken,
): Promise<Fresh | undefined> {
  const fresh = await models.ask(
    uri,
    (analyzer, file): Fresh | undefined => {
      const document = documents.get(uri);
      if (document === undefined || isConfigurationFile(file) || holdsCellsOnly(document)) return undefined;
      return { file, lines: documents.linesOf(document), entries: analyzer.hintReports(file) };
    },
    { token },
  );
  return token.isCancellationRequested ? undefined : fresh;
}

/** The open document that a request is about; NAS cells are shown in all but configurations. */
export function cellDocument({ documents, host }: RequestContext, uri: string): TextDocument | undefined {
  return isConfigurationFile(host.pathOfUri(uri)) ? undefined : documents.get(uri);
}

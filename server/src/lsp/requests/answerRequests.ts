/**
 * All that a client can ask, and who answers: one line a request, each within the guard.
 */
import type { Connection } from 'vscode-languageserver';
import type { Guard } from '../guard.ts';
import {
  CHANGES_REQUEST,
  DEVICES_REQUEST,
  REPORT_REQUEST,
  type ChangesParams,
  type ReportParams,
} from '../protocol.ts';
import { createCodeActions } from './codeActions.ts';
import { codeLenses, resolveLens } from './codeLenses.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlayHints.ts';
import { devices, wholeReport } from './ownRequests.ts';
import { recordBaseline } from './recordBaseline.ts';
import type { RequestContext } from './requestContext.ts';

export function answerRequests(connection: Connection, context: RequestContext, { run }: Guard): void {
  const codeActions = createCodeActions(context);
  connection.languages.inlayHint.on((params, token) => run(() => inlayHints(context, params, token)));
  connection.onHover((params, token) => run(() => hover(context, params, token)));
  connection.onCodeLens((params, token) => run(() => codeLenses(context, params, token)));
  connection.onCodeLensResolve((lens, token) => run(() => resolveLens(context, lens, token)));
  connection.onCodeAction((params, token) => run(() => codeActions(params, token)));
  connection.onExecuteCommand((params) => run(() => recordBaseline(context, params, connection)));
  connection.onRequest(DEVICES_REQUEST, () => run(() => devices(context)));
  connection.onRequest(REPORT_REQUEST, (params: ReportParams) => run(() => wholeReport(context, params)));
  connection.onRequest(CHANGES_REQUEST, ({ uri, entryName }: ChangesParams) =>
    run(() => context.compare.page(context.host.pathOfUri(uri), entryName)),
  );
}

/**
 * `textDocument/codeAction`: what can be done about the budgets of the model at a place (budgetCodeActions.ts).
 */
import type { CancellationToken, CodeAction, CodeActionParams } from 'vscode-languageserver';
import { budgetCodeActions, type CodeActionHost } from '../budgetCodeActions.ts';
import { freshReports } from './freshReports.ts';
import type { RequestContext } from './requestContext.ts';

/** Answers for one server, which remembers the last configuration that it read. */
export function createCodeActions(
  context: RequestContext,
): (params: CodeActionParams, token: CancellationToken) => Promise<CodeAction[]> {
  const host = codeActionHost(context);
  return async (params, token) => {
    const { uri } = params.textDocument;
    const fresh = await freshReports(context, uri, token);
    if (fresh === undefined) return [];
    const { lines } = fresh;
    const actions = await context.models.ask(
      uri,
      (analyzer, file) => budgetCodeActions({ params, file, lines, analyzer }, host),
      { token },
    );
    return [...(actions ?? [])];
  };
}

function codeActionHost({ host, documents, workspace, publisher, client }: RequestContext): CodeActionHost {
  return {
    configurationFor: host.configurations.configurationFor,
    workspaceFolders: workspace.folders,
    deviceId: () => workspace.settings().deviceId,
    readText: documents.readText,
    identify(file) {
      const document = documents.ofFile(file);
      return { uri: document?.uri ?? host.uriOfPath(file), version: document?.version ?? null };
    },
    checkedModels: publisher.checkedModels,
    canVersion: () => client().canVersionEdits,
    canCreate: () => client().canCreateFiles,
  };
}

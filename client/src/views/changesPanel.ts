/**
 * What changed in a model since the base that settings name: a panel beside the code, behind the lens that tells it.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { CHANGES_REQUEST, type ChangesAnswer, type ChangesParams } from '../../../server/src/lsp/protocol.ts';
import type { Requests } from '../requests.ts';
import { changesHtml } from './changesHtml.ts';
import { messageHtml } from './pageHtml.ts';
import { createPanels } from './panels.ts';

export function registerChangesPanel(requests: Requests): vscode.Disposable {
  const open = createPanels('layercost.changes');
  return vscode.commands.registerCommand('layercost.showChanges', async (uri?: unknown, entryName?: unknown) => {
    // Only lenses run it, with both.
    if (typeof uri !== 'string' || typeof entryName !== 'string') return;
    await showChanges(open(`${uri}#${entryName}`, `${entryName}: changes`), requests, { uri, entryName });
  });
}

async function showChanges(webview: vscode.Webview, requests: Requests, params: ChangesParams): Promise<void> {
  webview.html = messageHtml('Comparing …');
  try {
    const answer = await requests.send<ChangesAnswer>(CHANGES_REQUEST, params);
    webview.html =
      answer.kind === 'problem'
        ? messageHtml(answer.message)
        : changesHtml(answer.page, randomBytes(16).toString('hex'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    webview.html = messageHtml(`Layer Cost could not compare this model: ${reason}`);
  }
}

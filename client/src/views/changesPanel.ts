/**
 * What changed in a model since the base that settings name: a panel beside the code, behind the lens that tells it.
 */
import * as vscode from 'vscode';
import { CHANGES_REQUEST, type ChangesAnswer, type ChangesParams } from '../../../server/src/lsp/protocol.ts';
import type { Requests } from '../requests.ts';
import { changesHtml } from './changesHtml.ts';
import { fillWebview } from './fillWebview.ts';
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

function showChanges(webview: vscode.Webview, requests: Requests, params: ChangesParams): Promise<void> {
  return fillWebview(webview, {
    waiting: 'Comparing',
    what: 'compare this model',
    async ask(nonce) {
      const answer = await requests.send<ChangesAnswer>(CHANGES_REQUEST, params);
      return answer.kind === 'problem' ? messageHtml(answer.message) : changesHtml(answer.page, nonce);
    },
  });
}

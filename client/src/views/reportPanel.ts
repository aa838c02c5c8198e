/**
 * The breakdown behind a lens: a panel beside the code, one for each model.
 */
import * as vscode from 'vscode';
import type { Requests } from '../requests.ts';
import { showReport } from './showReport.ts';

export function registerReportPanel(requests: Requests): vscode.Disposable {
  const panels = new Map<string, vscode.WebviewPanel>();
  return vscode.commands.registerCommand('layercost.showReport', async (uri?: unknown, entryName?: unknown) => {
    const target = typeof uri === 'string' ? uri : vscode.window.activeTextEditor?.document.uri.toString();
    if (target === undefined) {
      await vscode.window.showInformationMessage('Layer Cost: open a file with a model first.');
      return;
    }
    const name = typeof entryName === 'string' ? entryName : undefined;
    const key = `${target}#${name ?? ''}`;
    let panel = panels.get(key);
    if (panel === undefined) {
      panel = vscode.window.createWebviewPanel('layercost.report', name ?? 'Layer Cost', vscode.ViewColumn.Beside, {
        enableScripts: true,
        localResourceRoots: [],
      });
      panel.onDidDispose(() => panels.delete(key));
      panels.set(key, panel);
    }
    panel.reveal(undefined, true);
    await showReport(panel.webview, requests, name === undefined ? { uri: target } : { uri: target, entryName: name });
  });
}

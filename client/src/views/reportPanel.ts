/**
 * The breakdown behind a lens: a panel beside the code, one for each model.
 */
import * as vscode from 'vscode';
import type { Requests } from '../requests.ts';
import { createPanels } from './panels.ts';
import { showReport } from './showReport.ts';

export function registerReportPanel(requests: Requests): vscode.Disposable {
  const open = createPanels('layercost.report');
  return vscode.commands.registerCommand('layercost.showReport', async (uri?: unknown, entryName?: unknown) => {
    const target = typeof uri === 'string' ? uri : vscode.window.activeTextEditor?.document.uri.toString();
    if (target === undefined) {
      await vscode.window.showInformationMessage('Layer Cost: open a file with a model first.');
      return;
    }
    const name = typeof entryName === 'string' ? entryName : undefined;
    const webview = open(`${target}#${name ?? ''}`, titleOf(name ?? 'Layer Cost'));
    await showReport(webview, requests, name === undefined ? { uri: target } : { uri: target, entryName: name });
  });
}

/** The name of a model; a NAS cell has its whole text for a name. */
function titleOf(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

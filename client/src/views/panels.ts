/**
 * Panels beside the code, one for each thing that is shown: asked for again, the one that is there comes to the front.
 */
import * as vscode from 'vscode';
import { labelText } from '../../../server/src/base/escaping/labelText.ts';

export type OpenPanel = (key: string, title: string) => vscode.Webview;

export function createPanels(viewType: string): OpenPanel {
  const panels = new Map<string, vscode.WebviewPanel>();
  return (key, title) => {
    let panel = panels.get(key);
    if (panel === undefined) {
      panel = vscode.window.createWebviewPanel(viewType, labelText(title), vscode.ViewColumn.Beside, {
        enableScripts: true,
        localResourceRoots: [],
      });
      panel.onDidDispose(() => panels.delete(key));
      panels.set(key, panel);
    }
    panel.reveal(undefined, true);
    return panel.webview;
  };
}

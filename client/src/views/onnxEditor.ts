/**
 * The view of an .onnx file: read-only, totals and a table by node, refreshed when the file changes on disk.
 */
import * as vscode from 'vscode';
import type { Requests } from '../requests.ts';
import { showReport } from './showReport.ts';

const VIEW_TYPE = 'layercost.onnx';

export function registerOnnxEditor(requests: Requests): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => {
      panel.webview.options = { enableScripts: true, localResourceRoots: [] };
      const show = (): Promise<void> => showReport(panel.webview, requests, { uri: uri.toString() });
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*.onnx'),
      );
      watcher.onDidChange((changed) => {
        if (changed.toString() === uri.toString()) void show();
      });
      panel.onDidDispose(() => {
        watcher.dispose();
      });
      await show();
    },
  };
  return vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider, { supportsMultipleEditorsPerDocument: true });
}

/**
 * The editor side: starts the language server, and adds what LSP has no words for: the device in the status bar,
 * the report of a model, and the view of an .onnx file. Computes nothing itself.
 */
import * as vscode from 'vscode';
import { registerSelectDevice } from './commands/selectDevice.ts';
import { hasNothing, mayBeginCell } from './cellDocuments.ts';
import { createClient, SELECTOR } from './serverProcess.ts';
import { registerOnnxEditor } from './views/onnxEditor.ts';
import { registerChangesPanel } from './views/changesPanel.ts';
import { registerReportPanel } from './views/reportPanel.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const client = createClient(context);
  let started: Promise<void> | undefined;
  const start = (): Promise<void> => (started ??= client.start());
  context.subscriptions.push(client);
  const requests = {
    send: <T>(method: string, params?: unknown): Promise<T> =>
      start().then(() => client.sendRequest<T>(method, params)),
  };
  context.subscriptions.push(
    registerSelectDevice(requests),
    registerReportPanel(requests),
    registerChangesPanel(requests),
    registerOnnxEditor(requests),
    vscode.commands.registerCommand('layercost.restartServer', () => start().then(() => client.restart())),
    vscode.commands.registerCommand('layercost.showOutput', () => client.outputChannel.show()),
  );
  // Nobody wants the server for JSON and plain text without a cell.
  const { textDocuments } = vscode.workspace;
  if (textDocuments.length === 0 || textDocuments.some((document) => isShown(document))) await start();
  else {
    const startFor = (document: vscode.TextDocument): void => {
      if (started === undefined && isShown(document)) void start();
    };
    context.subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(startFor),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.some((change) => mayBeginCell(document, change))) startFor(document);
      }),
    );
  }
}

/** Whether the server has something to say of a document. */
function isShown(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && vscode.languages.match([...SELECTOR], document) > 0 && !hasNothing(document);
}

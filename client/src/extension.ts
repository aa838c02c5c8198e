/**
 * The editor side: starts the language server, and adds what LSP has no words for: the device in the status bar,
 * the report of a model, and the view of an .onnx file. Computes nothing itself.
 */
import * as vscode from 'vscode';
import { registerSelectDevice } from './commands/selectDevice.ts';
import { createClient } from './serverProcess.ts';
import { registerOnnxEditor } from './views/onnxEditor.ts';
import { registerChangesPanel } from './views/changesPanel.ts';
import { registerReportPanel } from './views/reportPanel.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const client = createClient(context);
  context.subscriptions.push(client);
  const requests = { send: <T>(method: string, params?: unknown): Promise<T> => client.sendRequest<T>(method, params) };
  context.subscriptions.push(
    registerSelectDevice(requests),
    registerReportPanel(requests),
    registerChangesPanel(requests),
    registerOnnxEditor(requests),
    vscode.commands.registerCommand('layercost.restartServer', () => client.restart()),
    vscode.commands.registerCommand('layercost.showOutput', () => client.outputChannel.show()),
  );
  await client.start();
}

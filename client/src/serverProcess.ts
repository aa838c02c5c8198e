/**
 * The language server's process: started over stdio with the editor's own Node, restarted when it dies.
 */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind, type ServerOptions } from 'vscode-languageclient/node';

export function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js');
  const program = { module, transport: TransportKind.stdio };
  const server: ServerOptions = { run: program, debug: program };
  return new LanguageClient('layercost', 'Layer Cost', server, {
    documentSelector: [
      { language: 'python', scheme: 'file' },
      { pattern: '**/layercost.json', scheme: 'file' },
      { pattern: '**/pyproject.toml', scheme: 'file' },
    ],
    initializationOptions: vscode.workspace.getConfiguration('layercost'),
  });
}

/**
 * The language server's process: started over stdio with the editor's own Node, restarted when it dies.
 */
import * as vscode from 'vscode';
import { cellMiddleware, CELL_SELECTOR } from './cellDocuments.ts';
import { LanguageClient, TransportKind, type ServerOptions } from 'vscode-languageclient/node';

export const SELECTOR = [
  { language: 'python', scheme: 'file' },
  { pattern: '**/layercost.json', scheme: 'file' },
  { pattern: '**/pyproject.toml', scheme: 'file' },
  ...CELL_SELECTOR,
];

/** An edit makes some 10 MB that live shortly: in a larger young generation less of it is copied (bench/editKeystroke.mjs). */
const NODE_FLAGS = ['--max-semi-space-size=32', '--min-semi-space-size=16'];

export function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js');
  const program = { module, transport: TransportKind.stdio, options: { execArgv: NODE_FLAGS } };
  const server: ServerOptions = { run: program, debug: program };
  const client: LanguageClient = new LanguageClient('layercost', 'Layer Cost', server, {
    documentSelector: [...SELECTOR],
    middleware: cellMiddleware(() => client),
    initializationOptions: vscode.workspace.getConfiguration('layercost'),
  });
  return client;
}

/**
 * JSON and plain text with NAS cells in them: the server hears of those documents alone, from when they hold a cell until
 * they are closed. Others cost one look at their text, and one at each line that is typed.
 */
import type * as vscode from 'vscode';
import { DidOpenTextDocumentNotification, type LanguageClient, type Middleware } from 'vscode-languageclient/node';

const LANGUAGES: ReadonlySet<string> = new Set(['json', 'jsonc', 'jsonl', 'plaintext']);

export const CELL_SELECTOR = [...LANGUAGES].map((language) => ({ language, scheme: 'file' }));

/** What no cell can do without; the server looks closer (server/src/frontends/nasCell/findCells.ts). */
const SIGN = /\w~\d{1,3}\||\bGenotype\s*\(|\bModelSpec\s*\(|["'](?:matrix|adjacency|module_adjacency|normal)["']\s*:/;

/** Whether a document is one of JSON or plain text without a cell, of which nothing can be shown. */
export function hasNothing(document: vscode.TextDocument): boolean {
  return isCellLanguage(document) && !SIGN.test(document.getText());
}

function isCellLanguage({ languageId, fileName }: vscode.TextDocument): boolean {
  return LANGUAGES.has(languageId) && !fileName.endsWith('layercost.json');
}

/** Holds back what documents without a cell have to say. `client` is there when the first one speaks. */
export function cellMiddleware(client: () => LanguageClient): Middleware {
  const told = new Set<string>();
  const isSilent = (document: vscode.TextDocument): boolean =>
    isCellLanguage(document) && !told.has(document.uri.toString());
  return {
    didOpen: async (document, next) => {
      if (hasNothing(document)) return;
      if (isCellLanguage(document)) told.add(document.uri.toString());
      await next(document);
    },
    didChange: async (event, next) => {
      const { document } = event;
      if (!isSilent(document)) {
        await next(event);
        return;
      }
      if (!event.contentChanges.some((change) => mayBeginCell(document, change)) || hasNothing(document)) return;
      told.add(document.uri.toString());
      const opened = client().code2ProtocolConverter.asOpenTextDocumentParams(document);
      await client().sendNotification(DidOpenTextDocumentNotification.type, opened);
    },
    didClose: async (document, next) => {
      if (isSilent(document)) return;
      told.delete(document.uri.toString());
      await next(document);
    },
    provideInlayHints: (document, range, token, next) => (isSilent(document) ? [] : next(document, range, token)),
    provideCodeLenses: (document, token, next) => (isSilent(document) ? [] : next(document, token)),
    provideHover: (document, position, token, next) => (isSilent(document) ? null : next(document, position, token)),
  };
}

/** Whether a change may have brought the first cell: what it wrote, or the line that it is in, has a sign of one. */
export function mayBeginCell(
  document: vscode.TextDocument,
  { range, text }: vscode.TextDocumentContentChangeEvent,
): boolean {
  const { line } = range.start;
  return SIGN.test(text) || (line < document.lineCount && SIGN.test(document.lineAt(line).text));
}

/**
 * The open documents as the client has them, so that a worker that is started anew can be given them. What passes on is
 * in order: ranges lie in the text, and versions rise, whatever the client sent.
 *
 *   change({ textDocument: { uri, version: 3 }, contentChanges: [...] })  // after version 7 -> the same as version 8
 */
import type { DidChangeTextDocumentParams, DidOpenTextDocumentParams, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

export class OpenTexts {
  readonly #documents = new Map<string, TextDocument>();

  open({ textDocument }: DidOpenTextDocumentParams): DidOpenTextDocumentParams {
    const { uri, languageId, text } = textDocument;
    const version = rising(this.#documents.get(uri)?.version, textDocument.version);
    this.#documents.set(uri, TextDocument.create(uri, languageId, version, text));
    return { textDocument: { uri, languageId, version, text } };
  }

  /** Undefined where nothing changes, or the document is not open. */
  change({ textDocument, contentChanges }: DidChangeTextDocumentParams): DidChangeTextDocumentParams | undefined {
    const { uri } = textDocument;
    let document = this.#documents.get(uri);
    if (document === undefined || contentChanges.length === 0) return undefined;
    // LSP had versions that are null.
    const version = rising(document.version, (textDocument as { readonly version?: number | null }).version);
    const inside: typeof contentChanges = [];
    for (const change of contentChanges) {
      const { text } = change;
      const clamped = 'range' in change ? { range: insideOf(document, change.range), text } : { text };
      inside.push(clamped);
      document = TextDocument.update(document, [clamped], version);
    }
    this.#documents.set(uri, document);
    return { textDocument: { uri, version }, contentChanges: inside };
  }

  /** False where it was not open. */
  close(uri: string): boolean {
    return this.#documents.delete(uri);
  }

  all(): readonly DidOpenTextDocumentParams[] {
    return [...this.#documents.values()].map((document) => {
      const { uri, languageId, version } = document;
      return { textDocument: { uri, languageId, version, text: document.getText() } };
    });
  }
}

function rising(last: number | undefined, version: number | null | undefined): number {
  if (last === undefined) return version ?? 0;
  return version === undefined || version === null || version <= last ? last + 1 : version;
}

/** TextDocument counts lines that a range beyond the end names as if they were there. */
function insideOf(document: TextDocument, { start, end }: Range): Range {
  return { start: document.positionAt(document.offsetAt(start)), end: document.positionAt(document.offsetAt(end)) };
}

/** The document that a message is about, where it is about one. */
export function uriOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const { textDocument, uri, data } = params as Readonly<Record<string, unknown>>;
  return uriIn(textDocument) ?? (typeof uri === 'string' ? uri : undefined) ?? uriIn(data);
}

function uriIn(value: unknown): string | undefined {
  const uri = typeof value === 'object' && value !== null && 'uri' in value ? value.uri : undefined;
  return typeof uri === 'string' ? uri : undefined;
}

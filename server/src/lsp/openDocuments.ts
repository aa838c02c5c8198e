/**
 * The open documents: by URI and by file, the lines of each counted once a version, and text that falls back to the
 * disk where a file is not open.
 */
import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/text.ts';
import type { ServerHost } from './serverHost.ts';

export interface OpenDocuments {
  readonly get: (uri: string) => TextDocument | undefined;
  readonly all: () => readonly TextDocument[];
  readonly ofFile: (file: string) => TextDocument | undefined;
  readonly linesOf: (document: TextDocument) => LineIndex;
  /** Of the open document, else of the disk. */
  readonly readText: (file: string) => string | undefined;
}

export function openDocuments(
  documents: Pick<TextDocuments<TextDocument>, 'get' | 'all'>,
  host: Pick<ServerHost, 'pathOfUri' | 'readText'>,
): OpenDocuments {
  const lineIndices = new WeakMap<TextDocument, { readonly version: number; readonly lines: LineIndex }>();
  const ofFile = (file: string): TextDocument | undefined =>
    documents.all().find(({ uri }) => host.pathOfUri(uri) === file);
  return {
    get: (uri) => documents.get(uri),
    all: () => documents.all(),
    ofFile,
    linesOf(document) {
      const known = lineIndices.get(document);
      if (known?.version === document.version) return known.lines;
      const lines = new LineIndex(document.getText());
      lineIndices.set(document, { version: document.version, lines });
      return lines;
    },
    readText: (file) => ofFile(file)?.getText() ?? host.readText(file),
  };
}

/** Whether a document can hold cells alone: nobody looks for models in it. */
export function holdsCellsOnly({ languageId, uri }: TextDocument): boolean {
  return languageId !== 'python' && !/\.pyi?$/.test(uri);
}

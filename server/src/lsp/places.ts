/**
 * Places in any file as LSP names them: those in open documents by the document's own URI and text, others by the disk.
 */
import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex, type SourceRange } from '../base/text.ts';
import { toRange } from './toRange.ts';

export interface Places {
  readonly location: (range: SourceRange) => Location;
}

export interface PlacesHost {
  readonly documents: () => readonly TextDocument[];
  readonly linesOf: (document: TextDocument) => LineIndex;
  readonly pathOfUri: (uri: string) => string;
  readonly uriOfPath: (file: string) => string;
  readonly readText: (file: string) => string | undefined;
}

/** For one answer: files on disk are read once. */
export function createPlaces({ documents, linesOf, pathOfUri, uriOfPath, readText }: PlacesHost): Places {
  const open = new Map(documents().map((document) => [pathOfUri(document.uri), document]));
  const onDisk = new Map<string, LineIndex>();
  const diskLines = (file: string): LineIndex => {
    let lines = onDisk.get(file);
    if (lines === undefined) onDisk.set(file, (lines = new LineIndex(readText(file) ?? '')));
    return lines;
  };
  return {
    location(range) {
      const document = open.get(range.file);
      return document === undefined
        ? { uri: uriOfPath(range.file), range: toRange(range, diskLines(range.file)) }
        : { uri: document.uri, range: toRange(range, linesOf(document)) };
    },
  };
}

/**
 * Places in text: UTF-16 offsets, ranges, and the map from offsets to lines.
 * "ab\ncd" has lines starting at 0 and 3; offset 4 is line 1, character 1 (both from 0, as in LSP).
 */

/** Half-open range of UTF-16 code units in one text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A range in a named file. */
export interface SourceRange extends TextRange {
  /** Absolute path (or URI where there is no path), as the host gave it. */
  readonly file: string;
}

/** Line and character, both counted from 0, in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Answers line questions for one text; lines end with \n, \r\n or \r. */
export class LineIndex {
  readonly #lineStarts: readonly number[];
  /** Where each line's end mark begins. */
  readonly #lineEnds: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    const ends: number[] = [];
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit !== 10 && unit !== 13) continue;
      ends.push(i);
      if (unit === 13 && text.charCodeAt(i + 1) === 10) i++;
      starts.push(i + 1);
    }
    this.#lineStarts = starts;
    this.#lineEnds = ends;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** Offset of the first code unit of a line; past the last line, the end of the text. */
  lineStart(line: number): number {
    return this.#lineStarts[line] ?? this.#length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStart(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - this.lineStart(low) };
  }

  /** A character past the end of its line stands at the line's end, as LSP wants it. */
  offset(position: Position): number {
    const lineEnd = this.#lineEnds[position.line] ?? this.#length;
    return Math.min(this.lineStart(position.line) + position.character, lineEnd);
  }
}

export function rangeContains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/**
 * Markdown for comments and job summaries: parts are added while there is room, and what finds none is counted and said.
 * Source of the limits: GitHub refuses comments of more than 65,536 characters, and job summaries of more than 1 MiB.
 */

export const COMMENT_BYTES = 65_536;
export const SUMMARY_BYTES = 2 ** 20;
/** Kept free for what closes open parts and says what was left out. */
const RESERVED_BYTES = 1_000;

export interface Page {
  add(part: string): void;
  /** Adds parts while there is room, and counts those that find none. */
  addAll(parts: readonly string[], name: string): void;
  /** Adds what has to stand there in any case, from the reserve. */
  close(part: string): void;
  text(): string;
}

/** `maxBytes` of UTF-8 hold the page with what closes it. */
export function createPage(maxBytes: number): Page {
  const encoder = new TextEncoder();
  const parts: string[] = [];
  const omitted: string[] = [];
  let bytesLeft = maxBytes - RESERVED_BYTES;
  const fits = (part: string): boolean => {
    const byteLength = encoder.encode(part).length;
    if (byteLength > bytesLeft) return false;
    bytesLeft -= byteLength;
    parts.push(part);
    return true;
  };
  return {
    add: (part) => void fits(part),
    addAll(all, name) {
      const position = all.findIndex((part) => !fits(part));
      if (position >= 0) omitted.push(`${all.length - position} of ${all.length} ${name}`);
    },
    close: (part) => void parts.push(part),
    text: () =>
      parts.join('') + (omitted.length === 0 ? '' : `\nLeft out, as there is no room: ${omitted.join(', ')}.\n`),
  };
}

/** A figure in a table's cell: its number and unit stay on one line. */
export function cellText(text: string): string {
  return escapeMarkdown(text).replace(/(?<=\d) (?=[%a-zA-Zµ])/g, '&nbsp;');
}

/** Text as text: no markup, no mention, no end of a table's cell. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_[\]~#|]/g, (character) => `&#${character.charCodeAt(0)};`);
}

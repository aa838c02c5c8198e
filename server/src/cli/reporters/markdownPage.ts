/**
 * Markdown for comments and job summaries: parts are added while there is room, and what finds none is counted and said.
 * Source of the limits: GitHub refuses comments of more than 65,536 characters, and job summaries of more than 1 MiB.
 */

import { joinMarkdown, inMarkdown, type Markdown } from '../../base/escaping/markdown.ts';
import { printedMarkup } from '../../base/escaping/markup.ts';
import type { Printed } from '../../base/escaping/printed.ts';

export const COMMENT_BYTES = 65_536;
export const SUMMARY_BYTES = 2 ** 20;
/** Kept free for what closes open parts and says what was left out. */
const RESERVED_BYTES = 1_000;

export interface Page {
  add(part: Markdown): void;
  /** Adds parts while there is room, and counts those that find none. */
  addAll(parts: readonly Markdown[], name: string): void;
  /** Adds what has to stand there in any case, from the reserve. */
  close(part: Markdown): void;
  text(): Printed;
}

/** `maxBytes` of UTF-8 hold the page with what closes it. */
export function createPage(maxBytes: number): Page {
  const encoder = new TextEncoder();
  const parts: Markdown[] = [];
  const omitted: string[] = [];
  let bytesLeft = maxBytes - RESERVED_BYTES;
  const fits = (part: Markdown): boolean => {
    const byteLength = encoder.encode(part.text).length;
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
    text() {
      const rest =
        omitted.length === 0 ? inMarkdown`` : inMarkdown`\nLeft out, as there is no room: ${omitted.join(', ')}.\n`;
      return printedMarkup(joinMarkdown([...parts, rest]));
    },
  };
}

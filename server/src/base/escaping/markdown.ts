/**
 * The escaping of Markdown, for comments, job summaries and hovers: inMarkdown`| ${name} |`. Text stays text: no markup, link,
 * image or mention, no end of a table's cell, in CommonMark, GitHub's dialect and within HTML elements of ours.
 * Entities alone do not hold back what GitHub looks for in the finished page (mentions, numbers of issues, addresses):
 * there a space without width stands between. Source: https://github.github.com/gfm/
 */
import { Markup } from './markup.ts';
import { visibleText } from './visibleText.ts';

export type Markdown = Markup<'markdown'>;

const tag = Markup.tagOf('markdown', escapeMarkdown);

export const inMarkdown = tag.tag;
export const joinMarkdown = tag.join;

/** A figure in a table's cell: its number and unit stay on one line. */
export function figureMarkdown(text: string): Markdown {
  return tag.trusted(escapeMarkdown(text).replace(/(?<=\d) (?=[%a-zA-Zµ])/g, '&nbsp;'));
}

/** The same, and no space of it breaks. */
export function unbrokenMarkdown(text: string): Markdown {
  return tag.trusted(escapeMarkdown(text).replaceAll(' ', '&nbsp;'));
}

/** Text in which pairs of backticks hold code: "`x > 3` is unknown". What stands between them is code and no more. */
export function messageMarkdown(message: string): Markdown {
  const parts = message.split('`');
  if (parts.length % 2 === 0) return inMarkdown`${message}`;
  return joinMarkdown(parts.map((part, index) => (index % 2 === 1 ? codeMarkdown(part) : inMarkdown`${part}`)));
}

/**
 * What a code span cannot hold or a reader of the source could take for more: backticks, bars and backslashes in cells of
 * tables, links, images, mentions, elements.
 */
const NO_CODE = /[`\\|]|\]\(|:\/\/|\bwww\.|@\w|<[a-z!/]/i;

/** Code on one line, as a code span where that is safe, else as text. */
export function codeMarkdown(code: string): Markdown {
  const text = visibleText(code).replace(/\s+/g, ' ').trim();
  return text === '' || NO_CODE.test(text) ? inMarkdown`${code}` : tag.trusted(`\`${text}\``);
}

/** Where a value may be the first of a line, marks of lists, headings and rules are no marks. */
const LINE_START = /^ ?(?:[-+](?=[-+\s]|$)|[=:]|\d+[.)](?=\s|$))/;

function escapeMarkdown(text: string): string {
  return (
    visibleText(text)
      .replace(/\s+/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[@#](?=\w)/g, (character) => `&#${character.charCodeAt(0)};${NO_WIDTH}`)
      .replace(/[\\`*[\]~|$@]|(?<!&)#/g, (character) => `&#${character.charCodeAt(0)};`)
      // Within a word an underscore marks nothing.
      .replace(/(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])/g, (marks) => '&#95;'.repeat(marks.length))
      .replaceAll('://', `&#58;${NO_WIDTH}//`)
      .replace(/\bwww\./gi, (text) => `${text.slice(0, -1)}${NO_WIDTH}.`)
      .replace(/\bGH-(?=\d)/gi, (text) => `${text.slice(0, -1)}${NO_WIDTH}-`)
      .replace(LINE_START, (mark) => mark.slice(0, -1) + `&#${mark.charCodeAt(mark.length - 1)};`)
  );
}

const NO_WIDTH = '&#8203;';

/**
 * The escaping of XML 1.0, for text and for attributes in double quotes: inXml`<skipped>${message}</skipped>`.
 */
import { Markup } from './markup.ts';
import { visibleText } from './visibleText.ts';

export type Xml = Markup<'xml'>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The two characters that XML cannot hold and visibleText leaves become U+FFFD. */
const tag = Markup.tagOf('xml', (text) =>
  visibleText(text)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    // What reads logs takes "##[" for a command.
    .replace(/##(?=[\w.]*\[)/g, '#&#35;'),
);

export const inXml = tag.tag;
export const joinXml = tag.join;

/** Texts as lines of one text. */
export function xmlLines(lines: readonly string[]): Xml {
  return joinXml(
    lines.map((line) => inXml`${line}`),
    '&#10;',
  );
}

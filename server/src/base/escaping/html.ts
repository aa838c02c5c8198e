/**
 * The escaping of HTML, for text and for attributes in double quotes: inHtml`<td title="${name}">${name}</td>`.
 */
import { Markup } from './markup.ts';
import { visibleText } from './visibleText.ts';

export type Html = Markup<'html'>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const tag = Markup.tagOf('html', (text) =>
  visibleText(text).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character),
);

export const inHtml = tag.tag;
export const joinHtml = tag.join;

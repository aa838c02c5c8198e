/**
 * Markup that is written as template literals, and escapes what is put into them: inHtml`<td>${name}</td>`. Markup that is put
 * in stays as it is. Only a tag makes it, so that text from code cannot become markup by mistake.
 */
import { printed, type Printed } from './printed.ts';

/** A class for its private field: no object that somebody writes is one. */
export class Markup<Kind extends string> {
  readonly #text: string;
  readonly kind: Kind;

  private constructor(kind: Kind, text: string) {
    this.kind = kind;
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  static tagOf<Kind extends string>(kind: Kind, escape: (text: string) => string): MarkupTag<Kind> {
    const textOf = (piece: Piece<Kind>): string =>
      piece instanceof Markup
        ? piece.#text
        : typeof piece === 'object'
          ? piece.map(({ text }) => text).join('')
          : escape(String(piece));
    return {
      tag: (strings, ...pieces) =>
        new Markup(
          kind,
          strings.map((text, index) => text + (index < pieces.length ? textOf(pieces[index] ?? '') : '')).join(''),
        ),
      join: (parts, between = '') => new Markup(kind, parts.map(({ text }) => text).join(between)),
      trusted: (text) => new Markup(kind, text),
    };
  }
}

type Piece<Kind extends string> = string | number | Markup<Kind> | readonly Markup<Kind>[];

interface MarkupTag<Kind extends string> {
  readonly tag: (strings: TemplateStringsArray, ...pieces: readonly Piece<Kind>[]) => Markup<Kind>;
  /** Parts behind each other, with markup of ours between them. */
  readonly join: (parts: readonly Markup<Kind>[], between?: string) => Markup<Kind>;
  /** Within this folder: for what is escaped already. */
  readonly trusted: (text: string) => Markup<Kind>;
}

/** Markup in a report. */
export function printedMarkup({ text }: Markup<string>): Printed {
  return printed(text);
}

/**
 * Text from code with every character that would not show, or would act, written out: "a<ESC>[31m" -> "a\x1b[31m".
 * Control characters (C0, DEL, C1), line and paragraph ends, marks of direction, characters without width, lone
 * surrogates. What joins letters (U+200C, U+200D) stays: names of people's languages need it.
 */

/** For classes of characters: { [`[${UNSEEN}]`]: 'u' }. */
const UNSEEN =
  '\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}\\u{AD}\\u{180E}\\u{200B}\\u{2060}-\\u{2064}\\u{206A}-\\u{206F}\\u{FEFF}\\u{FFF9}-\\u{FFFB}\\u{E0000}-\\u{E007F}';

const UNSEEN_CHARACTER = new RegExp(`[${UNSEEN}]`, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One line, whatever it was. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN_CHARACTER, (character) => SHORT[character] ?? codeText(character.codePointAt(0) ?? 0));
}

/** The same characters replaced by a form of somebody's own, which is asked for each UTF-16 unit. */
export function replaceUnseen(text: string, form: (unit: number) => string): string {
  return text.replace(UNSEEN_CHARACTER, (character) =>
    Array.from({ length: character.length }, (_, index) => form(character.charCodeAt(index))).join(''),
  );
}

/** "\x1b", "\u202e", "\u{e0041}" */
function codeText(code: number): string {
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

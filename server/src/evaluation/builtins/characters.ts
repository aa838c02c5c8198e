/**
 * Which characters Python takes for white space, letters, digits: isTextOf(ALPHABETIC, "été") -> true.
 */

/** `str.isspace`, and what `split()` and `strip()` without arguments take off. */
export const WHITESPACE = /\p{White_Space}/u;

export const ALPHABETIC = /\p{L}/u;
export const DECIMAL = /\p{Nd}/u;
/** Decimals, superscripts and circled digits. */
export const DIGIT =
  /[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490]/u;
export const NUMERIC = /\p{N}/u;
export const ALPHANUMERIC = /[\p{L}\p{N}]/u;
export const ASCII = /[\0-\x7f]/u;
export const PRINTABLE = /[^\p{C}\p{Z}]| /u;

const CASED = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;
const LOWER = /\p{Lowercase}/u;
const UPPER = /[\p{Uppercase}\p{Lt}]/u;

/** Whether the text is not empty and every character is of the class. */
export function isTextOf(characterClass: RegExp, text: string): boolean {
  return text !== '' && Array.from(text).every((character) => characterClass.test(character));
}

export function isLowerText(text: string): boolean {
  return CASED.test(text) && !UPPER.test(text);
}

export function isUpperText(text: string): boolean {
  return CASED.test(text) && !LOWER.test(text) && !/\p{Lt}/u.test(text);
}

/** "Hello World": upper case after what has no case, lower case after what has. */
export function isTitleText(text: string): boolean {
  return CASED.test(text) && Array.from(text).every((character, at, all) => hasTitleCase(character, all[at - 1]));
}

function hasTitleCase(character: string, previous: string | undefined): boolean {
  const isAfterCased = previous !== undefined && CASED.test(previous);
  if (UPPER.test(character)) return !isAfterCased;
  return LOWER.test(character) ? isAfterCased : true;
}

export function titleText(text: string): string {
  let previous = '';
  return Array.from(text, (character) => {
    const result = CASED.test(previous) ? character.toLowerCase() : titleCharacter(character);
    previous = character;
    return result;
  }).join('');
}

export function capitalizeText(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return titleCharacter(first) + rest.join('').toLowerCase();
}

export function swapCase(text: string): string {
  return Array.from(text, (character) =>
    UPPER.test(character) ? character.toLowerCase() : character.toUpperCase(),
  ).join('');
}

/** 'ß' -> 'Ss' */
function titleCharacter(character: string): string {
  const [first = '', ...rest] = Array.from(character.toUpperCase());
  return first + rest.join('').toLowerCase();
}

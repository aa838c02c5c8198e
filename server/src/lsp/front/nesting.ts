/**
 * Whether JSON text has more brackets inside each other than any message: to read and to pass on what is nested a million
 * deep takes seconds. isNestedTooDeeply('[[[[...') -> true
 */

const MOST_DEPTH = 500;

export function isNestedTooDeeply(text: string): boolean {
  if (text.length < MOST_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(text, at + 1);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MOST_DEPTH) return true;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return false;
}

const [QUOTE, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT, BACKSLASH] = [0x22, 0x5b, 0x7b, 0x5d, 0x7d, 0x5c];

/** Where the string that began before `from` ends. */
function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

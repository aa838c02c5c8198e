// The log of a job: one line a text, in which nothing acts on the terminal or on the runner.
// log('a\n::error::b') writes "a\n::error::b" as it stands here. The same as server/src/base/escaping/printed.ts.

const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{AD}\u{180E}\u{200B}\u{2060}-\u{2064}\u{206A}-\u{206F}\u{FEFF}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E007F}]/gu;

export function log(text) {
  console.log(line(text));
}

/** An annotation of GitHub's. */
export function logError(text) {
  console.log(`::error title=Layer Cost::${visible(text).replaceAll('%', '%25')}`);
}

function line(text) {
  return visible(text)
    .replace(/^(\s*):/u, '$1\\x3a')
    .replace(/##(?=[\w.]*\[)/g, '#\\x23');
}

function visible(text) {
  return String(text).replace(UNSEEN, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[^\\].*$/su, codeText),
  );
}

function codeText(character) {
  return `\\u{${character.codePointAt(0).toString(16)}}`;
}

/**
 * The modules `string` and `textwrap`: letters, digits and punctuation as texts; dedent, indent, shorten.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Value } from '../values.ts';
import { mergeMembers, strictMembers } from '../builtins/define.ts';
import { splitText } from '../builtins/textParts.ts';
import { capitalizeText } from '../builtins/characters.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export const stringModule: NativeModuleDefinition = {
  name: 'string',
  members: () =>
    mergeMembers(
      new Map<string, Value>([
        ['ascii_lowercase', LOWER],
        ['ascii_uppercase', UPPER],
        ['ascii_letters', LOWER + UPPER],
        ['digits', DIGITS],
        ['hexdigits', `${DIGITS}abcdefABCDEF`],
        ['octdigits', '01234567'],
        ['punctuation', PUNCTUATION],
        ['whitespace', ' \t\n\r\v\f'],
        ['printable', `${DIGITS}${LOWER}${UPPER}${PUNCTUATION} \t\n\r\v\f`],
      ]),
      strictMembers('string', {
        'capwords(s, sep=None)': (runtime, text, separator) => {
          if (typeof text !== 'string') return runtime.unknown('capwords of something else than a str');
          const at = typeof separator === 'string' ? separator : undefined;
          return splitText(text, at, -1)
            .map(capitalizeText)
            .join(at ?? ' ');
        },
      }),
    ),
};

export const textwrapModule: NativeModuleDefinition = {
  name: 'textwrap',
  members: () =>
    strictMembers('textwrap', {
      'dedent(text)': (_, text) => (typeof text === 'string' ? dedent(text) : text),
      'indent(text, prefix, predicate=None)': (runtime, text, prefix, predicate) => {
        if (typeof text !== 'string' || typeof prefix !== 'string' || predicate !== null) {
          return runtime.unknown('textwrap.indent with a predicate');
        }
        return text.replace(/^(?=.*\S)/gm, prefix);
      },
    }),
};

/** Takes off the white space that all lines with content begin with; lines without content become empty. */
export function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (line.trim() === '' ? '' : line));
  let margin: string | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    margin = margin === undefined ? indent : commonStart(margin, indent);
  }
  return lines.map((line) => line.slice(margin?.length ?? 0)).join('\n');
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a.charAt(length) === b.charAt(length)) length += 1;
  return a.slice(0, length);
}

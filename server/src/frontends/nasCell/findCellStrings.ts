/**
 * Strings of NAS-Bench-201 within other text, in quotes or bare: "acc of |skip_connect~0|+|...|: 93.1" has one. Strings that
 * a program puts together (templates, parts that are joined) are none.
 */
import type { TextRange } from '../../base/text.ts';
import { isOperation201 } from './nasBench201.ts';

/** A cell of the benchmark has 110 characters at the most; one with mistakes may have more. */
const LENGTH_LIMIT = 400;
/** How far back a quotation mark is looked for: a first operation that is misspelt does not look like one. */
const LOOK_BACK = 80;

const UNIT = /\|(\w{1,40})~\d{1,3}(?=\|)/g;
const QUOTES = '"\'`';
/** What only templates and formats have. */
const TEMPLATE = /[{}%<>$\\]/;
/** Behind a quotation mark: another string, a plus or a line that goes on joins more to it. */
const JOINED_AFTER = /^\s{0,200}(?:["'`+\\]|[rbfRBF]["'])/;
const JOINED_BEFORE = /["'`+]\s{0,200}[rbfRBF]?$/;

export function findCellStrings(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  const pattern = new RegExp(UNIT);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, operation = ''] = match;
    const { range, isCell } = quotedAround(text, match.index, found.at(-1)?.end ?? 0) ?? bareAt(text, match.index);
    const content = text.slice(range.start, range.end);
    if (isCell && (content.includes('|+|') || isOperation201(operation))) found.push(range);
    pattern.lastIndex = Math.max(range.end, pattern.lastIndex);
  }
  return found;
}

interface Candidate {
  readonly range: TextRange;
  /** False for what is put together by a program. */
  readonly isCell: boolean;
}

/** The string whose quotation marks stand around a place, where it begins as a cell does. */
function quotedAround(text: string, place: number, after: number): Candidate | undefined {
  let open = place - 1;
  const first = Math.max(after, place - LOOK_BACK);
  while (open >= first && !QUOTES.includes(text[open] ?? '') && text[open] !== '\n') open--;
  const quote = text[open] ?? '\n';
  if (open < first || quote === '\n' || text[open + 1] !== '|') return undefined;
  if (text[open - 1] === quote && text[open - 2] === quote) return undefined;
  const isEscaped = text[open - 1] === '\\';
  const start = open + 1;
  const rest = text.slice(start, start + LENGTH_LIMIT);
  const end = rest.indexOf(isEscaped ? `\\${quote}` : quote);
  const lineEnd = rest.indexOf('\n');
  if (end < 0 || (lineEnd >= 0 && lineEnd < end)) return undefined;
  const behind = text.slice(start + end + (isEscaped ? 2 : 1), start + end + 210);
  const isJoined = JOINED_AFTER.test(behind) || JOINED_BEFORE.test(text.slice(Math.max(0, open - 210), open));
  return {
    range: { start, end: start + end },
    isCell: !TEMPLATE.test(rest.slice(0, end)) && (isEscaped || !isJoined),
  };
}

function bareAt(text: string, start: number): Candidate {
  const pattern = /[\w~|+]+/y;
  pattern.lastIndex = start;
  const length = pattern.exec(text)?.[0].length ?? 1;
  const end = start + length;
  return { range: { start, end }, isCell: length <= LENGTH_LIMIT && !TEMPLATE.test(text[end] ?? '') };
}

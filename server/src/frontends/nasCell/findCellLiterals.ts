/**
 * Genotypes of DARTS and cells of NAS-Bench-101 within other text: calls `Genotype(normal=[...], ...)` and `ModelSpec(...)`, and
 * objects { "matrix": [[...]], "operations": [...] } and { "normal": [[...]], "reduce": [[...]] }. Calls whose arguments
 * are computed, `Genotype(normal=gene, ...)`, are none. One pass over the text with a stack of open brackets.
 */
import type { TextRange } from '../../base/text.ts';
import { MAX_CELL_LENGTH } from './readCell.ts';

const CALL = /\b(?:Genotype|ModelSpec)\s*\(/;

/** Keys with the list that begins behind them; strings; comments; brackets. */
const TOKEN = new RegExp(
  [
    /\b(?<call>Genotype|ModelSpec)\s*\(/,
    /["'](?<matrix>matrix|adjacency|module_adjacency)["']\s*:\s*\[(?=\s*\[)/,
    /["'](?<operations>operations|ops|module_operations)["']\s*:\s*\[(?=\s*["'])/,
    /["'](?<normal>normal)["']\s*:\s*\[(?=\s*[[(]\s*["'])/,
    /["'](?<reduce>reduce)["']\s*:\s*\[(?=\s*[[(]\s*["'])/,
    /(?<quote>["'])/,
    /(?<comment>#)/,
    /(?<open>[([{])/,
    /(?<close>[)\]}])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

type Key = 'matrix' | 'operations' | 'normal' | 'reduce';
const KEYS: readonly Key[] = ['matrix', 'operations', 'normal', 'reduce'];

interface OpenBracket {
  readonly close: string;
  /** Of the bracket, or of the call's name. */
  readonly start: number;
  readonly isCall: boolean;
  readonly keys: Set<Key> | undefined;
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Strings within strings, in which cells are looked for. */
const MAX_DEPTH = 2;
/** Brackets that may be open at a time; beyond it those before are forgotten. */
const MAX_OPEN = 1000;

export function findCellLiterals(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  search(text, 0, 0, found);
  return found;
}

/** Adds what a text has that starts at `offset` of the whole. */
function search(text: string, offset: number, depth: number, found: TextRange[]): void {
  const open: OpenBracket[] = [];
  /** Where the last one began that was looked at: what is around it is no cell. */
  let lastStart = -1;
  const strings = new StringEnds(text);
  const pattern = new RegExp(TOKEN);
  const push = (character: string, start: number, isCall: boolean): void => {
    if (open.length >= MAX_OPEN) open.length = 0;
    open.push({ close: CLOSES[character] ?? '', start, isCall, keys: character === '{' ? new Set() : undefined });
  };
  /** A string or comment may hold a cell, but its brackets count for itself alone. */
  const within = (start: number, end: number): void => {
    const content = depth < MAX_DEPTH ? text.slice(start, end) : '';
    if (CALL.test(content)) search(content, offset + start, depth + 1, found);
    pattern.lastIndex = Math.max(end, start);
  };
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const groups = match.groups ?? {};
    const { index } = match;
    const key = KEYS.find((name) => groups[name] !== undefined);
    if (groups['call'] !== undefined) push('(', index, true);
    else if (key !== undefined) {
      open.at(-1)?.keys?.add(key);
      push('[', index, false);
    } else if (groups['quote'] !== undefined) {
      const end = strings.endOf(index);
      if (end === 'triple') pattern.lastIndex = index + 3;
      else if (end !== undefined) {
        within(index + 1, end);
        pattern.lastIndex = end + 1;
      }
    } else if (groups['comment'] !== undefined) within(index + 1, strings.lineEnd(index));
    else if (groups['open'] !== undefined) push(groups['open'], index, false);
    else if (groups['close'] !== undefined) {
      const bracket = popUntil(open, groups['close']);
      if (bracket === undefined || bracket.start < lastStart || !mayBeCell(bracket, index + 1)) continue;
      lastStart = bracket.start;
      if (isLiteral(text.slice(bracket.start, index + 1))) {
        found.push({ start: offset + bracket.start, end: offset + index + 1 });
      }
    }
  }
}

/** Takes off the stack what a bracket closes; what stayed open within it goes too. Near the top alone: the rest is text. */
function popUntil(open: OpenBracket[], close: string): OpenBracket | undefined {
  const at = open.slice(-8).findLastIndex((bracket) => bracket.close === close);
  return at < 0 ? undefined : open.splice(Math.max(0, open.length - 8) + at)[0];
}

function mayBeCell({ start, isCall, keys }: OpenBracket, end: number): boolean {
  const has = (...names: readonly Key[]): boolean => names.every((name) => keys?.has(name) === true);
  return end - start <= MAX_CELL_LENGTH && (isCall || has('matrix', 'operations') || has('normal', 'reduce'));
}

const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g;
const CALLED = new Set(['Genotype', 'ModelSpec', 'range', 'list', 'tuple', 'array', 'asarray']);
const CONSTANT = /^(?:[A-Z][A-Z0-9_]*|True|False|None|true|false|null)$/;

/** Whether nothing in it has to be computed; mistakes in the values do not matter. */
function isLiteral(text: string): boolean {
  const code = text.replace(STRING_OR_COMMENT, '0');
  if (
    !code.includes('[') ||
    /[^\w\s.,:=()[\]{}+-]/.test(code) ||
    /[\w)\]]\s*[+-]/.test(code.replace(/\de[+-]\d/gi, ''))
  ) {
    return false;
  }
  return [...code.matchAll(/(?<![\w.])[A-Za-z_][\w.]*(\s*[(=](?!=))?/g)].every(([name, after]) => {
    const last = name.slice(name.lastIndexOf('.') + 1).replace(/\s*[(=]$/, '');
    if (after?.endsWith('=') === true) return true;
    return after === undefined ? CONSTANT.test(last) : CALLED.has(last);
  });
}

/** Where strings and lines end; every character is looked at once for each kind of mark. */
class StringEnds {
  readonly #text: string;
  #lineEnd = -1;
  /** By quotation mark: the end of the line in which one is known to stay open. */
  readonly #unclosed = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  lineEnd(place: number): number {
    if (this.#lineEnd < place) {
      const found = this.#text.indexOf('\n', place);
      this.#lineEnd = found < 0 ? this.#text.length : found;
    }
    return this.#lineEnd;
  }

  /** Of the string that begins at a quotation mark; undefined where its line ends before it does. */
  endOf(start: number): number | 'triple' | undefined {
    const quote = this.#text[start] ?? '';
    if (this.#text.startsWith(quote.repeat(3), start)) return 'triple';
    const lineEnd = this.lineEnd(start);
    if (this.#unclosed.get(quote) === lineEnd) return undefined;
    for (let at = start + 1; at < lineEnd; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text[at] === quote) return at;
    }
    this.#unclosed.set(quote, lineEnd);
    return undefined;
  }
}

/**
 * Reads a unit with the grammar, and finds out which lines are to blame where it does not fit: a line that cannot be
 * read on its own, or as the grammar's gaps demand in another spelling of the same length, is left out, with a fault.
 *   "x = 1\ny = = 2\nz = 3" -> tree of "x = 1\n0\nz = 3\n", fault at the second "="
 */
import { composeUnit, lineAt } from './composeUnit.ts';
import type { ComposedUnit, Unit, Verdict } from './composeUnit.ts';
import { COMPOUND_WORDS, quote } from './logicalLine.ts';
import type { Fault, LogicalLine } from './logicalLine.ts';
import type { FlatTree, ParseResult, TreeSitter } from './treeSitter.ts';

export interface UnitTree {
  readonly composed: ComposedUnit;
  /** Valid until the next parse. */
  readonly tree: FlatTree;
}

/** How much searching for mistakes is still allowed, so that a file of nothing but mistakes takes bounded time. */
export interface RepairBudget {
  linesLeft: number;
}

const MAX_ROUNDS = 12;

/** Always gives a tree: at worst one in which every line is a placeholder. */
export function readUnit(treeSitter: TreeSitter, unit: Unit, budget: RepairBudget): UnitTree {
  const verdicts = new Map<number, Verdict>();
  const tested = new Set<number>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const composed = composeUnit(unit, verdicts);
    const result = treeSitter.parse(composed.text);
    if (result.kind === 'tree') return { composed, tree: result.tree };
    if (budget.linesLeft <= 0) break;
    budget.linesLeft--;
    blame({ treeSitter, unit, budget, verdicts, tested }, composed, result);
  }
  return readAsErrors(treeSitter, unit, verdicts);
}

interface Search {
  readonly treeSitter: TreeSitter;
  readonly unit: Unit;
  readonly budget: RepairBudget;
  readonly verdicts: Map<number, Verdict>;
  readonly tested: Set<number>;
}

/** Adds at least one verdict. */
function blame(search: Search, composed: ComposedUnit, result: Exclude<ParseResult, { kind: 'tree' }>): void {
  const { unit, verdicts } = search;
  if (result.kind === 'tooDeep') {
    const index = lineAt(composed, result.at);
    verdicts.set(index, { kind: 'unreadable', fault: depthFault(unit, index) });
    return;
  }
  const touched = new Set<number>();
  for (const { start, end } of result.errors) {
    for (let index = lineAt(composed, start); index <= lineAt(composed, end); index++) touched.add(index);
  }
  if (testLines(search, [...touched])) return;
  if (testLines(search, [...unit.lines.keys()])) return;
  // Each line is fine, and yet they do not fit together: the one where the grammar stumbled goes.
  const start = result.errors[0]?.start ?? 0;
  let index = lineAt(composed, start);
  while (verdicts.get(index)?.kind === 'unreadable' && index < unit.lines.length) index++;
  const line = unit.lines[index];
  if (line)
    verdicts.set(index, { kind: 'unreadable', fault: fault(line, `${quoteLine(unit, line)} is unexpected here`) });
}

/** Tests lines that have not been tested; whether any of them needs to be read differently. */
function testLines(search: Search, indices: readonly number[]): boolean {
  const { treeSitter, unit, budget, verdicts, tested } = search;
  let isAnyBlamed = false;
  for (const index of indices) {
    const line = unit.lines[index];
    if (!line || line.fault || tested.has(index) || verdicts.has(index)) continue;
    if (--budget.linesLeft < 0) return isAnyBlamed;
    tested.add(index);
    const verdict = testLine(treeSitter, unit, line);
    if (verdict) verdicts.set(index, verdict);
    isAnyBlamed ||= verdict !== undefined;
  }
  return isAnyBlamed;
}

function testLine(treeSitter: TreeSitter, unit: Unit, line: LogicalLine): Verdict | undefined {
  const text = unit.source.slice(line.start, line.end);
  const [before, after] = frame(line, text);
  const result = treeSitter.parse(before + text + after);
  if (result.kind === 'tree') return undefined;
  for (const rewrite of [starsAsSpaces, typeDefaultsAsBounds]) {
    const other = rewrite(text);
    if (other !== text && treeSitter.accepts(before + other + after)) {
      return { kind: 'rewritten', text: other, fault: undefined };
    }
  }
  if (result.kind === 'tooDeep') {
    return { kind: 'unreadable', fault: depthFault(unit, unit.lines.indexOf(line)) };
  }
  if (lacksColon(treeSitter, line, text)) {
    const missing = fault({ start: line.end, end: line.end }, `expected \`:\` after ${quote(text)}`);
    return { kind: 'rewritten', text: `${text}:`, fault: missing };
  }
  return { kind: 'unreadable', fault: locate(line, text, result, before.length) };
}

/** Whether the line is the header of a suite but for the colon at its end. */
function lacksColon(treeSitter: TreeSitter, line: LogicalLine, text: string): boolean {
  if (line.opensSuite || !(COMPOUND_WORDS.has(line.word) || line.word === 'match' || line.word === 'case'))
    return false;
  const [before, after] = frame({ ...line, opensSuite: true }, text);
  return treeSitter.accepts(`${before}${text}:${after}`);
}

/** What has to stand around a line for it to be a whole module. */
function frame(line: LogicalLine, text: string): readonly [before: string, after: string] {
  const suite = line.opensSuite ? ' 0' : '';
  switch (line.word) {
    case '@':
      return ['', '\ndef f(): 0'];
    case 'elif':
    case 'else':
      return ['if 0: 0\n', suite];
    case 'except':
    case 'finally':
      return ['try: 0\n', suite];
    case 'try':
      return ['', `${suite}\nfinally: 0`];
    case 'match':
      return ['', line.opensSuite ? '\n case _: 0' : ''];
    case 'case':
      return line.opensSuite || /:/.test(text) ? ['match 0:\n ', suite] : ['', ''];
    default:
      return ['', suite];
  }
}

/** The grammar takes `*` before few kinds of expressions outside of brackets; the converter looks at the source. */
function starsAsSpaces(text: string): string {
  return text.replace(/((?:^|[=,([:]|\breturn|\byield|\bin)\s*)\*(?!\*)/g, '$1 ');
}

/** `[T: int = str]` -> `[T: int : str]`: the grammar has no defaults of type parameters (Python 3.13). */
function typeDefaultsAsBounds(text: string): string {
  const head = /^(?:(?:async\s+)?def|class|type)\s+\w+\s*\[/.exec(text)?.[0];
  if (head === undefined) return text;
  let depth = 1;
  let result = head;
  for (let i = head.length; i < text.length; i++) {
    const character = text.charAt(i);
    if (depth === 0) return result + text.slice(i);
    if ('[({'.includes(character)) depth++;
    if ('])}'.includes(character)) depth--;
    result += character === '=' && depth === 1 ? ':' : character;
  }
  return result;
}

/** Where in the line the grammar stumbled, as far as it says. */
function locate(
  line: LogicalLine,
  text: string,
  result: Extract<ParseResult, { kind: 'broken' }>,
  offset: number,
): Fault {
  const error = result.errors.find(({ start }) => start >= offset) ?? result.errors[0];
  const start = Math.min(Math.max((error?.start ?? 0) - offset, 0), text.length);
  const end = Math.min(Math.max((error?.end ?? 0) - offset, start), text.length);
  if (start === end) {
    const before = text.slice(0, start).trim() === '' ? text : text.slice(0, start);
    const range = { start: line.start + start, end: line.start + start };
    return fault(range, `something is missing after ${quote(before)}`);
  }
  const range = { start: line.start + start, end: line.start + end };
  const seen = quote(text.slice(start, end));
  return fault(range, seen === quote(text) ? `cannot read ${seen}` : `cannot read ${seen} in ${quote(text)}`);
}

/** The last resort: every line is a placeholder. */
export function readAsErrors(treeSitter: TreeSitter, unit: Unit, verdicts: ReadonlyMap<number, Verdict>): UnitTree {
  const all = new Map(verdicts);
  for (const [index, line] of unit.lines.entries()) {
    if (all.get(index)?.kind === 'unreadable') continue;
    all.set(index, { kind: 'unreadable', fault: line.fault ?? fault(line, `cannot read ${quoteLine(unit, line)}`) });
  }
  const composed = composeUnit(unit, all);
  const result = treeSitter.parse(composed.text);
  if (result.kind === 'tree') return { composed, tree: result.tree };
  const line = { start: unit.lines[0]?.start ?? 0, end: unit.lines.at(-1)?.end ?? 0, word: '', indent: 0 };
  const whole: LogicalLine = {
    ...line,
    opensSuite: false,
    isLoneString: false,
    fault: fault(line, `cannot read ${quoteLine(unit, line)}`),
  };
  return readAsErrors(treeSitter, { ...unit, lines: [whole] }, new Map());
}

function depthFault(unit: Unit, index: number): Fault {
  const line = unit.lines[index] ?? { start: 0, end: 0 };
  const message = `${quoteLine(unit, line)} is nested too deeply: this statement is left out`;
  return { code: 'nesting-too-deep', start: line.start, end: line.end, message };
}

function fault(range: { readonly start: number; readonly end: number }, message: string): Fault {
  return { code: 'syntax-error', start: range.start, end: range.end, message };
}

function quoteLine(unit: Unit, line: { readonly start: number; readonly end: number }): string {
  return quote(unit.source.slice(line.start, line.end));
}

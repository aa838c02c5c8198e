/**
 * The table `[tool.layercost]` of a pyproject.toml -> values with their places; everything else there is not ours.
 */
import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import type { SourceRange } from '../base/text.ts';
import { MAX_DEPTH, type LocatedMember, type LocatedValue } from './locatedValue.ts';
import { isTooDeep } from './nesting.ts';
import type { ProblemList } from './problemList.ts';

/** Undefined where there is no such table, or the file is broken: then a problem says so. */
export function locateToml(text: string, file: string, problems: ProblemList): LocatedValue | undefined {
  if (!text.includes('layercost')) return undefined;
  if (isTooDeep(text, file, TOML_SKIPPED, problems)) return undefined;
  try {
    const [top] = parseTOML(text).body;
    const root = draftTable({ file, start: 0, end: text.length });
    for (const statement of top.body) addStatement(root, statement, file, problems);
    const tool = root.members.get('tool')?.value;
    return tool?.kind === 'object' ? tool.members.get('layercost')?.value : undefined;
  } catch (error) {
    if (error instanceof RangeError) {
      const message = 'The file holds a text that is too long to be read.';
      problems.add('configuration-too-large', message, { file, start: 0, end: 1 });
      return undefined;
    }
    if (!(error instanceof ParseError)) throw error;
    // A file of others that mentions us, in a dependency perhaps, is theirs to mend.
    if (!/tool["']?\s*\.\s*["']?layercost/.test(text)) return undefined;
    const start = Math.min(error.index, text.length);
    const range = { file, start, end: Math.min(start + 1, text.length) };
    problems.add('configuration-syntax', `This is no TOML: ${error.message}.`, range);
    return undefined;
  }
}

/** Texts of one line and of many, closed or not, and comments. */
const TOML_SKIPPED =
  /"""(?:[^"\\]+|\\[^]|"{1,2}(?!"))*(?:"{3,5}|$)|'''[^]*?(?:'{3,5}|$)|"(?:[^"\\\n]+|\\.)*"?|'[^'\n]*'?|#[^\n]*/;

/** A table as it grows: headers and dotted keys add to what others began. */
interface DraftTable {
  readonly kind: 'object';
  readonly members: Map<string, LocatedMember>;
  readonly range: SourceRange;
}

type Key = AST.TOMLBare | AST.TOMLQuoted;

function draftTable(range: SourceRange): DraftTable {
  return { kind: 'object', members: new Map(), range };
}

function addStatement(
  root: DraftTable,
  statement: AST.TOMLKeyValue | AST.TOMLTable,
  file: string,
  problems: ProblemList,
): void {
  const { keys } = statement.key;
  if (!isOurs(keys)) return;
  if (keys.length > MAX_DEPTH) {
    const range = rangeOf(statement.key, file);
    problems.add('configuration-too-deep', `Keys are nested deeper than ${MAX_DEPTH}; this one is not read.`, range);
  } else if (statement.type === 'TOMLKeyValue') addKeyValue(root, statement, file);
  else {
    const table = openTable(root, statement, file);
    for (const keyValue of statement.body) addKeyValue(table, keyValue, file);
  }
}

/** `tool`, `tool.layercost` and what is in it; tables of other tools are left alone. */
function isOurs(keys: readonly Key[]): boolean {
  const [first, second] = keys;
  if (first === undefined || nameOf(first) !== 'tool') return false;
  return second === undefined || nameOf(second) === 'layercost';
}

/** The table of a header: `[a.b]` is made where it is missing, `[[a.b]]` appends to a list. */
function openTable(root: DraftTable, { key, kind, range: [start, end] }: AST.TOMLTable, file: string): DraftTable {
  const whole = { file, start, end };
  const parents = key.keys.slice(0, -1);
  const [last] = key.keys.slice(-1);
  const parent = descend(root, parents, file);
  const made = draftTable(whole);
  if (last === undefined) return made;
  const name = nameOf(last);
  const known = parent.members.get(name);
  if (kind === 'array') {
    // The parser refuses what is not a list of tables by then; every such list was made here.
    if (known?.value.kind === 'list') (known.value.items as LocatedValue[]).push(made);
    else
      parent.members.set(name, { keyRange: rangeOf(last, file), value: { kind: 'list', items: [made], range: whole } });
    return made;
  }
  if (known?.value.kind === 'object') return known.value as DraftTable;
  parent.members.set(name, { keyRange: rangeOf(last, file), value: made });
  return made;
}

function addKeyValue(table: DraftTable, { key, value }: AST.TOMLKeyValue, file: string): void {
  const [last] = key.keys.slice(-1);
  if (last === undefined) return;
  const parent = descend(table, key.keys.slice(0, -1), file);
  parent.members.set(nameOf(last), { keyRange: rangeOf(last, file), value: toLocated(value, file) });
}

/** Follows keys from a table, and makes those that are missing; of a list of tables the last one is meant. */
function descend(table: DraftTable, keys: readonly Key[], file: string): DraftTable {
  let current = table;
  for (const key of keys) {
    const name = nameOf(key);
    const known = current.members.get(name)?.value;
    const next = known?.kind === 'list' ? known.items.at(-1) : known;
    if (next?.kind === 'object') {
      // Every object of this tree was made as a draft.
      current = next as DraftTable;
      continue;
    }
    const made = draftTable(rangeOf(key, file));
    current.members.set(name, { keyRange: rangeOf(key, file), value: made });
    current = made;
  }
  return current;
}

function toLocated(node: AST.TOMLContentNode, file: string): LocatedValue {
  const range = rangeOf(node, file);
  if (node.type === 'TOMLArray') {
    return { kind: 'list', items: node.elements.map((element) => toLocated(element, file)), range };
  }
  if (node.type === 'TOMLInlineTable') {
    const table = draftTable(range);
    for (const keyValue of node.body) addKeyValue(table, keyValue, file);
    return table;
  }
  switch (node.kind) {
    case 'string':
      return { kind: 'text', value: node.value, range };
    case 'integer':
    case 'float':
      return { kind: 'number', value: node.value, text: node.number, range };
    case 'boolean':
      return { kind: 'boolean', value: node.value, range };
    default:
      return { kind: 'date', text: node.datetime, range };
  }
}

function nameOf(key: Key): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function rangeOf({ range: [start, end] }: { readonly range: AST.Range }, file: string): SourceRange {
  return { file, start, end };
}

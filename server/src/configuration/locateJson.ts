/**
 * JSON with comments and trailing commas -> values with their places. What is broken is a problem; the rest is read.
 */
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { SourceRange } from '../base/text.ts';
import { quoteText, type LocatedMember, type LocatedValue } from './locatedValue.ts';
import { isTooDeep } from './nesting.ts';
import type { ProblemList } from './problemList.ts';

/** Undefined where there is no value at all. */
export function locateJson(text: string, file: string, problems: ProblemList): LocatedValue | undefined {
  if (isTooDeep(text, file, JSON_SKIPPED, problems)) return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  for (const { error, offset, length } of errors) {
    const range = { file, start: offset, end: Math.min(offset + Math.max(length, 1), text.length) };
    problems.add('configuration-syntax', syntaxMessage(printParseErrorCode(error), text, range), range);
  }
  return root === undefined ? undefined : toLocated(root, text, file, problems);
}

/** Texts, closed or not, and comments. */
const JSON_SKIPPED = /"(?:[^"\\\n]+|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/;

function toLocated(node: Node, text: string, file: string, problems: ProblemList): LocatedValue | undefined {
  // A value that is cut off may count a character that is not there.
  const range: SourceRange = { file, start: node.offset, end: Math.min(node.offset + node.length, text.length) };
  switch (node.type) {
    case 'object':
      return { kind: 'object', members: members(node, text, file, problems), range };
    case 'array': {
      const items = (node.children ?? []).flatMap((child) => toLocated(child, text, file, problems) ?? []);
      return { kind: 'list', items, range };
    }
    case 'string':
      return { kind: 'text', value: String(node.value), range };
    case 'number':
      return { kind: 'number', value: Number(node.value), text: text.slice(range.start, range.end), range };
    case 'boolean':
      return { kind: 'boolean', value: node.value === true, range };
    case 'null':
      return { kind: 'null', range };
    case 'property':
      return undefined;
  }
}

/** A key without a value was reported as a syntax error; of a key given twice the first value counts. */
function members(node: Node, text: string, file: string, problems: ProblemList): ReadonlyMap<string, LocatedMember> {
  const found = new Map<string, LocatedMember>();
  for (const property of node.children ?? []) {
    const [key, child] = property.children ?? [];
    if (key === undefined || child === undefined) continue;
    const name = String(key.value);
    const keyRange = { file, start: key.offset, end: Math.min(key.offset + key.length, text.length) };
    const value = toLocated(child, text, file, problems);
    if (found.has(name)) {
      problems.add('duplicate-key', `${quoteText(name)} is given twice; the first is read.`, keyRange);
    } else if (value !== undefined) found.set(name, { keyRange, value });
  }
  return found;
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is no JSON: texts stand in double quotes',
  InvalidNumberFormat: 'is no number',
  PropertyNameExpected: 'stands where a key in double quotes is expected',
  ValueExpected: 'stands where a value is expected',
  ColonExpected: 'stands where a colon is expected',
  CommaExpected: 'stands where a comma is expected',
  CloseBraceExpected: 'stands where "}" is expected',
  CloseBracketExpected: 'stands where "]" is expected',
  EndOfFileExpected: 'follows the end of the value',
  InvalidCommentToken: 'is no comment that JSON has',
  UnexpectedEndOfComment: 'begins a comment that does not end',
  UnexpectedEndOfString: 'begins a text that does not end',
  UnexpectedEndOfNumber: 'is no whole number',
  InvalidUnicode: 'has a broken \\u escape',
  InvalidEscapeCharacter: 'has an escape that JSON does not know',
  InvalidCharacter: 'has a character that must be escaped',
};

function syntaxMessage(code: string, text: string, { start, end }: SourceRange): string {
  const seen = text.slice(start, end);
  const what = seen === '' ? 'The end of the file' : `\`${seen.length <= 40 ? seen : `${seen.slice(0, 39)}…`}\``;
  return `${what} ${SYNTAX_MESSAGES[code] ?? 'is no JSON'}.`;
}

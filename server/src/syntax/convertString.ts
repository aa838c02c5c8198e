/**
 * String literals, alone or side by side: `"a" 'b'` -> constant "ab", `f"{x!r:>{w}}" "c"` -> f-string of a field and a
 * text. Texts come from the source itself; the grammar only says where the fields of f-strings stand.
 */
import type { TextRange } from '../base/text.ts';
import type { Expression, FStringPart } from './ast.ts';
import { convertListed } from './convertExpression.ts';
import { decodeText, stringPrefix } from './literals.ts';
import type { StringPrefix } from './literals.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

/** Converts `string` nodes that stand side by side. */
export function convertStrings(reader: TreeReader, nodes: readonly TreeNode[], range: TextRange): Expression {
  const [first] = nodes;
  const simple = nodes.length === 1 && first !== undefined ? simpleText(reader.sourceText(first)) : undefined;
  if (simple !== undefined) return { kind: 'constant', ...range, value: { type: 'string', value: simple } };
  const parts: FStringPart[] = [];
  const prefixes = nodes.map((node) => stringPrefix(reader.sourceText(node)));
  const isBytes = prefixes[0]?.isBytes ?? false;
  if (prefixes.some((prefix) => prefix.isBytes !== isBytes)) {
    reader.report(range, 'bytes and text cannot be joined');
    return { kind: 'error', ...range, text: nodes.map((node) => reader.sourceText(node)).join(' ') };
  }
  let isComplete = true;
  for (const [index, node] of nodes.entries()) {
    const prefix = prefixes[index] ?? stringPrefix('');
    isComplete = (prefix.isFormatted ? addFString : addPlain)(reader, node, prefix, parts) && isComplete;
  }
  if (!isComplete) return { kind: 'error', ...range, text: nodes.map((node) => reader.sourceText(node)).join(' ') };
  if (prefixes.some((prefix) => prefix.isFormatted)) return { kind: 'fString', ...range, parts };
  const value = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return { kind: 'constant', ...range, value: { type: isBytes ? 'bytes' : 'string', value } };
}

/** The text of most literals, of which tables have thousands: one pair of quotes, nothing before them, no escapes. */
function simpleText(literal: string): string | undefined {
  const quote = literal.charAt(0);
  if ((quote !== '"' && quote !== "'") || literal.charAt(1) === quote) return undefined;
  return literal.includes('\\') || literal.includes('\r') ? undefined : literal.slice(1, -1);
}

/** A string literal that is a line of its own, and was not given to the grammar. */
export function convertLoneString(reader: TreeReader, source: TextRange): Expression {
  const text = reader.sourceSlice(source);
  const range = reader.placeRange(source);
  const prefix = stringPrefix(text);
  const parts: FStringPart[] = [];
  const content = text.slice(prefix.length, text.length - prefix.quoteLength);
  if (!addText(reader, content, prefix, range, parts)) return { kind: 'error', ...range, text };
  const value = parts[0]?.kind === 'text' ? parts[0].text : '';
  return { kind: 'constant', ...range, value: { type: prefix.isBytes ? 'bytes' : 'string', value } };
}

function addPlain(reader: TreeReader, node: TreeNode, prefix: StringPrefix, parts: FStringPart[]): boolean {
  const text = reader.sourceText(node);
  const content = text.slice(prefix.length, text.length - prefix.quoteLength);
  return addText(reader, content, prefix, reader.range(node), parts);
}

function addFString(reader: TreeReader, node: TreeNode, prefix: StringPrefix, parts: FStringPart[]): boolean {
  const children = reader.children(node);
  const last = reader.at(children, -1);
  let previous = reader.at(children, 0);
  let isComplete = true;
  for (const child of children.slice(1)) {
    if (child !== last && reader.type(child) !== 'interpolation') continue;
    // The closing quote's token may begin early: `fr'\\\\'` has its backslashes in it.
    const source =
      child === last
        ? reader.sourceAfter(previous, node).slice(0, -prefix.quoteLength)
        : reader.sourceBetween(previous, child);
    const text = undoubled(source, prefix);
    isComplete = addText(reader, text, prefix, reader.span(previous, child), parts) && isComplete;
    if (child !== last) parts.push(...convertField(reader, child, prefix));
    previous = child;
  }
  return isComplete;
}

/** `{{` -> `{`, except in the braces of `\N{...}`. */
function undoubled(text: string, prefix: StringPrefix): string {
  if (prefix.isRaw || !text.includes('\\N')) return text.replaceAll('{{', '{').replaceAll('}}', '}');
  return text.replace(/\\N\{[^}]*\}|\{\{|\}\}/g, (match) => (match.length === 2 ? match.charAt(0) : match));
}

/** Adds a text to the one before it; false where its value is not known. */
function addText(
  reader: TreeReader,
  content: string,
  prefix: StringPrefix,
  range: TextRange,
  parts: FStringPart[],
): boolean {
  if (content === '') return true;
  const { value, error, isIncomplete } = decodeText(content, prefix);
  if (error !== undefined) reader.report(range, error);
  if (error !== undefined || isIncomplete) return false;
  const last = parts.at(-1);
  if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + value };
  else if (value !== '') parts.push({ kind: 'text', text: value });
  return true;
}

/** `{value = !r:format}` */
function convertField(reader: TreeReader, node: TreeNode, prefix: StringPrefix): FStringPart[] {
  const children = reader.children(node);
  const rest = children.findIndex((child, index) => index > 0 && FIELD_ENDS.has(reader.type(child)));
  const inner = children.slice(1, rest);
  const end = reader.at(children, rest);
  if (inner.length === 0) {
    reader.report(reader.range(node), 'an f-string field needs an expression');
    return [{ kind: 'text', text: reader.sourceText(node) }];
  }
  const walrus = splitAtWalrus(reader, node, inner);
  if (walrus) return walrus;
  const conversion = children.find((child) => reader.type(child) === 'type_conversion');
  const format = children.find((child) => reader.type(child) === 'format_specifier');
  const isDebug = reader.type(end) === '=';
  return [
    {
      kind: 'value',
      value: convertListed(reader, inner),
      conversion: convertConversion(reader, conversion),
      formatSpec: format === undefined ? [] : convertFormat(reader, format, prefix),
      debugText: isDebug ? debugText(reader, inner, reader.at(children, 0), reader.at(children, rest + 1)) : undefined,
    },
  ];
}

/** What stands between the brace and what follows `=`; comments around the expression are left out. */
function debugText(reader: TreeReader, inner: readonly TreeNode[], brace: TreeNode, next: TreeNode): string {
  const [first, last] = [reader.at(inner, 0), reader.at(inner, -1)];
  const before = reader.sourceBetween(brace, first);
  const whole = reader.sourceBetween(brace, next);
  const after = reader.sourceBetween(last, next);
  const comments = /#[^\n]*/g;
  const middle = whole.slice(before.length, whole.length - after.length);
  return before.replace(comments, '') + middle + after.replace(comments, '');
}

const FIELD_ENDS: ReadonlySet<string> = new Set(['=', 'type_conversion', 'format_specifier', '}']);

function convertConversion(reader: TreeReader, node: TreeNode | undefined): 'r' | 's' | 'a' | undefined {
  if (node === undefined) return undefined;
  const letter = reader.text(node).slice(1);
  if (letter === 'r' || letter === 's' || letter === 'a') return letter;
  reader.report(reader.range(node), `an f-string knows the conversions !r, !s and !a, not \`!${letter}\``);
  return undefined;
}

/** What follows the colon, fields inside it included. */
function convertFormat(reader: TreeReader, node: TreeNode, prefix: StringPrefix): FStringPart[] {
  const parts: FStringPart[] = [];
  const children = reader.children(node);
  let previous = reader.at(children, 0);
  for (const field of children) {
    if (reader.type(field) !== 'format_expression') continue;
    addText(reader, reader.sourceBetween(previous, field), prefix, reader.range(node), parts);
    parts.push(...convertField(reader, field, prefix));
    previous = field;
  }
  addText(reader, reader.sourceAfter(previous, node), prefix, reader.range(node), parts);
  // An empty format is not none: `{x=:}` is formatted, `{x=}` shows its representation.
  return parts.length === 0 ? [{ kind: 'text', text: '' }] : parts;
}

/** In a field `{x:=8}` is no walrus, as the grammar has it, but the format "=8" of x. */
function splitAtWalrus(reader: TreeReader, node: TreeNode, inner: readonly TreeNode[]): FStringPart[] | undefined {
  const only = reader.at(inner, 0);
  if (inner.length !== 1 || reader.type(only) !== 'named_expression') return undefined;
  const children = reader.children(only);
  const format = reader.sourceBetween(reader.at(children, 1), reader.at(reader.children(node), -1));
  return [
    {
      kind: 'value',
      value: convertListed(reader, [reader.at(children, 0)]),
      conversion: undefined,
      formatSpec: [{ kind: 'text', text: `=${format}` }],
      debugText: undefined,
    },
  ];
}

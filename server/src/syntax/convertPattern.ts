/**
 * Patterns of `case`: `[1, *rest] | {"k": v, **more} | Point(x=0) as p` -> the alternatives with their parts.
 * The grammar leaves signs and parentheses as bare tokens, so children are read from left to right.
 */
import type { BinaryOperator, Expression, Pattern } from './ast.ts';
import { convertExpression, identifier, unreadable } from './convertExpression.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

/** Converts the patterns of one `case`: several, or a comma after one, make a sequence. */
export function convertCasePatterns(reader: TreeReader, nodes: readonly TreeNode[]): Pattern {
  const patterns = convertAll(reader, nodes);
  const [only] = patterns;
  const isSequence = nodes.length > 1 || only?.kind === 'star';
  return only && !isSequence ? only : { kind: 'sequence', patterns };
}

function convertAll(reader: TreeReader, nodes: readonly TreeNode[]): Pattern[] {
  return nodes.filter((node) => reader.type(node) === 'case_pattern').map((node) => convertPattern(reader, node));
}

/** Converts a `case_pattern`. */
function convertPattern(reader: TreeReader, node: TreeNode): Pattern {
  const children = reader.children(node);
  const [first] = children;
  if (first === undefined) return { kind: 'capture', name: captureName(reader, node), pattern: undefined };
  if (reader.type(first) === 'as_pattern') return convertAs(reader, first);
  return convertSimple(reader, children);
}

function convertAs(reader: TreeReader, node: TreeNode): Pattern {
  const children = reader.children(node);
  const name = identifier(reader, reader.at(children, -1));
  return { kind: 'capture', name, pattern: convertPattern(reader, reader.at(children, 0)) };
}

/** A simple pattern, which may be a minus and a number. */
function convertSimple(reader: TreeReader, nodes: readonly TreeNode[]): Pattern {
  const node = reader.at(nodes, -1);
  const children = reader.children(node);
  switch (reader.type(node)) {
    case '_':
      return { kind: 'capture', name: undefined, pattern: undefined };
    case 'union_pattern':
      return { kind: 'or', alternatives: splitAt(reader, children, '|').map((part) => convertSimple(reader, part)) };
    case 'dotted_name':
      return convertDottedPattern(reader, node);
    case 'list_pattern':
      return { kind: 'sequence', patterns: convertAll(reader, children) };
    case 'tuple_pattern':
      return convertGroup(reader, children);
    case 'splat_pattern':
      return { kind: 'star', name: captureName(reader, reader.at(children, -1)) };
    case 'dict_pattern':
      return convertMapping(reader, children);
    case 'class_pattern':
      return convertClassPattern(reader, children);
    case 'complex_pattern':
      return { kind: 'value', value: convertComplex(reader, node) };
    default:
      return { kind: 'value', value: convertSigned(reader, nodes) };
  }
}

function captureName(reader: TreeReader, node: TreeNode): string | undefined {
  const name = identifier(reader, node);
  return name === '_' ? undefined : name;
}

/** `x` captures, `a.b` is a value. */
function convertDottedPattern(reader: TreeReader, node: TreeNode): Pattern {
  if (reader.children(node).length > 1) return { kind: 'value', value: convertDotted(reader, node) };
  return { kind: 'capture', name: captureName(reader, node), pattern: undefined };
}

/** `a.b.c` as attributes of a name. */
export function convertDotted(reader: TreeReader, node: TreeNode): Expression {
  const names = reader.children(node).filter((child) => reader.type(child) === 'identifier');
  const first = reader.at(names, 0);
  let expression = convertExpression(reader, first);
  if (expression.kind === 'error') return expression;
  for (const name of names.slice(1)) {
    expression = {
      kind: 'attribute',
      ...reader.span(first, name),
      object: expression,
      name: identifier(reader, name),
      nameRange: reader.range(name),
    };
  }
  return expression;
}

/** `(p)` is p; `(p,)` and `(p, q)` are sequences. */
function convertGroup(reader: TreeReader, children: readonly TreeNode[]): Pattern {
  const patterns = convertAll(reader, children);
  const [only] = patterns;
  const hasComma = children.some((child) => reader.type(child) === ',');
  return only && !hasComma && only.kind !== 'star' ? only : { kind: 'sequence', patterns };
}

function convertMapping(reader: TreeReader, children: readonly TreeNode[]): Pattern {
  const entries: (readonly [Expression, Pattern])[] = [];
  let rest: string | undefined;
  for (const entry of splitAt(reader, children.slice(1, -1), ',')) {
    const last = reader.at(entry, -1);
    if (reader.type(last) === 'splat_pattern') rest = captureName(reader, reader.at(reader.children(last), -1));
    else {
      const key = convertSimple(reader, entry.slice(0, -2));
      const value = convertPattern(reader, last);
      if (key.kind === 'value') entries.push([key.value, value]);
      else entries.push([unreadable(reader, reader.at(entry, 0)), value]);
    }
  }
  return { kind: 'mapping', entries, rest };
}

function convertClassPattern(reader: TreeReader, children: readonly TreeNode[]): Pattern {
  const positional: Pattern[] = [];
  const keywords: (readonly [string, Pattern])[] = [];
  for (const child of children.slice(2, -1)) {
    if (reader.type(child) !== 'case_pattern') continue;
    const keyword = convertKeyword(reader, child);
    if (keyword) keywords.push(keyword);
    else positional.push(convertPattern(reader, child));
  }
  return { kind: 'class', type: convertDotted(reader, reader.at(children, 0)), positional, keywords };
}

/** `name=p`; the grammar has `name=p as q` as `(name=p) as q`. */
function convertKeyword(reader: TreeReader, node: TreeNode): readonly [string, Pattern] | undefined {
  const inner = reader.children(node)[0];
  if (inner === undefined) return undefined;
  if (reader.type(inner) === 'as_pattern') {
    const children = reader.children(inner);
    const keyword = convertKeyword(reader, reader.at(children, 0));
    if (!keyword) return undefined;
    return [keyword[0], { kind: 'capture', name: identifier(reader, reader.at(children, -1)), pattern: keyword[1] }];
  }
  if (reader.type(inner) !== 'keyword_pattern') return undefined;
  const [name = inner, , ...value] = reader.children(inner);
  return [identifier(reader, name), convertSimple(reader, value)];
}

/** A literal, with a minus in front of it or not. */
function convertSigned(reader: TreeReader, nodes: readonly TreeNode[]): Expression {
  const first = reader.at(nodes, 0);
  const operand = convertExpression(reader, reader.at(nodes, -1));
  if (reader.type(first) !== '-') return operand;
  return { kind: 'unary', start: reader.start(first), end: operand.end, operator: '-', operand };
}

/** `-1+2j` */
function convertComplex(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  const left = convertSigned(reader, children.slice(0, -2));
  const operator: BinaryOperator = reader.type(reader.at(children, -2)) === '-' ? '-' : '+';
  const right = convertExpression(reader, reader.at(children, -1));
  return { kind: 'binary', ...reader.range(node), operator, left, right };
}

function splitAt(reader: TreeReader, nodes: readonly TreeNode[], separator: string): TreeNode[][] {
  const parts: TreeNode[][] = [[]];
  for (const node of nodes) {
    if (reader.type(node) === separator) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts.filter((part) => part.length > 0);
}

/**
 * Concrete nodes -> expressions, with CPython's structure and ranges where the grammar's differ:
 * parentheses vanish, `a or b or c` is one node, `a < b < c` is one comparison, `*f[0] * 2` stars the whole product.
 */
import type { TextRange } from '../base/text.ts';
import type { ComparisonOperator, ComprehensionClause, Expression, KeywordArgument } from './ast.ts';
import { convertOperators } from './convertOperators.ts';
import { convertParameters } from './convertParameters.ts';
import { convertStrings } from './convertString.ts';
import { parseNumber } from './literals.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

/** Converts an expression; a star in front of it is left to {@link convertElement}. */
export function convertExpression(reader: TreeReader, node: TreeNode): Expression {
  switch (reader.type(node)) {
    case 'identifier':
    case 'keyword_identifier':
      return convertName(reader, node);
    case 'integer':
    case 'float':
      return convertNumber(reader, node);
    case 'string':
      return convertStrings(reader, [node], reader.range(node));
    case 'concatenated_string':
      return convertStrings(reader, reader.children(node), reader.range(node));
    case 'true':
      return { kind: 'constant', ...reader.range(node), value: { type: 'bool', value: true } };
    case 'false':
      return { kind: 'constant', ...reader.range(node), value: { type: 'bool', value: false } };
    case 'none':
      return { kind: 'constant', ...reader.range(node), value: { type: 'none' } };
    case 'ellipsis':
      return { kind: 'constant', ...reader.range(node), value: { type: 'ellipsis' } };
    case 'attribute':
    case 'member_type':
      return convertAttribute(reader, node);
    case 'call':
      return convertCall(reader, node);
    case 'subscript':
      return convertSubscript(reader, node);
    case 'generic_type':
      return convertGenericType(reader, node);
    case 'binary_operator':
    case 'union_type':
    case 'await':
      return convertOperators(reader, node);
    case 'unary_operator':
    case 'not_operator':
      return convertUnary(reader, node);
    case 'boolean_operator':
      return convertBoolean(reader, node);
    case 'comparison_operator':
      return convertComparison(reader, node);
    case 'conditional_expression':
      return convertConditional(reader, node);
    case 'named_expression':
      return convertNamedExpression(reader, node);
    case 'lambda':
      return convertLambda(reader, node);
    case 'parenthesized_expression':
    case 'type':
      return convertWrapped(reader, node);
    case 'tuple':
    case 'list':
    case 'set':
    case 'tuple_pattern':
    case 'list_pattern':
      return convertCollection(reader, node);
    case 'expression_list':
    case 'pattern_list':
      return convertListed(reader, reader.children(node));
    case 'dictionary':
      return convertDictionary(reader, node);
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression':
      return convertComprehension(reader, node);
    case 'slice':
    case 'constrained_type':
      return convertSlice(reader, node);
    case 'yield':
      return convertYield(reader, node);
    case 'list_splat':
    case 'list_splat_pattern':
    case 'splat_type':
    case 'as_pattern_target':
      return convertExpression(reader, reader.at(reader.children(node), -1));
    default:
      return unreadable(reader, node);
  }
}

/** Converts an expression that may be starred: an element of a collection, an argument, a right-hand side. */
export function convertElement(reader: TreeReader, node: TreeNode): Expression {
  const type = reader.type(node);
  if (type === 'type') return convertElement(reader, reader.at(reader.children(node), 0));
  if (type === 'list_splat' || type === 'list_splat_pattern' || type === 'splat_type') {
    return { kind: 'starred', ...reader.range(node), value: convertExpression(reader, node) };
  }
  if (type === 'expression_list' || type === 'pattern_list') return convertExpression(reader, node);
  const star = reader.hiddenStar(node);
  const value = convertExpression(reader, node);
  return star === undefined ? value : { kind: 'starred', start: star, end: reader.end(node), value };
}

/** An expression that cannot be read, with a problem. */
export function unreadable(reader: TreeReader, node: TreeNode, message?: string): Expression {
  const range = reader.range(node);
  reader.report(range, message ?? `cannot read \`${reader.text(node)}\``);
  return { kind: 'error', ...range, text: reader.text(node) };
}

/** A name as Python compares it: in normal form NFKC (language reference, "Identifiers"). */
export function identifier(reader: TreeReader, node: TreeNode): string {
  const text = reader.text(node);
  return /^\w*$/.test(text) ? text : text.normalize('NFKC');
}

/** The elements among children: all but punctuation. */
export function convertElements(reader: TreeReader, children: readonly TreeNode[]): Expression[] {
  const elements: Expression[] = [];
  for (const child of children) {
    if (!PUNCTUATION.has(reader.type(child))) elements.push(convertElement(reader, child));
  }
  return elements;
}

const PUNCTUATION: ReadonlySet<string> = new Set([',', '(', ')', '[', ']', '{', '}']);

function convertName(reader: TreeReader, node: TreeNode): Expression {
  const hole = reader.placeholder(node);
  if (hole) return { kind: 'error', ...reader.placeRange(hole), text: reader.sourceSlice(hole) };
  return { kind: 'name', ...reader.range(node), name: identifier(reader, node) };
}

function convertNumber(reader: TreeReader, node: TreeNode): Expression {
  const text = reader.text(node);
  const value = parseNumber(text);
  if ('error' in value)
    return unreadable(reader, node, `cannot read the number \`${text.slice(0, 40)}\`: ${value.error}`);
  return { kind: 'constant', ...reader.range(node), value };
}

function convertAttribute(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  const name = reader.at(children, -1);
  return {
    kind: 'attribute',
    ...reader.range(node),
    object: convertExpression(reader, reader.at(children, 0)),
    name: identifier(reader, name),
    nameRange: reader.range(name),
  };
}

function convertCall(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  const callee = convertExpression(reader, reader.at(children, 0));
  const list = reader.at(children, 1);
  if (reader.type(list) === 'generator_expression') {
    const argument = convertComprehension(reader, list);
    return { kind: 'call', ...reader.range(node), callee, positional: [argument], keywords: [] };
  }
  return { kind: 'call', ...reader.range(node), callee, ...convertArguments(reader, list) };
}

/** Arguments of a call, or bases of a class. */
export function convertArguments(
  reader: TreeReader,
  list: TreeNode,
): { readonly positional: readonly Expression[]; readonly keywords: readonly KeywordArgument[] } {
  const positional: Expression[] = [];
  const keywords: KeywordArgument[] = [];
  for (const argument of reader.children(list)) {
    const type = reader.type(argument);
    if (PUNCTUATION.has(type)) continue;
    if (type === 'keyword_argument') {
      const children = reader.children(argument);
      const value = convertExpression(reader, reader.at(children, -1));
      keywords.push({ ...reader.range(argument), name: identifier(reader, reader.at(children, 0)), value });
    } else if (type === 'dictionary_splat') {
      const value = convertExpression(reader, reader.at(reader.children(argument), -1));
      keywords.push({ ...reader.range(argument), name: undefined, value });
    } else positional.push(convertElement(reader, argument));
  }
  return { positional, keywords };
}

function convertSubscript(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  return {
    kind: 'subscript',
    ...reader.range(node),
    object: convertExpression(reader, reader.at(children, 0)),
    index: convertIndex(reader, children.slice(2, -1)),
  };
}

function convertGenericType(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  const parameters = reader.children(reader.at(children, 1));
  return {
    kind: 'subscript',
    ...reader.range(node),
    object: convertExpression(reader, reader.at(children, 0)),
    index: convertIndex(reader, parameters.slice(1, -1)),
  };
}

/** What stands between `[` and `]`: a comma or a star makes it a tuple. */
export function convertIndex(reader: TreeReader, items: readonly TreeNode[]): Expression {
  if (items.length > 1) return convertListed(reader, items);
  const element = convertElement(reader, reader.at(items, 0));
  return element.kind === 'starred' ? tupleOf(reader, items, [element]) : element;
}

function convertUnary(reader: TreeReader, node: TreeNode): Expression {
  const [operator = node, operand = node] = reader.children(node);
  const sign = reader.type(operator);
  return {
    kind: 'unary',
    ...reader.range(node),
    operator: sign === '+' || sign === '-' || sign === '~' ? sign : 'not',
    operand: convertExpression(reader, operand),
  };
}

function convertBoolean(reader: TreeReader, node: TreeNode): Expression {
  const [left = node, operator = node, right = node] = reader.children(node);
  const word = reader.type(operator) === 'or' ? 'or' : 'and';
  const operands = [right];
  let first = left;
  while (reader.type(first) === 'boolean_operator') {
    const [innerLeft = first, innerOperator = first, innerRight = first] = reader.children(first);
    if (reader.type(innerOperator) !== word) break;
    operands.push(innerRight);
    first = innerLeft;
  }
  operands.push(first);
  const values = operands.reverse().map((operand) => convertExpression(reader, operand));
  return { kind: 'boolean', ...reader.range(node), operator: word, values };
}

const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOperator>([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'is',
  'is not',
]);

function isComparison(type: string): type is ComparisonOperator {
  return COMPARISONS.has(type);
}

function convertComparison(reader: TreeReader, node: TreeNode): Expression {
  const [left = node, ...rest] = reader.children(node);
  const operators: ComparisonOperator[] = [];
  const comparators: Expression[] = [];
  for (const child of rest) {
    const type = reader.type(child);
    if (isComparison(type)) operators.push(type);
    else if (type === '<>') return unreadable(reader, node, 'Python 3 writes `!=` for `<>`');
    else comparators.push(convertExpression(reader, child));
  }
  return { kind: 'compare', ...reader.range(node), left: convertExpression(reader, left), operators, comparators };
}

function convertConditional(reader: TreeReader, node: TreeNode): Expression {
  const [first = node, , test = node, , orElse = node] = reader.children(node);
  // `x := a if b else c` assigns the whole, but the grammar gives `x := a` to the condition.
  const isWalrus = reader.type(first) === 'named_expression';
  const body = isWalrus ? reader.at(reader.children(first), -1) : first;
  const conditional: Expression = {
    kind: 'ifExpression',
    ...reader.span(body, node),
    test: convertExpression(reader, test),
    body: convertExpression(reader, body),
    orElse: convertExpression(reader, orElse),
  };
  if (!isWalrus) return conditional;
  const name = identifier(reader, reader.at(reader.children(first), 0));
  return { kind: 'namedExpression', ...reader.range(node), name, value: conditional };
}

function convertNamedExpression(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  return {
    kind: 'namedExpression',
    ...reader.range(node),
    name: identifier(reader, reader.at(children, 0)),
    value: convertExpression(reader, reader.at(children, -1)),
  };
}

function convertLambda(reader: TreeReader, node: TreeNode): Expression {
  const children = reader.children(node);
  return {
    kind: 'lambda',
    ...reader.range(node),
    parameters: convertParameters(reader, reader.child(node, 'lambda_parameters')),
    body: convertExpression(reader, reader.at(children, -1)),
  };
}

/** `(x)` and annotations: what stands inside. */
function convertWrapped(reader: TreeReader, node: TreeNode): Expression {
  const inner = reader.children(node).find((child) => !PUNCTUATION.has(reader.type(child)));
  return inner === undefined ? unreadable(reader, node) : convertElement(reader, inner);
}

function convertCollection(reader: TreeReader, node: TreeNode): Expression {
  const type = reader.type(node);
  const children = reader.children(node);
  // `(a) = 1` reads as a tuple pattern, `(*a)` as a tuple.
  if (type === 'tuple_pattern' && children.length === 3) return convertElement(reader, reader.at(children, 1));
  const kind = type === 'set' ? 'set' : type.startsWith('list') ? 'list' : 'tuple';
  return { kind, ...reader.range(node), elements: convertElements(reader, children) };
}

function convertDictionary(reader: TreeReader, node: TreeNode): Expression {
  const entries: { key: Expression | undefined; value: Expression }[] = [];
  for (const child of reader.children(node)) {
    const type = reader.type(child);
    if (PUNCTUATION.has(type)) continue;
    const children = reader.children(child);
    entries.push({
      key: type === 'pair' ? convertExpression(reader, reader.at(children, 0)) : undefined,
      value: convertExpression(reader, reader.at(children, -1)),
    });
  }
  return { kind: 'dict', ...reader.range(node), entries };
}

const COMPREHENSIONS = {
  list_comprehension: 'listComprehension',
  set_comprehension: 'setComprehension',
  dictionary_comprehension: 'dictComprehension',
  generator_expression: 'generator',
} as const;

function convertComprehension(reader: TreeReader, node: TreeNode): Expression {
  const [, body = node, ...rest] = reader.children(node);
  const type = reader.type(node);
  // Only called for the four types of the table.
  const kind = COMPREHENSIONS[type as keyof typeof COMPREHENSIONS];
  const pair = reader.type(body) === 'pair' ? reader.children(body) : undefined;
  return {
    kind,
    ...reader.range(node),
    element: convertElement(reader, pair ? reader.at(pair, 0) : body),
    value: pair ? convertExpression(reader, reader.at(pair, -1)) : undefined,
    clauses: convertClauses(reader, rest),
  };
}

function convertClauses(reader: TreeReader, nodes: readonly TreeNode[]): ComprehensionClause[] {
  const clauses: (ComprehensionClause & { conditions: Expression[] })[] = [];
  for (const node of nodes) {
    const type = reader.type(node);
    const children = reader.children(node);
    if (type === 'if_clause') {
      clauses.at(-1)?.conditions.push(convertExpression(reader, reader.at(children, -1)));
    } else if (type === 'for_in_clause') {
      const forAt = children.findIndex((child) => reader.type(child) === 'for');
      clauses.push({
        target: convertElement(reader, reader.at(children, forAt + 1)),
        iterable: convertListed(reader, children.slice(forAt + 3)),
        conditions: [],
        isAsync: forAt > 0,
      });
    }
  }
  return clauses;
}

/** One expression, or a tuple where commas stand between or after several. */
export function convertListed(reader: TreeReader, nodes: readonly TreeNode[]): Expression {
  if (nodes.length === 1) return convertElement(reader, reader.at(nodes, 0));
  return tupleOf(reader, nodes, convertElements(reader, nodes));
}

/** A tuple without parentheses of its own. It begins with the star or the parenthesis of its first element. */
function tupleOf(reader: TreeReader, nodes: readonly TreeNode[], elements: readonly Expression[]): Expression {
  const start = Math.min(elements[0]?.start ?? Infinity, reader.start(reader.at(nodes, 0)));
  return { kind: 'tuple', start, end: reader.end(reader.at(nodes, -1)), elements };
}

/** `a:b:c`, as the grammar has it in a subscript (slice) or in an annotation (constrained types inside each other). */
function convertSlice(reader: TreeReader, node: TreeNode): Expression {
  const parts: (TreeNode | undefined)[] = [undefined];
  const collect = (children: readonly TreeNode[]): void => {
    for (const child of children) {
      const inner = constrainedInside(reader, child);
      if (reader.type(child) === ':') parts.push(undefined);
      else if (inner !== undefined) collect(reader.children(inner));
      else parts[parts.length - 1] = child;
    }
  };
  collect(reader.children(node));
  const [lower, upper, step] = parts.map((part) => (part === undefined ? undefined : convertExpression(reader, part)));
  return { kind: 'slice', ...reader.range(node), lower, upper, step };
}

function constrainedInside(reader: TreeReader, node: TreeNode): TreeNode | undefined {
  if (reader.type(node) !== 'type') return undefined;
  const inner = reader.at(reader.children(node), 0);
  return reader.type(inner) === 'constrained_type' ? inner : undefined;
}

function convertYield(reader: TreeReader, node: TreeNode): Expression {
  const range: TextRange = reader.range(node);
  const [, first, second] = reader.children(node);
  if (first === undefined) return { kind: 'yield', ...range, value: undefined };
  if (reader.type(first) === 'from' && second !== undefined) {
    return { kind: 'yieldFrom', ...range, value: convertExpression(reader, second) };
  }
  return { kind: 'yield', ...range, value: convertElement(reader, first) };
}

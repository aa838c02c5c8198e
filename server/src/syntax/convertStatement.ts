/**
 * Concrete nodes -> statements. Bodies of functions that the composer took out become blocks that are read when first
 * asked for; placeholders of unreadable text become `error` statements.
 */
import type { TextRange } from '../base/text.ts';
import type { Block, Expression, FunctionDef, ImportedName, MatchCase, Statement } from './ast.ts';
import { containsYield } from './containsYield.ts';
import {
  convertArguments,
  convertElement,
  convertExpression,
  convertListed,
  identifier,
  unreadable,
} from './convertExpression.ts';
import { isBinaryOperator } from './convertOperators.ts';
import { convertParameters, convertTypeParameters } from './convertParameters.ts';
import { convertCasePatterns } from './convertPattern.ts';
import { convertLoneString } from './convertString.ts';
import { convertTry, convertWith } from './convertTryWith.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

/** Statements directly below a `module` or `block` node. */
export function convertStatements(reader: TreeReader, node: TreeNode): Statement[] {
  const statements: Statement[] = [];
  for (const child of reader.children(node)) {
    if (reader.type(child) !== ';') statements.push(convertStatement(reader, child));
  }
  return statements;
}

/** An indented suite, or what follows the colon on the same line. */
export function convertBlock(reader: TreeReader, node: TreeNode | undefined): Block {
  if (node === undefined) return { statements: [] };
  const first = reader.children(node)[0];
  const placeholder = first === undefined ? undefined : reader.placeholder(first);
  if (placeholder?.kind === 'suite') return reader.makeSuite(placeholder);
  return { statements: convertStatements(reader, node) };
}

function convertStatement(reader: TreeReader, node: TreeNode): Statement {
  switch (reader.type(node)) {
    case 'expression_statement':
      return convertExpressionStatement(reader, node);
    case 'return_statement':
      return { kind: 'return', ...reader.range(node), value: convertRest(reader, reader.children(node).slice(1)) };
    case 'if_statement':
      return convertIf(reader, node, node);
    case 'for_statement':
      return convertFor(reader, node);
    case 'while_statement':
      return convertWhile(reader, node);
    case 'with_statement':
      return convertWith(reader, node);
    case 'try_statement':
      return convertTry(reader, node);
    case 'match_statement':
      return convertMatch(reader, node);
    case 'function_definition':
      return convertFunction(reader, node, []);
    case 'class_definition':
      return convertClass(reader, node, []);
    case 'decorated_definition':
      return convertDecorated(reader, node);
    case 'import_statement':
      return { kind: 'import', ...reader.range(node), names: convertImportedNames(reader, node) };
    case 'import_from_statement':
    case 'future_import_statement':
      return convertImportFrom(reader, node);
    case 'raise_statement':
      return convertRaise(reader, node);
    case 'assert_statement':
      return convertAssert(reader, node);
    case 'delete_statement':
      return convertDelete(reader, node);
    case 'global_statement':
      return { kind: 'global', ...reader.range(node), names: convertNames(reader, node) };
    case 'nonlocal_statement':
      return { kind: 'nonlocal', ...reader.range(node), names: convertNames(reader, node) };
    case 'pass_statement':
      return { kind: 'pass', ...reader.range(node) };
    case 'break_statement':
      return { kind: 'break', ...reader.range(node) };
    case 'continue_statement':
      return { kind: 'continue', ...reader.range(node) };
    case 'type_alias_statement':
      return convertTypeAlias(reader, node);
    case 'print_statement':
      return convertPrint(reader, node);
    default:
      return unreadableStatement(reader, node);
  }
}

function unreadableStatement(reader: TreeReader, node: TreeNode, message?: string): Statement {
  const { text } = errorOf(reader, node, message);
  return { kind: 'error', ...reader.range(node), text };
}

function errorOf(reader: TreeReader, node: TreeNode, message?: string): { readonly text: string } {
  unreadable(reader, node, message);
  return { text: reader.text(node) };
}

function convertExpressionStatement(reader: TreeReader, node: TreeNode): Statement {
  const placeholder = reader.placeholder(node);
  if (placeholder?.kind === 'error') {
    return { kind: 'error', ...reader.placeRange(placeholder), text: reader.sourceSlice(placeholder) };
  }
  if (placeholder?.kind === 'string') {
    return { kind: 'expression', ...reader.placeRange(placeholder), value: convertLoneString(reader, placeholder) };
  }
  const children = reader.children(node);
  const first = reader.at(children, 0);
  if (reader.type(first) === 'assignment') return convertAssignment(reader, first);
  if (reader.type(first) === 'augmented_assignment') return convertAugmented(reader, first);
  const value = convertListed(reader, children);
  const { start, end } = reader.range(node);
  return { kind: 'expression', start: Math.min(start, value.start), end, value };
}

function convertAssignment(reader: TreeReader, node: TreeNode): Statement {
  const range = reader.range(node);
  const children = reader.children(node);
  const [left = node, operator = node, right = node] = children;
  if (reader.type(operator) === ':') {
    const value = children[4];
    return {
      kind: 'annAssign',
      ...range,
      target: convertElement(reader, left),
      annotation: convertElement(reader, right),
      value: value === undefined ? undefined : convertElement(reader, value),
    };
  }
  const targets = [convertElement(reader, left)];
  let value = right;
  while (reader.type(value) === 'assignment') {
    const [target = value, sign = value, next = value] = reader.children(value);
    if (reader.type(sign) !== '=') return unreadableStatement(reader, node);
    targets.push(convertElement(reader, target));
    value = next;
  }
  if (reader.type(value) === 'augmented_assignment') return unreadableStatement(reader, node);
  return { kind: 'assign', ...range, targets, value: convertElement(reader, value) };
}

function convertAugmented(reader: TreeReader, node: TreeNode): Statement {
  const [left = node, operator = node, right = node] = reader.children(node);
  const sign = reader.type(operator).slice(0, -1);
  if (!isBinaryOperator(sign) || /assignment$/.test(reader.type(right))) return unreadableStatement(reader, node);
  return {
    kind: 'augAssign',
    ...reader.range(node),
    target: convertElement(reader, left),
    operator: sign,
    value: convertElement(reader, right),
  };
}

function convertRest(reader: TreeReader, nodes: readonly TreeNode[]): Expression | undefined {
  return nodes.length === 0 ? undefined : convertListed(reader, nodes);
}

/** An `if` or `elif`; all clauses after it belong to `whole`. */
function convertIf(reader: TreeReader, node: TreeNode, whole: TreeNode): Statement {
  const clauses = reader.children(whole).filter((child) => /^el(if|se)_clause$/.test(reader.type(child)));
  return convertBranch(reader, node, clauses, reader.end(whole));
}

function convertBranch(reader: TreeReader, node: TreeNode, clauses: readonly TreeNode[], end: number): Statement {
  const [next, ...later] = clauses;
  const condition = reader.at(reader.children(node), 1);
  return {
    kind: 'if',
    start: reader.start(node),
    end,
    test: convertExpression(reader, condition),
    body: convertBlock(reader, reader.child(node, 'block')),
    orElse: next === undefined ? undefined : convertAlternative(reader, next, later, end),
  };
}

function convertAlternative(reader: TreeReader, node: TreeNode, later: readonly TreeNode[], end: number): Block {
  if (reader.type(node) === 'else_clause') return convertBlock(reader, reader.child(node, 'block'));
  return { statements: [convertBranch(reader, node, later, end)] };
}

function convertFor(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const isAsync = reader.type(reader.at(children, 0)) === 'async';
  const target = isAsync ? 2 : 1;
  return {
    kind: 'for',
    ...reader.range(node),
    isAsync,
    target: convertElement(reader, reader.at(children, target)),
    iterable: convertElement(reader, reader.at(children, target + 2)),
    body: convertBlock(reader, reader.child(node, 'block')),
    orElse: convertElse(reader, node),
  };
}

/** The block of an `else` clause. */
export function convertElse(reader: TreeReader, node: TreeNode): Block | undefined {
  const clause = reader.child(node, 'else_clause');
  return clause === undefined ? undefined : convertBlock(reader, reader.child(clause, 'block'));
}

function convertWhile(reader: TreeReader, node: TreeNode): Statement {
  return {
    kind: 'while',
    ...reader.range(node),
    test: convertExpression(reader, reader.at(reader.children(node), 1)),
    body: convertBlock(reader, reader.child(node, 'block')),
    orElse: convertElse(reader, node),
  };
}

function convertMatch(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const block = reader.at(children, -1);
  const cases = reader.children(block).filter((child) => reader.type(child) === 'case_clause');
  return {
    kind: 'match',
    ...reader.range(node),
    subject: convertListed(reader, children.slice(1, -2)),
    cases: cases.map((child) => convertCase(reader, child)),
  };
}

function convertCase(reader: TreeReader, node: TreeNode): MatchCase {
  const children = reader.children(node);
  const end = children.findIndex((child) => reader.type(child) === 'if_clause' || reader.type(child) === ':');
  const guard = reader.child(node, 'if_clause');
  return {
    ...reader.range(node),
    pattern: convertCasePatterns(reader, children.slice(1, end)),
    guard: guard === undefined ? undefined : convertExpression(reader, reader.at(reader.children(guard), -1)),
    body: convertBlock(reader, reader.child(node, 'block')),
  };
}

function convertFunction(reader: TreeReader, node: TreeNode, decorators: readonly Expression[]): Statement {
  const children = reader.children(node);
  const name = reader.at(children, children.findIndex((child) => reader.type(child) === 'def') + 1);
  const returns = reader.child(node, 'type');
  const body = convertBlock(reader, reader.child(node, 'block'));
  return withGenerator({
    kind: 'functionDef',
    ...reader.range(node),
    name: identifier(reader, name),
    nameRange: reader.range(name),
    typeParameters: convertTypeParameters(reader, reader.child(node, 'type_parameter')),
    parameters: convertParameters(reader, reader.child(node, 'parameters')),
    body,
    decorators,
    returns: returns === undefined ? undefined : convertExpression(reader, returns),
    isAsync: reader.type(reader.at(children, 0)) === 'async',
  });
}

/** Whether it is a generator is found out when asked for. A function of its own, so that the reader is not kept. */
function withGenerator(definition: Omit<FunctionDef, 'isGenerator'>): FunctionDef {
  const { body } = definition;
  let isGenerator: boolean | undefined;
  return Object.defineProperty(definition, 'isGenerator', {
    enumerable: true,
    get: () => (isGenerator ??= containsYield(body)),
    // The property that was just added is what the two types differ in.
  }) as FunctionDef;
}

function convertClass(reader: TreeReader, node: TreeNode, decorators: readonly Expression[]): Statement {
  const name = reader.at(reader.children(node), 1);
  const list = reader.child(node, 'argument_list');
  const { positional, keywords } =
    list === undefined ? { positional: [], keywords: [] } : convertArguments(reader, list);
  return {
    kind: 'classDef',
    ...reader.range(node),
    name: identifier(reader, name),
    nameRange: reader.range(name),
    typeParameters: convertTypeParameters(reader, reader.child(node, 'type_parameter')),
    bases: positional,
    keywords,
    body: convertBlock(reader, reader.child(node, 'block')),
    decorators,
  };
}

function convertDecorated(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const decorators = children
    .filter((child) => reader.type(child) === 'decorator')
    .map((child) => convertExpression(reader, reader.at(reader.children(child), 1)));
  const definition = reader.at(children, -1);
  return reader.type(definition) === 'class_definition'
    ? convertClass(reader, definition, decorators)
    : convertFunction(reader, definition, decorators);
}

function convertImportFrom(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const source = reader.at(children, 1);
  const text = withoutSpace(reader.text(source));
  const dots = /^\.*/.exec(text)?.[0].length ?? 0;
  const wildcard = reader.child(node, 'wildcard_import');
  const names =
    wildcard === undefined
      ? convertImportedNames(reader, node)
      : [{ ...reader.range(wildcard), name: '*', alias: undefined }];
  return { kind: 'importFrom', ...reader.range(node), module: text.slice(dots).normalize('NFKC'), level: dots, names };
}

/** The names after `import`. */
function convertImportedNames(reader: TreeReader, node: TreeNode): ImportedName[] {
  const children = reader.children(node);
  const names: ImportedName[] = [];
  for (const child of children.slice(children.findIndex((child) => reader.type(child) === 'import') + 1)) {
    const type = reader.type(child);
    if (type === 'dotted_name') names.push(importedName(reader, child, child, undefined));
    else if (type === 'aliased_import') {
      const parts = reader.children(child);
      names.push(importedName(reader, child, reader.at(parts, 0), identifier(reader, reader.at(parts, -1))));
    }
  }
  return names;
}

function importedName(reader: TreeReader, node: TreeNode, name: TreeNode, alias: string | undefined): ImportedName {
  return { ...reader.range(node), name: withoutSpace(reader.text(name)).normalize('NFKC'), alias };
}

/** `a . b` may be spread over lines. */
function withoutSpace(text: string): string {
  return text.replace(/[\s\\]+/g, '');
}

function convertRaise(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const from = children.findIndex((child) => reader.type(child) === 'from');
  const exception = convertRest(reader, from < 0 ? children.slice(1) : children.slice(1, from));
  const cause = from < 0 ? undefined : convertExpression(reader, reader.at(children, from + 1));
  return { kind: 'raise', ...reader.range(node), exception, cause };
}

function convertAssert(reader: TreeReader, node: TreeNode): Statement {
  const [, test = node, , message, ...more] = reader.children(node);
  if (more.length > 0) return unreadableStatement(reader, node);
  return {
    kind: 'assert',
    ...reader.range(node),
    test: convertExpression(reader, test),
    message: message === undefined ? undefined : convertExpression(reader, message),
  };
}

function convertDelete(reader: TreeReader, node: TreeNode): Statement {
  const operand = reader.at(reader.children(node), 1);
  const isList = reader.type(operand) === 'expression_list';
  const targets = isList ? reader.children(operand).filter((child) => reader.type(child) !== ',') : [operand];
  return { kind: 'delete', ...reader.range(node), targets: targets.map((target) => convertElement(reader, target)) };
}

function convertNames(reader: TreeReader, node: TreeNode): string[] {
  const names = reader.children(node).filter((child) => reader.type(child) === 'identifier');
  return names.map((name) => identifier(reader, name));
}

/** `type X[T] = ...` */
function convertTypeAlias(reader: TreeReader, node: TreeNode): Statement {
  const [, left = node, , right = node] = reader.children(node);
  const target = reader.at(reader.children(left), 0);
  const value = convertExpression(reader, right);
  const range: TextRange = reader.range(node);
  switch (reader.type(target)) {
    case 'identifier':
      return { kind: 'typeAlias', ...range, name: identifier(reader, target), typeParameters: [], value };
    case 'generic_type': {
      const [name = target, parameters] = reader.children(target);
      const typeParameters = convertTypeParameters(reader, parameters);
      return { kind: 'typeAlias', ...range, name: identifier(reader, name), typeParameters, value };
    }
    default:
      return unreadableStatement(reader, node);
  }
}

/** `print >> f, x` is an expression; `print x` is Python 2. */
function convertPrint(reader: TreeReader, node: TreeNode): Statement {
  const [print = node, chevron = node, ...rest] = reader.children(node);
  if (reader.type(chevron) !== 'chevron') {
    return unreadableStatement(reader, node, 'Python 3 needs parentheses: `print(...)`');
  }
  const operand = convertExpression(reader, reader.at(reader.children(chevron), 1));
  const left: Expression = { kind: 'name', ...reader.range(print), name: 'print' };
  const first: Expression = { kind: 'binary', ...reader.span(print, chevron), operator: '>>', left, right: operand };
  const elements = rest.filter((child) => reader.type(child) !== ',').map((child) => convertElement(reader, child));
  const range = reader.range(node);
  const value: Expression = rest.length === 0 ? first : { kind: 'tuple', ...range, elements: [first, ...elements] };
  return { kind: 'expression', ...range, value };
}

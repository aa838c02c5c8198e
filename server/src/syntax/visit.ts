/**
 * Walks syntax trees: the statements and expressions directly below a node, in source order.
 * `a if b else c` -> a, b, c; `f(x, k=y)` -> f, x, y; `def f(p: int = 1): pass` -> int, 1, pass.
 */
import { assertNever } from '../base/assert.ts';
import type {
  Block,
  ComprehensionClause,
  Expression,
  FStringPart,
  Parameters,
  Pattern,
  Statement,
  TypeParameter,
} from './ast.ts';

export type SyntaxNode = Statement | Expression;

/** Called for each node of a walk; answer `'skip'` to leave out what stands below it. */
export type Visitor = (node: SyntaxNode) => 'skip' | undefined;

/** Visits a node and everything below it, parents first, in source order. */
export function walk(node: SyntaxNode, visitor: Visitor): void {
  if (visitor(node) === 'skip') return;
  forEachChild(node, (child) => walk(child, visitor));
}

/** Calls `visit` with each statement or expression that stands directly below `node`, in source order. */
export function forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void {
  const visitAll = (nodes: readonly (SyntaxNode | undefined)[]): void => {
    for (const child of nodes) if (child) visit(child);
  };
  const visitBlock = (block: Block | undefined): void => visitAll(block?.statements ?? []);

  switch (node.kind) {
    case 'functionDef':
      visitAll(node.decorators);
      visitTypeParameters(node.typeParameters, visit);
      visitParameters(node.parameters, visit);
      visitAll([node.returns]);
      visitBlock(node.body);
      return;
    case 'classDef':
      visitAll(node.decorators);
      visitTypeParameters(node.typeParameters, visit);
      visitAll(inSourceOrder([...node.bases, ...node.keywords.map((keyword) => keyword.value)]));
      visitBlock(node.body);
      return;
    case 'assign':
      visitAll([...node.targets, node.value]);
      return;
    case 'augAssign':
      visitAll([node.target, node.value]);
      return;
    case 'annAssign':
      visitAll([node.target, node.annotation, node.value]);
      return;
    case 'for':
      visitAll([node.target, node.iterable]);
      visitBlock(node.body);
      visitBlock(node.orElse);
      return;
    case 'while':
    case 'if':
      visit(node.test);
      visitBlock(node.body);
      visitBlock(node.orElse);
      return;
    case 'with':
      for (const item of node.items) visitAll([item.context, item.target]);
      visitBlock(node.body);
      return;
    case 'try':
      visitBlock(node.body);
      for (const handler of node.handlers) {
        visitAll([handler.type]);
        visitBlock(handler.body);
      }
      visitBlock(node.orElse);
      visitBlock(node.finalBody);
      return;
    case 'match':
      visit(node.subject);
      for (const matchCase of node.cases) {
        visitPattern(matchCase.pattern, visit);
        visitAll([matchCase.guard]);
        visitBlock(matchCase.body);
      }
      return;
    case 'typeAlias':
      visitTypeParameters(node.typeParameters, visit);
      visit(node.value);
      return;
    case 'delete':
      visitAll(node.targets);
      return;
    case 'raise':
      visitAll([node.exception, node.cause]);
      return;
    case 'assert':
      visitAll([node.test, node.message]);
      return;
    case 'return':
    case 'expression':
    case 'starred':
    case 'await':
    case 'yieldFrom':
    case 'yield':
    case 'namedExpression':
      visitAll([node.value]);
      return;
    case 'fString':
      visitParts(node.parts, visit);
      return;
    case 'call':
      visit(node.callee);
      visitAll(inSourceOrder([...node.positional, ...node.keywords.map((keyword) => keyword.value)]));
      return;
    case 'attribute':
      visit(node.object);
      return;
    case 'subscript':
      visitAll([node.object, node.index]);
      return;
    case 'lambda':
      visitParameters(node.parameters, visit);
      visit(node.body);
      return;
    case 'listComprehension':
    case 'setComprehension':
    case 'dictComprehension':
    case 'generator':
      visitAll([node.element, node.value]);
      visitClauses(node.clauses, visit);
      return;
    case 'tuple':
    case 'list':
    case 'set':
      visitAll(node.elements);
      return;
    case 'dict':
      for (const entry of node.entries) visitAll([entry.key, entry.value]);
      return;
    case 'unary':
      visit(node.operand);
      return;
    case 'binary':
      visitAll([node.left, node.right]);
      return;
    case 'boolean':
      visitAll(node.values);
      return;
    case 'compare':
      visitAll([node.left, ...node.comparators]);
      return;
    case 'ifExpression':
      visitAll([node.body, node.test, node.orElse]);
      return;
    case 'slice':
      visitAll([node.lower, node.upper, node.step]);
      return;
    case 'import':
    case 'importFrom':
    case 'global':
    case 'nonlocal':
    case 'pass':
    case 'break':
    case 'continue':
    case 'name':
    case 'constant':
    case 'error':
      return;
    default:
      return assertNever(node);
  }
}

function visitTypeParameters(parameters: readonly TypeParameter[], visit: (child: Expression) => void): void {
  for (const { bound, defaultValue } of parameters) {
    if (bound) visit(bound);
    if (defaultValue) visit(defaultValue);
  }
}

function visitParameters(parameters: Parameters, visit: (child: Expression) => void): void {
  const { positional, variadic, keywordOnly, keywordVariadic } = parameters;
  for (const parameter of [...positional, variadic, ...keywordOnly, keywordVariadic]) {
    if (parameter?.annotation) visit(parameter.annotation);
    if (parameter?.defaultValue) visit(parameter.defaultValue);
  }
}

function visitClauses(clauses: readonly ComprehensionClause[], visit: (child: Expression) => void): void {
  for (const clause of clauses) {
    visit(clause.target);
    visit(clause.iterable);
    clause.conditions.forEach(visit);
  }
}

function visitParts(parts: readonly FStringPart[], visit: (child: Expression) => void): void {
  for (const part of parts) {
    if (part.kind === 'text') continue;
    visit(part.value);
    visitParts(part.formatSpec, visit);
  }
}

function visitPattern(pattern: Pattern, visit: (child: Expression) => void): void {
  switch (pattern.kind) {
    case 'value':
      visit(pattern.value);
      return;
    case 'capture':
      if (pattern.pattern) visitPattern(pattern.pattern, visit);
      return;
    case 'sequence':
      for (const element of pattern.patterns) visitPattern(element, visit);
      return;
    case 'star':
      return;
    case 'mapping':
      for (const [key, value] of pattern.entries) {
        visit(key);
        visitPattern(value, visit);
      }
      return;
    case 'class':
      visit(pattern.type);
      for (const element of pattern.positional) visitPattern(element, visit);
      for (const [, element] of pattern.keywords) visitPattern(element, visit);
      return;
    case 'or':
      for (const alternative of pattern.alternatives) visitPattern(alternative, visit);
      return;
    default:
      return assertNever(pattern);
  }
}

function inSourceOrder(expressions: readonly Expression[]): readonly Expression[] {
  return [...expressions].sort((a, b) => a.start - b.start);
}

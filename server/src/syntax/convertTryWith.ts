/**
 * `with` and `try`: the statements whose heads bind names with `as`.
 * `with (open(p) as f, lock): ...` -> items open(p) as f, lock; `except (A, B) as e:` -> type (A, B), name "e".
 */
import type { ExceptHandler, Expression, Statement } from './ast.ts';
import { convertElement, convertExpression, convertListed, identifier } from './convertExpression.ts';
import { convertBlock, convertElse } from './convertStatement.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

export function convertWith(reader: TreeReader, node: TreeNode): Statement {
  const clause = reader.child(node, 'with_clause') ?? node;
  const items = reader.children(clause).filter((child) => reader.type(child) === 'with_item');
  const contexts = items.map((item) => reader.at(reader.children(item), 0));
  return {
    kind: 'with',
    ...reader.range(node),
    isAsync: reader.type(reader.at(reader.children(node), 0)) === 'async',
    items: (itemsInParentheses(reader, contexts) ?? contexts).map((context) => convertItem(reader, context)),
    body: convertBlock(reader, reader.child(node, 'block')),
  };
}

/** `with (a, b,):` has two items, though the grammar may read it as one tuple. */
function itemsInParentheses(reader: TreeReader, contexts: readonly TreeNode[]): readonly TreeNode[] | undefined {
  const [only] = contexts;
  if (only === undefined || contexts.length > 1 || reader.type(only) !== 'tuple') return undefined;
  const items = reader.children(only).filter((child) => !/^[(),]$/.test(reader.type(child)));
  return items.length === 0 || items.some((item) => reader.type(item) === 'list_splat') ? undefined : items;
}

interface WithItem {
  readonly context: Expression;
  readonly target: Expression | undefined;
}

function convertItem(reader: TreeReader, node: TreeNode): WithItem {
  const children = reader.children(node);
  const type = reader.type(node);
  if (type === 'as_pattern') {
    const target = convertElement(reader, reader.at(reader.children(reader.at(children, -1)), 0));
    return { context: convertExpression(reader, reader.at(children, 0)), target };
  }
  const inner = children[1];
  // `with (a as b):` reads as an expression in parentheses.
  if (type === 'parenthesized_expression' && inner !== undefined && reader.type(inner) === 'as_pattern') {
    return convertItem(reader, inner);
  }
  if (type === 'conditional_expression') return convertConditionalItem(reader, node);
  return { context: convertExpression(reader, node), target: undefined };
}

/** `a if b else c as d`: the name is that of the whole, but the grammar gives it to `c`. */
function convertConditionalItem(reader: TreeReader, node: TreeNode): WithItem {
  const [body = node, , test = node, , orElse = node] = reader.children(node);
  const last = convertItem(reader, orElse);
  if (!last.target) return { context: convertExpression(reader, node), target: undefined };
  const context: Expression = {
    kind: 'ifExpression',
    start: reader.start(node),
    end: last.context.end,
    test: convertExpression(reader, test),
    body: convertExpression(reader, body),
    orElse: last.context,
  };
  return { context, target: last.target };
}

export function convertTry(reader: TreeReader, node: TreeNode): Statement {
  const children = reader.children(node);
  const handlers = children.filter((child) => reader.type(child) === 'except_clause');
  const finalClause = reader.child(node, 'finally_clause');
  return {
    kind: 'try',
    ...reader.range(node),
    isStar: handlers.some((handler) => reader.child(handler, '*') !== undefined),
    body: convertBlock(reader, reader.child(node, 'block')),
    handlers: handlers.map((handler) => convertHandler(reader, handler)),
    orElse: convertElse(reader, node),
    finalBody: finalClause === undefined ? undefined : convertBlock(reader, reader.child(finalClause, 'block')),
  };
}

function convertHandler(reader: TreeReader, node: TreeNode): ExceptHandler {
  const children = reader.children(node);
  const colon = children.findIndex((child) => reader.type(child) === ':');
  const head = children.slice(1, colon).filter((child) => reader.type(child) !== '*');
  const body = convertBlock(reader, reader.child(node, 'block'));
  const range = reader.range(node);
  const [first, as, alias] = head;
  if (first === undefined) return { ...range, type: undefined, name: undefined, body };
  if (reader.type(first) === 'as_pattern') {
    const parts = reader.children(first);
    const name = reader.at(parts, -1);
    return { ...range, type: convertExpression(reader, reader.at(parts, 0)), name: identifier(reader, name), body };
  }
  if (as !== undefined && alias !== undefined && reader.type(as) === 'as') {
    return { ...range, type: convertExpression(reader, first), name: identifier(reader, alias), body };
  }
  return { ...range, type: convertListed(reader, head), name: undefined, body };
}

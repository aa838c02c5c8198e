/**
 * Whether a body makes its function a generator: `yield` stands in it, and not only in functions inside it.
 */
import type { Block } from './ast.ts';
import { LazyBlock } from './lazyBlock.ts';
import { forEachChild } from './visit.ts';
import type { SyntaxNode } from './visit.ts';

export function containsYield(body: Block): boolean {
  if (body instanceof LazyBlock && !/\byield\b/.test(body.text)) return false;
  return body.statements.some(yields);
}

function yields(node: SyntaxNode): boolean {
  if (node.kind === 'yield' || node.kind === 'yieldFrom') return true;
  if (node.kind === 'functionDef' || node.kind === 'classDef' || node.kind === 'lambda') return false;
  let isFound = false;
  forEachChild(node, (child) => {
    isFound ||= yields(child);
  });
  return isFound;
}

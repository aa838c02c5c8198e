/**
 * Files that import each other in a loop, types too: only those that docs/architecture.md names, as the languages that
 * they read are recursive.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

it('files import each other only where what they read is recursive', () => {
  const circles = circlesOf(importsOf(['server/src', 'client/src'])).map((files) => files.sort().join(' '));
  const executor = circles.filter((files) =>
    files.split(' ').every((file) => /^server\/src\/evaluation\/\w+\.ts$/.test(file)),
  );
  expect(executor).toHaveLength(2);
  expect(circles.filter((files) => !executor.includes(files)).sort()).toEqual([
    'server/src/frontends/onnx/wire/readAttribute.ts server/src/frontends/onnx/wire/readGraph.ts server/src/frontends/onnx/wire/readNode.ts',
    'server/src/syntax/convertExpression.ts server/src/syntax/convertOperators.ts server/src/syntax/convertParameters.ts server/src/syntax/convertString.ts',
    'server/src/syntax/convertStatement.ts server/src/syntax/convertTryWith.ts',
  ]);
});

it('finds a planted circle', () => {
  const imports = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circlesOf(imports).map((files) => files.sort())).toEqual([['a', 'b', 'c']]);
});

/** By file, the files that it imports. */
function importsOf(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/'))),
  );
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const targets = [...text.matchAll(/\bfrom '(\.[^']+)'/g)].map(([, target = '']) =>
        path.posix.join(path.posix.dirname(file), target),
      );
      return [file, targets];
    }),
  );
}

/** Strongly connected components of two files or more (Tarjan, 1972). */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): number => {
    const index = indexes.size;
    indexes.set(file, index);
    lowest.set(file, index);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!imports.has(target)) continue;
      const reached = indexes.has(target) ? (stack.includes(target) ? indexes.get(target) : undefined) : visit(target);
      if (reached !== undefined) lowest.set(file, Math.min(lowest.get(file) ?? index, reached));
    }
    const low = lowest.get(file) ?? index;
    if (low === index) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle);
    }
    return low;
  };
  for (const file of imports.keys()) if (!indexes.has(file)) visit(file);
  return circles;
}

/**
 * The walk over a tree: every name of the source once, in the order in which they stand there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPythonParser } from '../support/pythonParser.ts';
import { walk } from '../../server/src/syntax/visit.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');

describe('walk visits parents first, and children in source order', () => {
  for (const file of readdirSync(fixtures).filter((name) => name.endsWith('.py'))) {
    it(file, async () => {
      const parser = await loadPythonParser();
      const module = parser.parse(file, readFileSync(path.join(fixtures, file), 'utf8'));
      for (const { chunk } of module.chunks) {
        let last = -1;
        walk(chunk.statement, (node) => {
          if (node.kind === 'name' || node.kind === 'constant') {
            expect(node.start, `${chunk.text} at ${node.start}`).toBeGreaterThanOrEqual(last);
            last = node.end;
          }
          return undefined;
        });
      }
    });
  }

  it('and leaves out what the visitor skips', async () => {
    const parser = await loadPythonParser();
    const module = parser.parse('m.py', 'a + (lambda: b) + [c for d in e]');
    const names: string[] = [];
    for (const { chunk } of module.chunks) {
      walk(chunk.statement, (node) => {
        if (node.kind === 'name') names.push(node.name);
        return node.kind === 'lambda' ? 'skip' : undefined;
      });
    }
    expect(names).toEqual(['a', 'c', 'd', 'e']);
  });
});

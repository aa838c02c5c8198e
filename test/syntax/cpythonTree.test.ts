/**
 * Our syntax trees against CPython's: every file of fixtures/ must dump as CPython 3.13 dumps it, ranges included
 * (test/truth/data/syntax/, made by test/truth/syntax/make_syntax_truth.py).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpModule } from '../support/dumpSyntax.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');
const truth = path.join(import.meta.dirname, '../truth/data/syntax');
const files = readdirSync(fixtures).filter((file) => file.endsWith('.py'));

describe('the tree equals that of CPython', () => {
  for (const file of files) {
    it(file, async () => {
      const parser = await loadPythonParser();
      const module = parser.parse(file, readFileSync(path.join(fixtures, file), 'utf8'));
      expect(module.problems).toEqual([]);
      const expected = readFileSync(path.join(truth, file.replace(/\.py$/, '.ast.txt')), 'utf8');
      expect(dumpModule(module).split('\n')).toEqual(expected.split('\n'));
    });
  }
});

/**
 * Broken Python: text in; problems, each with the text it points at, and what is left of the tree out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dumpModule } from '../support/dumpSyntax.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

// Source, "--", and what is expected; refreshed by UPDATE_GOLDEN=1.
const file = path.join(import.meta.dirname, 'golden/problems.txt');
const SEPARATOR = '\n==========\n';

it('broken text gives the problems and the tree of golden/problems.txt', async () => {
  const parser = await loadPythonParser();
  const golden = readFileSync(file, 'utf8');
  const actual = golden.split(SEPARATOR).map((entry) => {
    const source = entry.split('\n--\n')[0] ?? '';
    const module = parser.parse('m.py', source);
    const problems = module.problems.map(({ code, message, location }) => {
      if (location.kind !== 'text') throw new Error('a problem without a place');
      const seen = JSON.stringify(source.slice(location.start, location.end));
      return `${code}: ${message} (${location.start} ${seen})\n`;
    });
    return `${source}\n--\n${problems.join('')}${dumpModule(module).trimEnd()}`;
  });
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, actual.join(SEPARATOR));
  else expect(actual).toEqual(golden.split(SEPARATOR));
});

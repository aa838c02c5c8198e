/**
 * Real packages (test/corpus/fetch.mjs) read as CPython reads them: the dump of every file must have the hash that
 * test/truth/syntax/make_syntax_truth.py --corpus gave, and no file may have a problem.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpModule } from '../support/dumpSyntax.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

const packages = ['torchvision-0.29.1', 'onnx-1.23.2'];
const cache = path.join(import.meta.dirname, '../../.cache/python');
const truth = path.join(import.meta.dirname, '../truth/data/syntax');

describe('every file of a package reads as in CPython', () => {
  for (const name of packages) {
    it(name, async () => {
      const parser = await loadPythonParser();
      const hashes = readHashes(name);
      const root = path.join(cache, name);
      if (!existsSync(root)) {
        console.log(`${name} is not here (see test/corpus/fetch.mjs): its files were not compared.`);
        return;
      }
      const different = [];
      for (const [file, expected] of hashes) {
        const module = parser.parse(file, readFileSync(path.join(root, file), 'utf8'));
        const hash = createHash('sha256').update(dumpModule(module)).digest('hex').slice(0, 16);
        if (hash !== expected || module.problems.length > 0) different.push(file);
      }
      console.log(`${name}: ${hashes.length - different.length} of ${hashes.length} files equal CPython's tree`);
      expect(different).toEqual([]);
    });
  }
});

function readHashes(name: string): readonly (readonly [string, string])[] {
  const text = readFileSync(path.join(truth, `${name}.json`), 'utf8');
  // The file is ours: names of files and hashes.
  return Object.entries(JSON.parse(text) as Readonly<Record<string, string>>);
}

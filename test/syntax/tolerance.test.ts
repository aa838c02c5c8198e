/**
 * A model file (tolerance/model.py) broken at every place: there is always a tree, and definitions that the edit does
 * not touch stay the very same objects, whatever has become of those around it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dumpStatement } from '../support/dumpSyntax.ts';
import { loadPythonParser } from '../support/pythonParser.ts';
import type { PlacedChunk, SyntaxModule } from '../../server/src/syntax/ast.ts';
import type { PythonParser } from '../../server/src/syntax/pythonParser.ts';

const text = readFileSync(path.join(import.meta.dirname, 'tolerance/model.py'), 'utf8');
const offsets = Array.from({ length: text.length }, (_, offset) => offset);
// Without its `#` or its end, this line is code, and belongs to the class above it.
const comment = text.indexOf('# layercost');
const isInComment = (offset: number): boolean => offset >= comment && offset <= text.indexOf('\n', comment);

let parser: PythonParser;
let good: SyntaxModule;
let definitions: readonly PlacedChunk[];

beforeAll(async () => {
  parser = await loadPythonParser();
  good = parser.parse('model.py', text);
  definitions = good.chunks.filter(({ chunk }) => 'name' in chunk.statement);
});

/** Definitions away from `offset` that the broken text has lost; `far` ones have others between them and it. */
function lost(broken: string, offset: number, distance: 'any' | 'far' = 'any'): readonly string[] {
  const module = parser.parse('model.py', broken, good);
  const kept = new Set(module.chunks.map(({ chunk }) => chunk));
  const before = definitions.filter(({ end }) => offset > end + 1);
  const after = definitions.filter(({ start }) => offset < start);
  const untouched = distance === 'any' ? [...before, ...after] : [...before.slice(0, -1), ...after.slice(1)];
  return untouched.filter(({ chunk }) => !kept.has(chunk)).map(({ chunk }) => chunk.text.slice(0, 40));
}

/** Inserts a text at every offset, or at some. */
function lossesByInserting(inserted: string, step: number, distance: 'any' | 'far' = 'any'): readonly string[] {
  return offsets.flatMap((offset) => {
    if (offset % step !== 0 || isInComment(offset)) return [];
    const broken = text.slice(0, offset) + inserted + text.slice(offset);
    return lost(broken, offset, distance).map((name) => `${offset}: ${name}`);
  });
}

describe('untouched definitions survive', () => {
  it('when the text ends anywhere', () => {
    const wrong = offsets.filter((offset) => {
      const kept = new Set(parser.parse('model.py', text.slice(0, offset), good).chunks.map(({ chunk }) => chunk));
      return definitions.some(({ end, chunk }) => end < offset && !kept.has(chunk));
    });
    expect(wrong).toEqual([]);
  });

  it('when any character is deleted', () => {
    const wrong = offsets.flatMap((offset) =>
      isInComment(offset) ? [] : lost(text.slice(0, offset) + text.slice(offset + 1), offset),
    );
    expect(wrong).toEqual([]);
  });

  for (const inserted of ['(', '"', '"""', '\n']) {
    it(`when ${JSON.stringify(inserted)} is inserted anywhere`, () => {
      expect(lossesByInserting(inserted, 1)).toEqual([]);
    });
  }

  for (const inserted of ["'", ')', '{', ':', '\\', '=', 'x ', '\0', '\ud800']) {
    it(`when ${JSON.stringify(inserted)} is inserted in many places`, () => {
      expect(lossesByInserting(inserted, 7)).toEqual([]);
    });
  }

  // These can make a definition part of its neighbour, as they would in Python.
  for (const inserted of ['#', '\t', '@']) {
    it(`but for neighbours when ${JSON.stringify(inserted)} is inserted in many places`, () => {
      expect(lossesByInserting(inserted, 7, 'far')).toEqual([]);
    });
  }

  it('also without a version before', () => {
    const dumps = definitions.map(({ chunk }) => dumpStatement(chunk.statement));
    const wrong = offsets.filter((offset) => {
      if (offset % 41 !== 0 || isInComment(offset)) return false;
      const module = parser.parse('model.py', text.slice(0, offset) + '(' + text.slice(offset));
      const found = new Set(module.chunks.map(({ chunk }) => dumpStatement(chunk.statement)));
      return definitions.some(
        ({ start, end }, index) => (offset < start || offset > end + 1) && !found.has(dumps[index] ?? ''),
      );
    });
    expect(wrong).toEqual([]);
  });
});

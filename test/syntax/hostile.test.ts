/**
 * Input that nobody writes by hand: always a tree and bounded depth, never an exception.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPythonParser } from '../support/pythonParser.ts';
import { MAX_TEXT_LENGTH } from '../../server/src/syntax/pythonParser.ts';
import type { PythonParser } from '../../server/src/syntax/pythonParser.ts';
import { walk } from '../../server/src/syntax/visit.ts';
import type { SyntaxModule } from '../../server/src/syntax/ast.ts';

const model = readFileSync(path.join(import.meta.dirname, 'tolerance/model.py'), 'utf8');
let parser: PythonParser;

beforeAll(async () => {
  parser = await loadPythonParser();
});

/** Reads everything; answers the codes of the problems, each once. */
function codes(text: string, previous?: SyntaxModule): readonly string[] {
  const module = parser.parse('m.py', text, previous);
  for (const { start, end, chunk } of module.chunks) {
    expect(text.slice(start, end)).toBe(chunk.text);
    walk(chunk.statement, (node) => {
      if (node.start > node.end) throw new Error(`${node.kind} ends before it starts`);
      return undefined;
    });
  }
  for (const { location } of module.problems) {
    if (location.kind !== 'text' || location.start > location.end || location.end > text.length) {
      throw new Error(`a problem is out of place: ${JSON.stringify(location)}`);
    }
  }
  return [...new Set(module.problems.map(({ code }) => code))];
}

const deep = 10_000;
const cases: readonly (readonly [title: string, text: string, codes: readonly string[]])[] = [
  ['nested parentheses', `x = ${'('.repeat(deep)}1${')'.repeat(deep)}\ny = 2`, ['nesting-too-deep']],
  ['nested lists that stay open', `x = ${'['.repeat(deep)}`, ['nesting-too-deep']],
  ['brackets of all kinds', `x = ${'([{'.repeat(deep)}`, ['nesting-too-deep']],
  ['closing brackets', ')]}'.repeat(deep), ['syntax-error']],
  ['nested calls', `${'f('.repeat(150)}${')'.repeat(150)}`, []],
  ['a long sum', `x = ${'1 + '.repeat(deep)}1`, ['nesting-too-deep']],
  ['a sum', `x = ${'1 + '.repeat(400)}1`, []],
  ['a chain of attributes', `x${'.y'.repeat(deep)}`, ['nesting-too-deep']],
  ['a chain of calls', `x${'()'.repeat(deep)}`, ['nesting-too-deep']],
  ['negations', `x = ${'not '.repeat(deep)}y`, ['nesting-too-deep']],
  ['signs', `x = ${'-'.repeat(deep)}y`, ['nesting-too-deep']],
  ['lambdas', `x = ${'lambda: '.repeat(deep)}y`, ['nesting-too-deep']],
  ['conditionals', `x = ${'a if b else '.repeat(deep)}y`, ['nesting-too-deep']],
  ['chained assignments', `${'x = '.repeat(deep)}y`, ['nesting-too-deep']],
  ['powers', `x = ${'2 ** '.repeat(deep)}y`, ['nesting-too-deep']],
  ['boolean operators', `x = ${'a or '.repeat(deep)}y`, ['nesting-too-deep']],
  ['a long comparison', `x = ${'a < '.repeat(deep)}y`, []],
  ['nested f-strings', `x = ${'f"{'.repeat(1000)}1${'}"'.repeat(1000)}`, ['nesting-too-deep']],
  ['nested suites', nested('if x:', 1000), ['nesting-too-deep']],
  ['nested functions', nested('def f():', 1000), ['nesting-too-deep']],
  ['nested classes', nested('class A:', 1000), ['nesting-too-deep']],
  ['elif after elif', `if a: b\n${'elif a: b\n'.repeat(3000)}`, ['nesting-too-deep']],
  ['decorators', `${'@d\n'.repeat(deep)}def f(): pass`, []],
  ['NUL bytes', 'x = 1\0\ny = 2\0', ['syntax-error']],
  ['nothing but NUL bytes', '\0'.repeat(1000), ['syntax-error']],
  ['lone surrogates', '\ud800 = "\udfff"\ny = "\ud800"', ['syntax-error']],
  ['lone surrogates in a string', 'y = "\ud800"', []],
  ['a long line of names', `x = ${'abc, '.repeat(200_000)}`, []],
  ['a long line of one name', 'x'.repeat(1_000_000), []],
  ['a long string', `x = "${'x'.repeat(1_000_000)}"`, []],
  ['a long string that stays open', `x = "${'x'.repeat(1_000_000)}`, ['syntax-error']],
  ['a long line of operators', '+'.repeat(100_000), ['syntax-error']],
  ['a long line of junk', '$?! '.repeat(100_000), ['syntax-error']],
  ['a long integer', `x = ${'9'.repeat(500_000)}`, ['syntax-error']],
  ['a long hexadecimal integer', `x = 0x${'f'.repeat(100_000)}`, []],
  ['a long line of blanks', `x = 1${' '.repeat(1_000_000)}`, []],
  ['many broken lines', 'x = = 1\n'.repeat(20_000), ['syntax-error']],
  ['many open brackets', 'x = (\n'.repeat(50_000), ['syntax-error']],
  ['many open strings', '"""\n'.repeat(10_001), ['syntax-error']],
  ['many semicolons', ';'.repeat(50_000), ['syntax-error']],
  ['many continuations', '\\\n'.repeat(100_000), []],
  ['one broken suite of many lines', `def f():\n${'    x = = 1\n'.repeat(5000)}`, ['syntax-error']],
  ['a text beyond the limit', 'x = 1\n'.repeat(MAX_TEXT_LENGTH / 4), ['file-too-large']],
  ['statements beyond the limit', 'x\n'.repeat(150_000), ['file-too-large']],
  ['50 MB of anything', 'x'.repeat(50_000_000), ['file-too-large']],
];

function nested(header: string, levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}${header}`);
  return `${lines.join('\n')}\n${' '.repeat(levels)}pass\n`;
}

describe('hostile text', () => {
  for (const [title, text, expected] of cases) {
    it(title, () => {
      expect(codes(text)).toEqual(expected);
    });
  }

  it('of any characters', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(fc.nat({ max: 0xffff }), { maxLength: 100 }).map((units) => String.fromCharCode(...units)),
      fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map((tokens) => tokens.join('')),
    );
    fc.assert(
      fc.property(text, text, (first, second) => {
        codes(first);
        codes(second, parser.parse('m.py', first));
      }),
      { numRuns: 500 },
    );
  });

  it('made of real code, cut and joined anywhere', () => {
    const cut = fc.tuple(fc.nat({ max: model.length }), fc.nat({ max: 300 }));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 6 }), (cuts) => {
        codes(cuts.map(([start, length]) => model.slice(start, start + length)).join(''));
      }),
      { numRuns: 400 },
    );
  });
});

const TOKENS = [
  ...['def ', 'class ', 'if ', 'else', 'elif ', 'for ', 'in ', 'while ', 'try', 'except ', 'finally', 'with ', 'as '],
  ...['match ', 'case ', 'type ', 'lambda ', 'return ', 'yield ', 'await ', 'async ', 'import ', 'from ', 'not '],
  ...['print ', 'exec ', 'del ', 'global ', 'pass', 'x', 'y', '1', '0x', '1.', '"', "'", '"""', 'f"', 'rb"', '{', '}'],
  ...['(', ')', '[', ']', ':', ';', ',', '.', '...', '=', '==', ':=', '->', '@', '*', '**', '+', '-', '~', '|', '!'],
  ...['\n', '\n ', '\n    ', '\n\t', '\r\n', '\r', '\f', '\\', '\\\n', '#', ' ', '\0', '\u2028', '\ud800', 'é'],
];

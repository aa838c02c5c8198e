/**
 * Versions of a file: what an edit does not touch stays the same object, what it breaks keeps its last good tree, and
 * the outcome of any series of edits is that of reading the last text afresh.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dumpModule, dumpStatement } from '../support/dumpSyntax.ts';
import { loadPythonParser } from '../support/pythonParser.ts';
import type { SyntaxModule } from '../../server/src/syntax/ast.ts';
import type { PythonParser } from '../../server/src/syntax/pythonParser.ts';

const model = readFileSync(path.join(import.meta.dirname, 'tolerance/model.py'), 'utf8');
let parser: PythonParser;

beforeAll(async () => {
  parser = await loadPythonParser();
});

/** The chunk that holds a piece of text. */
function chunkWith(module: SyntaxModule, piece: string) {
  const found = module.chunks.find(({ chunk }) => chunk.text.includes(piece));
  if (!found) throw new Error(`no chunk holds ${piece}`);
  return found;
}

function statementText(module: SyntaxModule, piece: string): string {
  const { start, chunk } = chunkWith(module, piece);
  return dumpStatement(chunk.statement, start);
}

describe('an edit', () => {
  it('leaves all other statements as they are, and moves those after it', () => {
    const before = parser.parse('m.py', model);
    const text = model.replace('divisor / 2', 'divisor / 22');
    const after = parser.parse('m.py', text, before);
    const changed = after.chunks.filter(({ chunk }, index) => chunk !== before.chunks[index]?.chunk);
    expect(changed.map(({ chunk }) => chunk.text.slice(0, 19))).toEqual(['def make_divisible(']);
    for (const { start, end, chunk } of after.chunks) expect(text.slice(start, end)).toBe(chunk.text);
  });

  it('keeps the version before where nothing changed', () => {
    const before = parser.parse('m.py', model);
    expect(parser.parse('m.py', model, before)).toBe(before);
    expect(parser.parse('other.py', model, before).file).toBe('other.py');
  });

  it('that joins, splits, adds or removes statements reads as the text does', () => {
    const versions = [
      'x = 1\n',
      'x = 1\nif x:\n    y\n',
      'x = 1\nif x:\n    y\nelse:\n    z\n',
      'x = 1\nif x:\n    y\nels:\n    z\n',
      'x = 1\n@d\nif x:\n    y\n',
      'x = 1\ndef f():\n    y\n',
      'x = 1\n@d\ndef f():\n    y\n',
      'x = [1\ndef f():\n    y\n',
      'x = [1]\ndef f():\n    y\n',
      '"""x = [1]\ndef f():\n    y\n',
      '"""x = [1]"""\ndef f():\n    y\n',
      'def f():\n    y\n',
      '',
      '# layercost: input=1x3\n\nx = f(\na,\nb\n)\n',
      '# layercost: input=1x3\n\nx = f(\na,\nb\n\n',
      '\ufeff# layercost: input=1x3\n\nx = f(\na,\nb)\n# layercost: x\n',
    ];
    let module: SyntaxModule | undefined;
    for (const text of versions) {
      module = parser.parse('m.py', text, module);
      const fresh = parser.parse('m.py', text);
      expect(ranges(module)).toEqual(ranges(fresh));
      expect(module.directives).toEqual(fresh.directives);
    }
  });

  it('inside a class keeps the bodies before it', () => {
    const before = parser.parse('m.py', model);
    expect(before.problems).toEqual([]);
    const after = parser.parse('m.py', model.replace('x = block(x)', 'x = block(x) + 1'), before);
    const bodies = [before, after].map((module) => {
      const { statement } = chunkWith(module, 'class Classifier').chunk;
      if (statement.kind !== 'classDef') throw new Error('not a class');
      return statement.body.statements.map((member) => (member.kind === 'functionDef' ? member.body : undefined));
    });
    const [first, second] = bodies;
    expect(second?.[1]).toBe(first?.[1]);
    expect(second?.[2]).not.toBe(first?.[2]);
  });

  it('gives the tree of the text, whatever was edited before', () => {
    const pieces = fc.oneof(
      fc.constantFrom('(', ')', '\n', '\n    ', ':', '"', '"""', 'x', ' ', '#', 'def f():\n', 'else:\n', '@d\n', '= 1'),
      fc.string({ maxLength: 5 }),
    );
    const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 30 }), text: pieces });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        let text = model.slice(0, 2200);
        let module = parser.parse('m.py', text);
        for (const { at, length, text: inserted } of edits) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + inserted + text.slice(from + length);
          module = parser.parse('m.py', text, module);
        }
        const fresh = parser.parse('m.py', text);
        expect(ranges(module)).toEqual(ranges(fresh));
        expect(problemTexts(module)).toEqual(problemTexts(fresh));
        expect(module.directives).toEqual(fresh.directives);
        for (const [index, { chunk }] of module.chunks.entries()) {
          const other = fresh.chunks[index]?.chunk.statement;
          if (!chunk.isStale) expect(dumpStatement(chunk.statement)).toBe(other && dumpStatement(other));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function ranges(module: SyntaxModule): readonly string[] {
  return module.chunks.map(({ start, end, chunk }) => `${start}-${end} ${chunk.text}`);
}

/** Problems without what is said of the last good version. */
function problemTexts(module: SyntaxModule): readonly string[] {
  return module.problems.map((problem) => problem.message.replace('; its last good version is used', ''));
}

describe('a broken statement', () => {
  const good =
    'a = 1\n\n\nclass Net(nn.Module):\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n';

  it('keeps its last good tree, moved to where the text is now', () => {
    const before = parser.parse('m.py', good);
    const broken = good.replace('return 1', 'return 1 + (');
    const after = parser.parse('m.py', broken, before);
    expect(chunkWith(after, 'class Net').chunk.isStale).toBe(true);
    expect(chunkWith(after, 'a = 1').chunk.isStale).toBe(false);
    const { start, chunk } = chunkWith(after, 'class Net');
    if (chunk.statement.kind !== 'classDef') throw new Error('not a class');
    const [, second] = chunk.statement.body.statements;
    if (second?.kind !== 'functionDef') throw new Error('not a function');
    expect(broken.slice(start + second.start, start + second.end)).toBe('def g(self):\n        return 2');
    expect(second.body.statements.map((s) => broken.slice(start + s.start, start + s.end))).toEqual(['return 2']);
  });

  it('is fresh again when it is whole', () => {
    const versions = ['return 1', 'return 1 + (', 'return 1 + (2', 'return 1 + (2)'];
    let module: SyntaxModule | undefined;
    const stale = versions.map((version) => {
      module = parser.parse('m.py', good.replace('return 1', version), module);
      return chunkWith(module, 'class Net').chunk.isStale;
    });
    expect(stale).toEqual([false, true, true, false]);
    expect(module && dumpModule(module)).toBe(
      dumpModule(parser.parse('m.py', good.replace('return 1', 'return 1 + (2)'))),
    );
  });

  it('is known by the name of its definition, wherever it moves', () => {
    const before = parser.parse('m.py', good + '\n\ndef last():\n    pass\n');
    const after = parser.parse('m.py', '\n\ndef last():\n    pass\n\nb = 1\nclass Net(nn.Module:\n    x = 2\n', before);
    expect(chunkWith(after, 'class Net').chunk.isStale).toBe(true);
    expect(statementText(after, 'class Net')).toContain('functionDef');
  });

  it('that never was whole is read as far as it can be', () => {
    const broken = good.replace('return 1', 'return 1 + (');
    const module = parser.parse('m.py', broken);
    expect(chunkWith(module, 'class Net').chunk.isStale).toBe(false);
    expect(statementText(module, 'class Net')).toContain('error 55-67 "return 1 + ("');
    expect(statementText(parser.parse('m.py', `${broken}\n`, module), 'class Net')).toContain('error 55-67');
  });
});

describe('many edits', () => {
  it('do not pile up memory', () => {
    let module = parser.parse('m.py', model);
    const at = model.indexOf('x = block(x)');
    const edit = (count: number): void => {
      const text = `${model.slice(0, at)}y${count % 7 === 0 ? '(' : ''}${count} ${model.slice(at)}`;
      module = parser.parse('m.py', text, module);
      expect(module.problems).toHaveLength(1);
    };
    for (let count = 0; count < 200; count++) edit(count);
    const before = process.memoryUsage.rss();
    for (let count = 0; count < 1500; count++) edit(count);
    // A parse tree that is not freed takes about 100 KiB of wasm memory, which never shrinks.
    expect(process.memoryUsage.rss() - before).toBeLessThan(80 << 20);
  });
});

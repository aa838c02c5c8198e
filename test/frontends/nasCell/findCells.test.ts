/**
 * Where cells are found in Python, JSON and other text: what is found stands in the second column.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCells } from '../../../server/src/frontends/nasCell/findCells.ts';
import { readCell } from '../../../server/src/frontends/nasCell/readCell.ts';

const CELL = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';
const WRONG = '|conv 3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|';
const EDGES = `[('sep_conv_3x3', 0), ('skip_connect', 1)]`;
const GENOTYPE = `Genotype(\n  normal=${EDGES},  # it's the first\n  normal_concat=range(2, 3),\n  reduce=${EDGES}, reduce_concat=[2])`;
const SPEC = 'ModelSpec(matrix=np.array([[0, 1], [0, 0]]), ops=[INPUT, OUTPUT])';
const OBJECT =
  '{"id": 7, "matrix": [[0, 1], [0, 0]], "operations": ["input", "output"], "acc": 9.1e-1, "note": "a \\" }"}';
const EDGE_LISTS = '[["sep_conv_3x3", 0], ["skip_connect", 1]]';
const JSON_GENOTYPE = `{"normal": ${EDGE_LISTS}, "normal_concat": [2], "reduce": ${EDGE_LISTS}, "reduce_concat": [2]}`;

function found(text: string): readonly string[] {
  return findCells(text).cells.map(({ start, end }) => text.slice(start, end));
}

describe('finds', () => {
  it.each([
    ['strings', `x = "${CELL}", '${CELL}'`, [CELL, CELL]],
    ['a string with a mistake, whole', `x = ["${WRONG}"]`, [WRONG]],
    ['one that lacks a node', `x = '|nor_conv_3x3~0|+|none~0|none~1|'`, ['|nor_conv_3x3~0|+|none~0|none~1|']],
    ['one that has a node alone', `x = '|nor_conv_3x3~0|'`, ['|nor_conv_3x3~0|']],
    ['a docstring', `"""${CELL}"""`, [CELL]],
    ['a log', `epoch 1: ${CELL} acc 93.1\n${CELL}|+|x`, [CELL, `${CELL}|+|x`]],
    ['JSON within JSON', `{"a": "{\\"arch\\": \\"${CELL}\\"}"}`, [CELL]],
    ['JSON lines', `{"cell": "${CELL}", "acc": 1}\n{"cell": "${CELL}"}\n`, [CELL, CELL]],
    ['a genotype', `DARTS = ${GENOTYPE}\nf(1)`, [GENOTYPE]],
    ['a genotype in a log', `I'm at step 3: genotype = ${GENOTYPE}`, [GENOTYPE]],
    ['a genotype in a string', `{"arch": "Genotype(normal=${EDGES})", "b": [{"c": 1}]}`, [`Genotype(normal=${EDGES})`]],
    ['a genotype in a comment', `# Genotype(normal=${EDGES}) :-(\nx = 1`, [`Genotype(normal=${EDGES})`]],
    ['a genotype as an object', `[${JSON_GENOTYPE}]`, [JSON_GENOTYPE]],
    ['a specification', `spec = api.${SPEC}`, [SPEC]],
    ['objects with other fields', `[${OBJECT},\n ${OBJECT}]`, [OBJECT, OBJECT]],
    ['the inner object', `{"cell": ${OBJECT}, "matrix": [[1]]}`, [OBJECT]],
    ['after a bracket that is never closed', `f(\ng([)\n${GENOTYPE}`, [GENOTYPE]],
  ])('%s', (_title, text, cells) => {
    expect(found(text)).toEqual(cells);
  });
});

describe('finds nothing in', () => {
  it.each([
    ['other text', 'a | b | c'],
    ['tables', '|a~1|b~2|'],
    ['templates', `x = f"|{a}~0|+|nor_conv_1x1~0|{b}~1|+|none~0|none~1|none~2|"`],
    ['formats', `x = '|nor_conv_1x1~0|+|%s~0|none~1|' % op`],
    ['strings that are joined', `x = ("|nor_conv_1x1~0|+"\n  "|none~0|none~1|+|none~0|none~1|none~2|")`],
    ['a regular expression', String.raw`re.compile(r'\|none~0\|\+\|none~0\|none~1\|+|')`],
    ['half a genotype', 'Genotype(normal=['],
    ['a computed genotype', 'g = Genotype(normal=gene, normal_concat=concat, reduce=gene2, reduce_concat=concat)'],
    [
      'a computed range',
      `g = Genotype(normal=${EDGES}, normal_concat=range(2, 2 + steps), reduce=[], reduce_concat=[2])`,
    ],
    ['a definition', "Genotype = namedtuple('Genotype', 'normal normal_concat reduce reduce_concat')"],
    ['a class', 'class Genotype(NamedTuple):\n    normal: list[str]'],
    ['a computed matrix', 'api.ModelSpec(matrix=matrix, ops=ops)'],
    ['matrices of other things', '{"matrix": [[0.5, 0.5]], "normal": [1, 2], "reduce": [3]}'],
  ])('%s', (_title, text) => {
    expect(found(text)).toEqual([]);
  });
});

it('finds what has mistakes at the right place, and what is whole', () => {
  const text = `a = "${WRONG}"\nb = "${CELL}"\nc = ${SPEC}`;
  const read = findCells(text).cells.map(({ start, end }) => readCell(text.slice(start, end)));
  expect(read.map(({ problems }) => problems.map(({ code }) => code))).toEqual([['nas-cell-operation'], [], []]);
  const [wrong] = read;
  const { start, end } = wrong?.problems[0]?.range ?? { start: 0, end: 0 };
  expect(WRONG.slice(start, end)).toBe('conv 3x3');
});

it('finds every cell of a long list', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `{"cell": "${CELL}", "n": ${n}}`);
  expect(findCells(lines.join('\n')).cells.length).toBe(20_000);
  expect(findCells(`[${lines.join(',')}]`).cells.length).toBe(20_000);
});

// Each of these would take minutes if the search began anew at every sign of a cell.
it.each([
  ['|none~0', '|none~0'.repeat(300_000)],
  ['|none~0|+', '|none~0|+'.repeat(300_000)],
  ['Genotype(', 'Genotype('.repeat(300_000)],
  ['Genotype(normal=[', 'Genotype(normal=['.repeat(100_000)],
  ['brackets', `Genotype(${'[('.repeat(500_000)}`],
  ['closing brackets', `Genotype(${'(]'.repeat(500_000)}`],
  ['quotes', `Genotype( "${String.raw`'\'\'`.repeat(300_000)}`],
  ['quotes of both kinds', `Genotype( ${`'"`.repeat(500_000)}`],
  ['comments', `${'# '.repeat(300_000)}Genotype(`],
  ['nested objects', `${'{"matrix": [[1]], "operations": ["a"], "x": '.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ['space', `Genotype${' '.repeat(1_000_000)}`],
  ['keys', `"matrix"${' '.repeat(500_000)}: ${'"matrix": [ '.repeat(50_000)}`],
])('is linear in %s', (_title, text) => {
  expect(findCells(text).cells.length).toBeLessThan(2);
});

it('stops where texts are very long, and says where', () => {
  const text = `"${CELL}"\n${' '.repeat(9_000_000)}"${CELL}"`;
  const { cells, searchedTo } = findCells(text);
  expect(cells.length).toBe(1);
  expect(searchedTo).toBeLessThan(text.length);
});

it('finds none in this repository’s own sources of models', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../../examples/small_cnn.py'), 'utf8');
  expect(found(text)).toEqual([]);
});

it('never throws, in order and apart', () => {
  const parts = [
    '|',
    'none~0|',
    '+',
    '"',
    "'",
    'Genotype(',
    'ModelSpec(',
    'normal=[',
    '"matrix": [[',
    ']',
    ')',
    '}',
    '{',
    '\n',
    '#',
    '\\',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 40 }), (texts) => {
      const text = texts.join('');
      let end = 0;
      for (const cell of findCells(text).cells) {
        expect(cell.start).toBeGreaterThanOrEqual(end);
        expect(cell.end).toBeGreaterThan(cell.start);
        end = cell.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
  );
});

/**
 * Cells as text in, what was read or each problem with what its range covers out.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellGraphs, fullCellGraphs, type CellGraph } from '../../../server/src/frontends/nasCell/cellGraph.ts';
import { readCell } from '../../../server/src/frontends/nasCell/readCell.ts';

/** "code: `covered text` message" a problem. */
function problemsOf(text: string): readonly string[] {
  return readCell(text).problems.map(
    ({ code, severity, message, range }) =>
      `${severity === 'error' ? '' : `${severity} `}${code} \`${text.slice(range.start, range.end)}\` ${message}`,
  );
}

function graphsOf(text: string, graphs: typeof cellGraphs = cellGraphs): readonly string[] {
  const result = readCell(text);
  if (result.kind === 'problem') return problemsOf(text);
  return graphs(result.cell).map(graphText);
}

function graphText({ nodes, edges }: CellGraph): string {
  return `${nodes.join(' ')}: ${edges.map(([from, to]) => `${from}-${to}`).join(' ')}`;
}

it.each([
  [
    'all operations',
    '|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_3x3~1|nor_conv_1x1~2|',
    'input conv3x3 conv1x1 skip avgPool3x3 conv3x3 conv1x1 output: 0-1 0-2 1-3 0-4 1-5 2-6 3-6 4-7 5-7 6-7',
  ],
  [
    'none is dropped, with what only it feeds and what leads nowhere',
    '|none~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|avg_pool_3x3~0|nor_conv_3x3~1|none~2|',
    'input avgPool3x3 output: 0-1 1-2',
  ],
  ['nothing is left', '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|', 'input output: '],
  [
    'sources in another order, and space around',
    '  |none~0|+|none~1|skip_connect~0|+|none~1|nor_conv_1x1~2|none~0|\n',
    'input skip conv1x1 output: 0-1 1-2 2-3',
  ],
])('NAS-Bench-201: %s', (_title, text, graph) => {
  expect(graphsOf(text)).toEqual([graph]);
});

it('keeps every node in the full graph', () => {
  const text = '|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|none~2|';
  expect(graphsOf(text, fullCellGraphs)).toEqual([
    'input none conv3x3 none none none none output: 0-1 0-2 1-3 0-4 1-5 2-6 3-6 4-7 5-7 6-7',
  ]);
});

const DIAMOND = '[[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]]';

it.each([
  [
    'JSON',
    `{"matrix": ${DIAMOND}, "operations": ["input", "conv1x1-bn-relu", "maxpool3x3", "output"]}`,
    ['input conv1x1 maxPool3x3 output: 0-1 0-2 1-3 2-3'],
  ],
  [
    'Python, as the benchmark writes it',
    `spec = api.ModelSpec(\n  matrix=${DIAMOND},  # a diamond\n  ops=[INPUT, CONV1X1, MAXPOOL3X3, OUTPUT])\n`,
    ['input conv1x1 maxPool3x3 output: 0-1 0-2 1-3 2-3'],
  ],
  ['positions instead of names', `ModelSpec([[0, 1], [0, 0]], ['input', 'output'])`, ['input output: 0-1']],
])('NAS-Bench-101: %s', (_title, text, graphs) => {
  expect(graphsOf(text)).toEqual(graphs);
});

const HALF = "[('sep_conv_3x3', 0), ('skip_connect', 1), ('none', 2), ('dil_conv_5x5', 0)]";

it('DARTS: a genotype gives a graph of each cell, without `none`', () => {
  const text = `PRUNED = Genotype(normal=${HALF}, normal_concat=range(2, 4), reduce=${HALF}, reduce_concat=[3])`;
  expect(graphsOf(text)).toEqual([
    'input inputBefore sepConv3x3 skip sum dilConv5x5 sum output: 1-2 0-3 2-4 3-4 1-5 5-6 4-7 6-7',
    'input inputBefore dilConv5x5 sum output: 1-2 2-3 3-4',
  ]);
  expect(graphsOf(`Genotype(${HALF}, range(2, 4), ${HALF}, list(range(3, 4)))`)).toEqual(graphsOf(text));
});

it.each([
  ['', ['nas-cell-syntax `` there is no cell: the text is empty']],
  [
    '|nor_conv_3x3~0|+|none~0|none~1|',
    [
      'nas-cell-size `|nor_conv_3x3~0|+|none~0|none~1|` ' +
        'a cell of NAS-Bench-201 has 3 nodes with operations, joined by "+"; here are 2',
    ],
  ],
  [
    '|conv_3x3~0|+|none~0|none~0|+|none~0|none~1|none~3|',
    [
      'nas-cell-operation `conv_3x3` "conv_3x3" is no operation of NAS-Bench-201; ' +
        'they are none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3',
      'nas-cell-edge `none~0` node 2 reads node 0 twice',
      'nas-cell-edge `3` node 3 reads nodes before it alone, not node 3',
    ],
  ],
  [
    '|none~0|+|none|none~1|+|none~0|none~1|none~2',
    [
      'nas-cell-syntax `none` expected "operation~node", found "none"',
      'nas-cell-syntax `|none~0|none~1|none~2` expected "|operation~node|...|", found "|none~0|none~1|none~2"',
    ],
  ],
  [
    '|none~0|+|none~0|+|none~0|none~1|none~2|',
    ['nas-cell-size `|none~0|` node 2 has an operation from each of the 2 nodes before it; here are 1'],
  ],
  [
    '{"matrix": [[0, 1], [1, 0]], "operations": ["input", "output"]}',
    ['nas-cell-edge `1` an edge leads from vertex 1 back to vertex 0: the matrix must be upper triangular'],
  ],
  [
    '{"matrix": [[0, 1, 2], [0, 1], [0, 0, 0]], "operations": ["input", "conv5x5", "output"]}',
    [
      'nas-cell-edge `2` entry [0][2] of the matrix must be 0 or 1',
      'nas-cell-size `[0, 1]` row 1 has 2 entries in a matrix of 3 rows',
    ],
  ],
  [
    '{"matrix": [[0, 1], [0, 0]], "operations": ["input", "conv5x5", "output"]}',
    ['nas-cell-size `["input", "conv5x5", "output"]` the matrix has 2 rows, but there are 3 operations'],
  ],
  [
    `{"matrix": ${DIAMOND}, "operations": ["input", "conv5x5", "maxpool3x3", "end"]}`,
    [
      'nas-cell-operation `"end"` the last operation is "output", not "end"',
      'nas-cell-operation `"conv5x5"` "conv5x5" is no operation of NAS-Bench-101; ' +
        'they are conv1x1-bn-relu, conv3x3-bn-relu, maxpool3x3',
    ],
  ],
  [
    '{"matrix": [[0, 1, 0], [0, 0, 0], [0, 0, 0]], "operations": ["input", "maxpool3x3", "output"]}',
    [
      'nas-cell-disconnected `[[0, 1, 0], [0, 0, 0], [0, 0, 0]]` ' +
        'no path leads from the input, vertex 0, to the output, the last vertex',
    ],
  ],
  [
    '|none~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|none~2|',
    [
      'information nas-cell-disconnected `|none~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|none~2|` ' +
        'no path leads from the input to the output: the network answers the same for every image, so its accuracy is that of chance',
    ],
  ],
  [
    '{"matrix": [[0, 1, 1], [0, 0, 0], [0, 0, 0]], "operations": ["input", "maxpool3x3", "output"]}',
    [
      'information nas-cell-disconnected `"maxpool3x3"` ' +
        'vertex 1, "maxpool3x3", lies on no path from input to output and is left out',
    ],
  ],
  ['{"matrix": [[0, 1], [0, 0]]}', ['nas-cell-syntax `{"matrix": [[0, 1], [0, 0]]}` the cell has no "operations"']],
  ['{"matrix": [[0, 1], [0, 0], "operations": []}', ['nas-cell-syntax `:` expected "," or "]", found ":"']],
  [
    `Genotype(normal=[('conv', 2)], normal_concat=range(2, 9), reduce=${HALF}, wide=3)`,
    [
      'nas-cell-syntax `wide` a genotype has no "wide"; it has normal, normal_concat, reduce, reduce_concat',
      `nas-cell-size \`[('conv', 2)]\` "normal" has two edges a state, 2 to 64 in all; here are 1`,
      'nas-cell-edge `range(2, 9)` "normal_concat" joins the states 0 to 1, not 2',
      `nas-cell-syntax \`Genotype(normal=[('conv', 2)], normal_concat=range(2, 9), reduce=${HALF}, wide=3)\` ` +
        'the genotype has no "reduce_concat"',
    ],
  ],
  [
    `Genotype(normal=[('skip_connect', 2), ('max_pool', 0)], normal_concat=[2], reduce=${HALF}, reduce_concat=[2])`,
    [
      'nas-cell-edge `2` state 2 reads the states 0 to 1, not 2',
      'nas-cell-operation `\'max_pool\'` "max_pool" is no operation of DARTS; they are none, skip_connect, max_pool_3x3, ' +
        'avg_pool_3x3, sep_conv_3x3, sep_conv_5x5, sep_conv_7x7, dil_conv_3x3, dil_conv_5x5, conv_7x1_1x7',
    ],
  ],
  ['Genotype(normal=', ['nas-cell-syntax `` expected a value, but the text ends here']],
  ['Genotype() + 1', ['nas-cell-syntax `+` expected nothing further, found "+"']],
  ['hello world', ['nas-cell-syntax `world` expected nothing further, found "world"']],
])('problems of %s', (text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

it('bounds what it reads', () => {
  expect(problemsOf('['.repeat(5000))).toEqual(['nas-cell-syntax `[` brackets are nested deeper than 16']);
  expect(problemsOf('|none~0|+'.repeat(5000)).map((problem) => problem.slice(0, 13))).toEqual(['nas-cell-size']);
});

it('never throws, and places problems within the text', () => {
  const part = fc.constantFrom(
    '|',
    '+',
    '~',
    'none',
    '0',
    '1',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    ',',
    ':',
    '=',
    "'",
    'Genotype',
    'normal',
    '"matrix"',
    'range',
    ' ',
    '\n',
    '#',
    '\\',
    '-',
    '.',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join('')),
      ),
      (text) => {
        const result = readCell(text);
        expect(result.kind === 'cell' || result.problems.length > 0).toBe(true);
        for (const { range } of result.problems) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(text.length);
          expect(range.start).toBeLessThanOrEqual(range.end);
        }
      },
    ),
  );
});

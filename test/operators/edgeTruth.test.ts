/**
 * What PyTorch refuses at the edges of arguments (0, negative, as large as the input, one more) we report as a mismatch,
 * and what it takes has its shapes: by the cases that test/truth/operators/make_edge_truth.py wrote with PyTorch 2.13.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSize, printDim, unknownReason, type Dim } from '../../server/src/graph/dim.ts';
import type { Attributes } from '../../server/src/graph/modelGraph.ts';
import { tensorType, type TensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { operatorTable } from '../../server/src/operators/operatorTable.ts';

type Input = readonly number[] | readonly ['int64', readonly number[]];

interface Case {
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputs: readonly Input[];
  readonly outputs?: readonly (readonly number[])[];
  /** PyTorch's first words where it refuses. */
  readonly error?: string;
}

const file = new URL('../truth/data/operators/edges.json', import.meta.url);
// The script writes exactly this form.
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];

/**
 * Outside of these a call makes no sense, and we refuse it everywhere. PyTorch does not look where the batch is empty,
 * and in operators of few uses.
 */
const LOWEST: Readonly<Record<string, number>> = {
  kernel: 1,
  stride: 1,
  dilation: 1,
  padding: 0,
  outputPadding: 0,
  repeats: 0,
};

function isOutside({ operator, attributes }: Case): boolean {
  if (operator === 'localResponseNorm' && Number(attributes['size']) < 1) return true;
  return Object.entries(LOWEST).some(([name, lowest]) =>
    [attributes[name] ?? lowest].flat(2).some((value) => typeof value === 'number' && value < lowest),
  );
}

/** Cases where we differ on purpose, with the reason. */
const DIFFERENT: readonly (readonly [operator: string, reason: string, isOne: (each: Case) => boolean])[] = [
  ['convolution', 'without input channels PyTorch gives no output channels', ({ inputs }) => inputs[0]?.[1] === 0],
  [
    'transposedConvolution',
    'the rule for output padding holds for an empty batch too',
    ({ inputs }) => inputs[0]?.[0] === 0,
  ],
  [
    'transposedConvolution',
    'a kernel of the CPU refuses it',
    ({ error }) => error?.startsWith('could not create') === true,
  ],
  [
    'transposedConvolution',
    'an output without pixels is refused, as with two spatial axes',
    ({ outputs }) => outputs?.[0]?.[2] === 0,
  ],
  ['fourierTransform', 'a kernel of the CPU refuses it', ({ error }) => error?.startsWith('MKL') === true],
  ['adaptiveAveragePool', 'the mean of nothing is NaN, which PyTorch gives', ({ inputs }) => inputs[0]?.[2] === 0],
];

function typeOf(input: Input): TensorType {
  return isTyped(input) ? tensorType(input[0], input[1]) : tensorType('float32', input);
}

function isTyped(input: Input): input is readonly ['int64', readonly number[]] {
  return input[0] === 'int64';
}

/** What is wrong with our answer; undefined where it is PyTorch's. */
function difference(each: Case): string | undefined {
  const operator = operatorTable.get(each.operator);
  if (operator === undefined) return 'no such operator';
  const { outputs, work, mismatch } = applyOperator(operator, each.inputs.map(typeOf), each.attributes);
  const wrong = Object.values<Dim>({ ...work }).find((figure) => !isSize(figure));
  if (wrong !== undefined) return `work of ${printDim(wrong)}`;
  if (isOutside(each)) return mismatch === undefined ? 'taken, but it makes no sense' : undefined;
  if (each.error !== undefined) return mismatch === undefined ? `taken, but PyTorch: ${each.error}` : undefined;
  if (mismatch !== undefined) return `refused: ${mismatch}`;
  const ours = JSON.stringify(
    outputs.map(({ shape }) => shape?.map((dim) => (unknownReason(dim) === undefined ? dim : '?'))),
  );
  const truth = JSON.stringify(each.outputs);
  return ours === truth ? undefined : `${ours}, but PyTorch ${truth}`;
}

describe('arguments at their edges', () => {
  const names = [...new Set(cases.map(({ operator }) => operator))];
  test.each(names)('%s', (name) => {
    const wrong = cases
      .filter((each) => each.operator === name)
      .filter((each) => !DIFFERENT.some(([operator, , isOne]) => operator === name && isOne(each)))
      .flatMap((each) => {
        const what = difference(each);
        return what === undefined ? [] : [`${JSON.stringify(each.inputs)} ${JSON.stringify(each.attributes)}: ${what}`];
      });
    expect(wrong).toEqual([]);
  });
});

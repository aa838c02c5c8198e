/**
 * Every operator over random attributes and shapes, at their edges and far beyond: no output has a size that cannot be,
 * no figure is negative, a fraction or rounded, and nothing throws. A call that makes no sense is a mismatch, or unknown.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSize, printDim, symbolDim, type Dim } from '../../server/src/graph/dim.ts';
import type { DType } from '../../server/src/graph/dtype.ts';
import type { AttributeValue, Attributes } from '../../server/src/graph/modelGraph.ts';
import { printShape, tensorType, type TensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { allOperators } from '../../server/src/operators/operatorTable.ts';

interface Sample {
  readonly operator: string;
  readonly attributes: Attributes;
  readonly inputs: readonly TypeSpec[];
}

type TypeSpec = readonly [dtype: DType, shape: readonly number[]];

/** The two forms that the scripts of test/truth/operators write. */
interface Written {
  readonly operator?: string;
  readonly op?: string;
  readonly attributes: Attributes;
  readonly inputs: readonly (readonly number[] | TypeSpec | null)[];
}

/** Calls that are known to be of the right form, whose numbers are then replaced. */
const DATA = new URL('../truth/data/operators/', import.meta.url);
const FILES = readdirSync(DATA).filter((name) => !['promotion.json', 'shape_reversedSlice.json'].includes(name));
const samples = FILES.flatMap((name) => {
  const cases = JSON.parse(readFileSync(new URL(name, DATA), 'utf8')) as readonly Written[];
  return cases.flatMap(({ operator, op, attributes, inputs }): readonly Sample[] => {
    const types = inputs.flatMap((input) => (input === null ? [] : [typeSpec(input)]));
    return types.length < inputs.length ? [] : [{ operator: operator ?? op ?? '', attributes, inputs: types }];
  });
});

function typeSpec(input: readonly number[] | TypeSpec): TypeSpec {
  return isTyped(input) ? input : ['float32', input];
}

function isTyped(input: readonly number[] | TypeSpec): input is TypeSpec {
  return typeof input[0] === 'string';
}

const samplesOf = (name: string): readonly Sample[] => samples.filter(({ operator }) => operator === name);

const EDGES = [0, 1, -1, 2, 3, -3, 7, 64, -400, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 2 ** 53, 2 ** 62, -(2 ** 62)];
const number = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...EDGES) }, fc.integer({ min: -8, max: 16 }));
const size: fc.Arbitrary<Dim> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) },
  fc.constantFrom<Dim>(0, 2 ** 31, 2 ** 53 - 1, symbolDim('N'), symbolDim('M')),
);

/** The same value with some of its numbers replaced. */
function mutated(value: AttributeValue | undefined): fc.Arbitrary<AttributeValue | undefined> {
  if (typeof value === 'number') return fc.oneof({ weight: 2, arbitrary: fc.constant(value) }, number);
  if (Array.isArray(value))
    return fc.tuple(...(value as readonly AttributeValue[]).map(mutated)) as fc.Arbitrary<AttributeValue>;
  if (typeof value === 'boolean') return fc.boolean();
  return fc.constant(value);
}

function call(
  sample: Sample,
): fc.Arbitrary<{ readonly attributes: Attributes; readonly inputs: readonly TensorType[] }> {
  const attributes = fc.record(
    Object.fromEntries(
      Object.entries(sample.attributes).map(([name, value]) => [
        name,
        // A front end counts the outputs that a node names.
        name === 'outputCount' ? fc.constant(value) : mutated(value),
      ]),
    ),
  ) as fc.Arbitrary<Attributes>;
  const inputs = sample.inputs.map((input) => {
    const [dtype, dims] = input;
    const kept = fc.tuple(...dims.map((dim) => fc.oneof({ weight: 4, arbitrary: fc.constant<Dim>(dim) }, size)));
    return fc
      .oneof({ weight: 5, arbitrary: kept }, fc.array(size, { maxLength: 5 }))
      .map((each) => tensorType(dtype, each));
  });
  return fc.record({ attributes, inputs: fc.tuple(...inputs) });
}

const operators = allOperators.filter(({ name }) => samplesOf(name).length > 0);

describe('random attributes and shapes', () => {
  test.each(operators.map((operator) => [operator.name, operator] as const))('%s', (name, operator) => {
    const given = samplesOf(name);
    const arbitrary = fc.constantFrom(...given).chain(call);
    fc.assert(
      fc.property(arbitrary, ({ attributes, inputs }) => {
        const { outputs, work } = applyOperator(operator, inputs, attributes);
        const text = (): string =>
          `${inputs.map(({ shape }) => printShape(shape)).join(', ')} ${JSON.stringify(attributes)}`;
        for (const { shape } of outputs) {
          for (const dim of shape ?? []) expect(isSize(dim), `${text()}: output ${printShape(shape)}`).toBe(true);
        }
        for (const [figure, value] of Object.entries<Dim>({ ...work })) {
          expect(isSize(value), `${text()}: ${figure} ${printDim(value)}`).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

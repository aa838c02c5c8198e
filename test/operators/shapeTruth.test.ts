/**
 * Shapes and types of the data-movement and elementwise operators against PyTorch 2.14, by the cases that
 * test/truth/operators/make_shape_truth.py wrote. Where PyTorch raises, we report a mismatch that quotes a shape.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, describe } from 'vitest';
import type { DType } from '../../server/src/graph/dtype.ts';
import { unknownReason, type Dim } from '../../server/src/graph/dim.ts';
import type { Attributes } from '../../server/src/graph/modelGraph.ts';
import { printType, tensorType, type TensorType } from '../../server/src/graph/tensorType.ts';
import { activationOperators } from '../../server/src/operators/activation.ts';
import { creationOperators } from '../../server/src/operators/creation.ts';
import { elementwiseOperators } from '../../server/src/operators/elementwise.ts';
import { expandOperators } from '../../server/src/operators/expand.ts';
import { gatherOperators } from '../../server/src/operators/gather.ts';
import { identityOperators } from '../../server/src/operators/identity.ts';
import { indexingOperators } from '../../server/src/operators/indexing.ts';
import { interpolationOperators } from '../../server/src/operators/interpolation.ts';
import { joinOperators } from '../../server/src/operators/join.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { paddingOperators } from '../../server/src/operators/padding.ts';
import { permuteOperators } from '../../server/src/operators/permute.ts';
import { pixelShuffleOperators } from '../../server/src/operators/pixelShuffle.ts';
import { promoteTypes } from '../../server/src/operators/promotion.ts';
import { reductionOperators } from '../../server/src/operators/reduction.ts';
import { reshapeOperators } from '../../server/src/operators/reshape.ts';
import { sliceLength } from '../../server/src/operators/sliceLength.ts';
import { sortingOperators } from '../../server/src/operators/sorting.ts';
import { unfoldOperators } from '../../server/src/operators/unfold.ts';

const DATA = new URL('../truth/data/operators/', import.meta.url);

type TypeSpec = readonly [DType, readonly Dim[]];

interface Case {
  readonly op: string;
  readonly attributes: Attributes;
  readonly inputs: readonly (TypeSpec | null)[];
  readonly outputs: readonly TypeSpec[] | 'error';
}

const operators = new Map(
  [
    activationOperators,
    creationOperators,
    elementwiseOperators,
    expandOperators,
    gatherOperators,
    identityOperators,
    indexingOperators,
    interpolationOperators,
    joinOperators,
    paddingOperators,
    permuteOperators,
    pixelShuffleOperators,
    reductionOperators,
    reshapeOperators,
    sortingOperators,
    unfoldOperators,
  ]
    .flat()
    .map((operator) => [operator.name, operator]),
);

/** The files are written by our script, in this form. */
function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, DATA), 'utf8'));
}

function typeOf(spec: TypeSpec | null): TensorType | undefined {
  return spec === null ? undefined : tensorType(...spec);
}

/** What we say about a call, in one line; sizes that depend on data stand as PyTorch's, which saw the data. */
function describeCall({ op, attributes, inputs, outputs }: Case): string {
  const operator = operators.get(op);
  if (operator === undefined) return `no operator ${op}`;
  const applied = applyOperator(operator, inputs.map(typeOf), attributes);
  if (applied.mismatch !== undefined) return 'error';
  const expected = outputs === 'error' ? [] : outputs;
  return applied.outputs
    .map((type, i) => {
      const shape = type.shape?.map((dim, axis) =>
        unknownReason(dim)?.includes('depends on the data') ? (expected[i]?.[1][axis] ?? dim) : dim,
      );
      return printType({ ...type, shape });
    })
    .join(', ');
}

function describeTruth({ outputs }: Case): string {
  return outputs === 'error' ? 'error' : outputs.map((spec) => printType(tensorType(...spec))).join(', ');
}

const files = readdirSync(DATA).filter((file) => file.startsWith('shape_') && !file.includes('reversedSlice'));

describe.each(files)('%s', (file) => {
  const cases = read(file) as readonly Case[];

  it('agrees with PyTorch', () => {
    const differences = cases.flatMap((one) => {
      const [ours, torch] = [describeCall(one), describeTruth(one)];
      const call = JSON.stringify([one.op, one.attributes, one.inputs]);
      return ours === torch ? [] : [`${call}: ${ours} for ${torch}`];
    });
    expect(differences).toEqual([]);
  });

  it('quotes a shape, an axis or a size in each mismatch', () => {
    const silent = cases.flatMap(({ op, attributes, inputs }) => {
      const operator = operators.get(op);
      const message = operator && applyOperator(operator, inputs.map(typeOf), attributes).mismatch;
      return message !== undefined && !/\d|scalar|nothing/.test(message) ? [message] : [];
    });
    expect(silent).toEqual([]);
  });
});

it('slices backwards as Python does', () => {
  type Row = readonly [number, number | null, number | null, number, number];
  for (const [size, start, stop, step, length] of read('shape_reversedSlice.json') as readonly Row[]) {
    expect(sliceLength(size, start, stop, step), `range(${size})[${start}:${stop}:${step}]`).toBe(length);
  }
});

it('promotes types as PyTorch does', () => {
  const rows = read('promotion.json') as readonly (readonly [DType, DType, DType])[];
  expect(rows.filter(([left, right, result]) => promoteTypes(left, right) !== result)).toEqual([]);
});

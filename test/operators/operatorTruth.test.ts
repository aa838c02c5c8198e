/**
 * Single operators against PyTorch's figures: shapes, MACs, and what it refuses.
 * The data is made by test/truth/operators/make_operator_truth.py and make_onnx_operator_truth.py.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Attributes } from '../../server/src/graph/modelGraph.ts';
import { tensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { operatorTable } from '../../server/src/operators/operatorTable.ts';

interface TruthCase {
  readonly operator: string;
  readonly inputs: readonly (readonly number[] | null)[];
  readonly attributes: Attributes;
  /** Null for an output whose shape the source leaves open. */
  readonly outputs?: readonly (readonly number[] | null)[];
  /** Left out where the source counts none. */
  readonly macs?: number;
  /** Why PyTorch refuses the case. */
  readonly error?: string;
}

const DATA = new URL('../truth/data/operators/', import.meta.url);

for (const file of readdirSync(DATA).sort()) {
  // The script writes exactly this form.
  const cases = JSON.parse(readFileSync(new URL(file, DATA), 'utf8')) as readonly TruthCase[];
  describe(file, () => {
    test.each(cases.map((each) => [describeCase(each), each] as const))('%s', (_, truth) => {
      const operator = operatorTable.get(truth.operator);
      if (operator === undefined) throw new Error(`no operator ${truth.operator}`);
      const inputs = truth.inputs.map((shape) => (shape === null ? undefined : tensorType('float32', shape)));
      const { outputs, work, mismatch } = applyOperator(operator, inputs, truth.attributes);
      if (truth.error !== undefined) {
        expect(mismatch, truth.error).toBeTypeOf('string');
        return;
      }
      expect(mismatch).toBeUndefined();
      const expected = truth.outputs ?? [];
      expect(outputs.map(({ shape }, i) => (expected[i] === null ? null : shape))).toEqual(expected);
      if (truth.macs !== undefined) expect(work.macs).toBe(truth.macs);
    });
  });
}

function describeCase({ operator, inputs, attributes }: TruthCase): string {
  const shapes = inputs.map((shape) => (shape === null ? '-' : `[${shape.join(' ')}]`)).join(' ');
  return `${operator} ${shapes} ${JSON.stringify(attributes)}`;
}

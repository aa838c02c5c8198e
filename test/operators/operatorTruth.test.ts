/**
 * Single operators against PyTorch's and ONNX's figures: shapes, MACs, and what PyTorch refuses.
 */
import { describe, expect, test } from 'vitest';
import { tensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { operatorTable } from '../../server/src/operators/operatorTable.ts';
import { describeCase, readTruth } from './truthCases.ts';

for (const [file, cases] of readTruth()) {
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

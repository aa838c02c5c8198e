/**
 * Symbolic sizes against the same truth: every case that PyTorch or ONNX accepts is inferred with symbols for all sizes
 * of its first input, and what comes out must be the truth once the symbols are replaced by the numbers.
 */
import { describe, expect, test } from 'vitest';
import { substituteDim, symbolDim, type Dim } from '../../server/src/graph/dim.ts';
import { tensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator } from '../../server/src/operators/operator.ts';
import { operatorTable } from '../../server/src/operators/operatorTable.ts';
import { describeCase, readTruth, type TruthCase } from './truthCases.ts';

for (const [file, cases] of readTruth()) {
  // A fraction of a symbol is no dim: fractional pooling by ratio stays unknown.
  const accepted = cases.filter((each) => each.error === undefined && each.attributes.outputRatio === undefined);
  describe(file, () => {
    test.each(accepted.map((each) => [describeCase(each), each] as const))('%s', (_, truth) => {
      const operator = operatorTable.get(truth.operator);
      if (operator === undefined) throw new Error(`no operator ${truth.operator}`);
      const { inputs, bindings } = withSymbols(truth);
      const { outputs, work, mismatch } = applyOperator(operator, inputs, truth.attributes);
      expect(mismatch).toBeUndefined();
      const expected = truth.outputs ?? [];
      const replaced = outputs.map(({ shape }, i) =>
        expected[i] === null ? null : shape?.map((dim) => substituteDim(dim, bindings)),
      );
      expect(replaced).toEqual(expected);
      if (truth.macs !== undefined) expect(substituteDim(work.macs, bindings)).toBe(truth.macs);
    });
  });
}

/** Sizes below 2 stay numbers: 0 is no named size, and 1 broadcasts. */
function withSymbols({ inputs }: TruthCase) {
  const bindings = new Map<string, Dim>();
  const types = inputs.map((shape, i) => {
    if (shape === null) return undefined;
    if (i > 0) return tensorType('float32', shape);
    const dims = shape.map((size, axis) => {
      if (size < 2) return size;
      bindings.set(`s${axis}`, size);
      return symbolDim(`s${axis}`);
    });
    return tensorType('float32', dims);
  });
  return { inputs: types, bindings };
}

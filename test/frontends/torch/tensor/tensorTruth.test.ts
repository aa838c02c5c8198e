/**
 * Every expression of test/truth/torch/tensor_cases.txt gives the shapes, dtypes, numbers and MACs that PyTorch, einops
 * and NumPy give (test/truth/data/torch/tensors.json, made by test/truth/torch/make_tensor_truth.py).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stdlibModules } from '../../../../server/src/evaluation/stdlib/stdlibModules.ts';
import { torchModules } from '../../../../server/src/frontends/torch/torchModules.ts';
import { makeProject } from '../../../evaluation/support/pythonPrograms.ts';
import { evaluateCase, type Answer, type TruthCase } from './evaluateCase.ts';
import { DIFFERENCES } from './differences.ts';

interface Truth {
  readonly preamble: string;
  readonly cases: readonly TruthCase[];
}

const truth = JSON.parse(
  readFileSync(new URL('../../../truth/data/torch/tensors.json', import.meta.url), 'utf8'),
) as Truth; // Written by our own script.
const project = await makeProject({}, { nativeModules: [...stdlibModules, ...torchModules] });
const titles = [...new Set(truth.cases.map(({ title }) => title))];

describe.each(titles)('%s', (title) => {
  const cases = truth.cases.filter((one) => one.title === title);
  it.each(cases)('$code', (one) => {
    const answer = evaluateCase(project, truth.preamble, one);
    const difference = DIFFERENCES.get(one.code);
    if (difference !== undefined) {
      expect(written(answer), written(answer)).toBe(difference.ours);
    } else if (one.error !== undefined) {
      expect(answer.problems.length, `${answer.result}: PyTorch raises ${one.error}`).toBeGreaterThan(0);
    } else {
      expect(written(answer), written(answer)).toBe(`${one.result ?? ''}, ${one.macs ?? 0} MACs`);
    }
  });
});

/** "2x3 float32, 120 MACs", then what was reported. */
function written({ result, macs, problems }: Answer): string {
  return [`${result}, ${macs} MACs`, ...problems].join('; ');
}

/**
 * The expressions of tensorTruth.test.ts with a symbolic batch: the first dim of every tensor of the preamble is N.
 * What comes out, with N = 2, is what PyTorch gives for a batch of 2, or is openly unknown ("?"), and no call is
 * refused that PyTorch takes.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NativeModuleDefinition } from '../../../../server/src/evaluation/nativeModule.ts';
import { stdlibModules } from '../../../../server/src/evaluation/stdlib/stdlibModules.ts';
import { PySymbolicInt } from '../../../../server/src/evaluation/values.ts';
import { torchModules } from '../../../../server/src/frontends/torch/torchModules.ts';
import { symbolDim } from '../../../../server/src/graph/dim.ts';
import { makeProject } from '../../../evaluation/support/pythonPrograms.ts';
import { DIFFERENCES } from './differences.ts';
import { evaluateCase, type TruthCase } from './evaluateCase.ts';

const truth = JSON.parse(readFileSync(new URL('../../../truth/data/torch/tensors.json', import.meta.url), 'utf8')) as {
  readonly preamble: string;
  readonly cases: readonly TruthCase[];
}; // Written by our own script.
const symbols: NativeModuleDefinition = {
  name: 'symbols',
  members: () => new Map([['N', new PySymbolicInt(symbolDim('N'))]]),
};
const project = await makeProject({}, { nativeModules: [...stdlibModules, ...torchModules, symbols] });
/** `x = torch.randn(2, 3, 4)` -> `x = torch.randn(N, 3, 4)`, and so for every batch of 2. */
const preamble = `from symbols import N\n${truth.preamble.replaceAll(/(= torch\.rand\w+\()2,/g, '$1N,').replace('(0, 10, (2, 5))', '(0, 10, (N, 5))')}`;

/** A loop over N rows runs no round, which the executor notes as an assumption. */
const LOOPS_OVER_BATCH = ['[r.shape for r in x]', '[r for r in x][-1]'];

/** Whether something is left open. */
function isOpen(text: string): boolean {
  return text.includes('?') || text.includes('unknown');
}

describe('a batch of N', () => {
  const cases = truth.cases.filter(
    (one) => one.error === undefined && !DIFFERENCES.has(one.code) && !LOOPS_OVER_BATCH.includes(one.code),
  );
  it.each(cases)('$code', (one) => {
    const { result, macs, problems } = evaluateCase(project, preamble, one, new Map([['N', 2]]));
    expect(problems).toEqual([]);
    if (!isOpen(result)) expect(result).toBe(one.result);
    if (!isOpen(macs)) expect(macs).toBe(String(one.macs));
  });
});

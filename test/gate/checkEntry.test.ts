/**
 * Budgets against a model of 4,000 parameters, 1 MMACs, 16,000 B of weights, 1 MiB of activations, 3 MiB at the peak,
 * and at least 1 ms on a t4: what each comes out as, and what is said of it.
 */
import { describe, expect, it } from 'vitest';
import { checkEntry } from '../../server/src/gate/checkEntry.ts';
import { baseOfState, type EntryBase } from '../../server/src/gate/entryBase.ts';
import { entryFindings } from '../../server/src/gate/findings.ts';
import type { ModelDigest } from '../../server/src/gate/modelDigest.ts';
import type { ModelSnapshot } from '../../server/src/gate/snapshot.ts';
import { context, digest, entry, layer, snapshot } from './samples.ts';

interface Case {
  readonly budget: string;
  readonly status: string;
  /** What the finding says; none for a budget that is met. */
  readonly says?: string;
  readonly digest?: Partial<ModelDigest>;
  readonly base?: EntryBase;
  readonly allowUnknown?: true;
}

const unknownTotals = { ...snapshot().totals, macs: undefined };
const SYMBOLIC: Partial<ModelDigest> = {
  snapshot: snapshot({ totals: unknownTotals }),
  missing: { macs: 'it depends on the input: 1000*N' },
};
const accurate = digest({ snapshot: snapshot({ accuracy: [{ dataset: 'imagenet-top1', value: 0.74 }] }) });
const smaller = snapshot({
  totals: { ...snapshot().totals, paramCount: 3600 },
  layers: [layer('stem', 1000, 700_000), layer('head', 2600, 300_000)],
});

const was = (before: ModelSnapshot): EntryBase => baseOfState({ kind: 'snapshot', snapshot: before }, 'main');

const CASES: readonly Case[] = [
  { budget: 'params 4000', status: 'pass' },
  { budget: 'params 5000', status: 'pass' },
  {
    budget: 'params 3999',
    status: 'fail',
    says: 'net: parameters 4K, budget 3999: 1 (0.025 %) over. Most: head 3K (75 %), stem 1K (25 %)',
  },
  {
    // Both would read "5M".
    budget: 'params 5000000',
    digest: { snapshot: snapshot({ totals: { ...snapshot().totals, paramCount: 5_000_001 } }), costliest: {} },
    status: 'fail',
    says: 'net: parameters 5,000,001, budget 5000000: 1 (< 0.001 %) over',
  },
  {
    budget: 'warn params 2000',
    status: 'warn',
    says: 'net: parameters 4K, budget 2000: 2K (100 %) over. Most: head 3K (75 %), stem 1K (25 %)',
  },
  {
    budget: 'params 0',
    status: 'fail',
    says: 'net: parameters 4K, budget 0: 4K over. Most: head 3K (75 %), stem 1K (25 %)',
  },
  { budget: 'macs 1e6', status: 'pass' },
  {
    budget: 'macs 800000',
    status: 'fail',
    says: 'net: MACs 1M, budget 800000: 200K (25 %) over. Most: stem 700K (70 %), head 300K (30 %)',
  },
  {
    budget: 'weights 8000',
    status: 'fail',
    says: 'net: weights 15.6 KiB, budget 8000: 7.81 KiB (100 %) over. Most: head 11.7 KiB (75 %)',
  },
  {
    budget: 'activations 524288',
    status: 'fail',
    says: 'net: activations 1 MiB, budget 524288: 512 KiB (100 %) over. Most: stem 512 KiB (50 %)',
  },
  {
    budget: 'peakMemory 1048576',
    status: 'fail',
    says: 'net: peak memory 3 MiB, budget 1048576: 2 MiB (200 %) over. Most: stem 1 MiB (33.3 %)',
  },
  { budget: 'roofline 1', status: 'pass' },
  {
    budget: 'roofline 0.8',
    status: 'fail',
    says: 'net: latency on t4 (roofline) 1 ms, budget 0.8: 0.2 ms (25 %) over. Most: head 0.75 ms (75 %)',
  },
  {
    budget: 'predicted 5',
    status: 'unknown',
    says: 'net: latency on t4 (predicted) with budget 5: unknown, as there is no prediction for this model',
  },
  {
    budget: 'upper 5',
    status: 'unknown',
    says: 'net: latency on t4 (upper) with budget 5: unknown, as there is no prediction for this model',
  },
  {
    budget: 'elsewhere 5',
    status: 'unknown',
    says: 'net: latency on abacus (roofline) with budget 5: unknown, as there is no latency on "abacus"',
  },
  {
    budget: 'accuracy 0.7',
    status: 'unknown',
    says: 'net: accuracy on imagenet-top1 (predicted) with budget 0.7: unknown, as there is no accuracy on imagenet-top1 for this model',
  },
  { budget: 'accuracy 0.74', digest: accurate, status: 'pass' },
  {
    budget: 'accuracy 0.75',
    digest: accurate,
    status: 'fail',
    says: 'net: accuracy on imagenet-top1 (predicted) 74 %, budget 0.75: 1 % (1.3 %) below',
  },
  {
    budget: 'macs 1e6',
    digest: SYMBOLIC,
    status: 'unknown',
    says: 'net: MACs with budget 1e6: unknown, as it depends on the input: 1000*N',
  },
  {
    budget: 'macs 1e6',
    digest: SYMBOLIC,
    allowUnknown: true,
    status: 'pass',
    says: 'net: MACs with budget 1e6: unknown, as it depends on the input: 1000*N',
  },
  {
    budget: 'warn macs 1e6',
    digest: SYMBOLIC,
    status: 'warn',
    says: 'net: MACs with budget 1e6: unknown, as it depends on the input: 1000*N',
  },
  {
    budget: 'growth params 5%',
    status: 'pass',
    says: 'net: parameters with budget 5%: not checked: no version to compare with was given',
  },
  { budget: 'growth params 20%', base: was(smaller), status: 'pass' },
  {
    budget: 'growth params 5%',
    base: was(smaller),
    status: 'fail',
    says: 'net: parameters 4K, budget 5% on 3.6K = 3.78K: 220 (5.8 %) over. Grown: head 400 (100 %)',
  },
  {
    budget: 'growth params 100',
    base: was(smaller),
    status: 'fail',
    says: 'net: parameters 4K, budget 100 on 3.6K = 3.7K: 300 (8.1 %) over. Grown: head 400 (100 %)',
  },
  { budget: 'growth params 0', base: was(snapshot()), status: 'pass' },
  {
    budget: 'growth macs 5%',
    base: was(snapshot({ totals: unknownTotals })),
    status: 'unknown',
    says: 'net: MACs with budget 5%: unknown, as main has no such figure: it could not be computed',
  },
  {
    budget: 'growth roofline 5%',
    base: was(snapshot({ latency: [] })),
    status: 'unknown',
    says: 'net: latency on t4 (roofline) with budget 5%: unknown, as main has no such figure: there is no latency on "t4"',
  },
  {
    budget: 'growth params 5%',
    base: baseOfState({ kind: 'absent', message: 'there is no file net.py' }, 'main'),
    status: 'pass',
    says: 'net: parameters with budget 5%: not checked: it is new since main',
  },
  {
    budget: 'growth params 5%',
    base: baseOfState(
      {
        kind: 'unreadable',
        problems: [
          { code: 'unresolved-import', severity: 'warning', message: 'no such module', place: undefined },
          { code: 'syntax-error', severity: 'error', message: 'it does not parse', place: undefined },
        ],
      },
      'main',
    ),
    status: 'unknown',
    says: 'net: parameters with budget 5%: unknown, as it cannot be read in main: it does not parse [syntax-error]',
  },
  {
    budget: 'growth params 50%',
    base: baseOfState(
      {
        kind: 'model',
        digest: digest({
          problems: [{ code: 'shape-mismatch', severity: 'error', message: 'It ends here.', place: undefined }],
        }),
      },
      'main',
    ),
    status: 'unknown',
    says: 'net: parameters with budget 50%: unknown, as main is not known in full: It ends here. [shape-mismatch]',
  },
  {
    budget: 'growth params 5%',
    base: { kind: 'unreadable', reason: 'the base "main" cannot be read: gone' },
    allowUnknown: true,
    status: 'pass',
    says: 'net: parameters with budget 5%: unknown, as the base "main" cannot be read: gone',
  },
];

describe('budgets', () => {
  for (const { budget, status, says, base, allowUnknown = false, ...given } of CASES) {
    it(`${budget} -> ${status}${allowUnknown ? ', allowed' : ''}${base === undefined ? '' : ', compared'}`, () => {
      const check = checkEntry(digest(given.digest), context(entry([budget], { allowUnknown }), { base }));
      expect(check.status).toBe(status);
      expect(entryFindings(check).map(({ message }) => message)).toEqual(says === undefined ? [] : [says]);
    });
  }
});

it('tells what else was otherwise in the base', () => {
  const before = snapshot({ name: 'old', target: 'old.py:Net', inputs: ['x 1x3x4x4 float32'] });
  expect(checkEntry(digest(), context(entry(['growth params 5%']), { base: was(before) })).baseNotes).toEqual([
    'it was called old',
    'it was old.py:Net',
    'other inputs: x 1x3x4x4 float32 -> x 1x3x8x8 float32',
  ]);
  expect(checkEntry(digest(), context(entry(['growth params 5%']), { base: was(snapshot()) })).baseNotes).toEqual([]);
});

describe('models that are not known in full', () => {
  const partly = digest({
    snapshot: snapshot({ coverageShare: 0.9 }),
    coverage: {
      understoodNodes: 9,
      totalNodes: 10,
      unknown: [{ name: 'custom_op', count: 1, reason: 'not modelled' }],
    },
  });
  const problem = (code: string, severity: 'error' | 'warning'): ModelDigest =>
    digest({ problems: [{ code, severity, message: 'It ends here.', place: undefined }] });

  it.each([
    [
      'a part that was not understood',
      partly,
      'net: not known in full: 9 of 10 operations were understood; not: custom_op (1 x): not modelled',
    ],
    ['a shape error', problem('shape-mismatch', 'error'), 'net: not known in full: It ends here. [shape-mismatch]'],
    ['a bound', problem('execution-bound', 'warning'), 'net: not known in full: It ends here. [execution-bound]'],
  ])('%s fails as unknown, whatever its budgets', (_, given, message) => {
    const check = checkEntry(given, context(entry(['params 5000'])));
    expect(check.status).toBe('unknown');
    expect(entryFindings(check)).toMatchObject([{ rule: 'unknown-model', level: 'error', message }]);
    const allowed = checkEntry(given, context(entry(['params 5000'], { allowUnknown: true })));
    expect(allowed.status).toBe('pass');
    expect(entryFindings(allowed)).toMatchObject([{ rule: 'unknown-model', level: 'note', message }]);
  });

  it('passes with a warning that leaves nothing out', () => {
    const check = checkEntry(problem('unresolved-import', 'warning'), context(entry(['params 5000'])));
    expect(check.status).toBe('pass');
  });

  it('is an error without a graph, whatever is allowed', () => {
    const nothing = digest({
      snapshot: snapshot({ coverageShare: 0 }),
      coverage: { understoodNodes: 0, totalNodes: 0, unknown: [] },
      problems: [
        { code: 'python-exception', severity: 'error', message: 'ValueError: no', place: { file: 'net.py', line: 9 } },
      ],
    });
    const check = checkEntry(nothing, context(entry(['params 5000'], { allowUnknown: true })));
    expect(check).toMatchObject({ status: 'error', fault: 'input', totals: undefined, budgets: [] });
    expect(entryFindings(check)).toMatchObject([
      {
        rule: 'unreadable-model',
        message: 'net: ValueError: no [python-exception]',
        place: { file: 'net.py', line: 9 },
      },
    ]);
  });
});

describe('the worst of several budgets', () => {
  it.each([
    [['params 1', 'predicted 1', 'warn macs 1'], 'fail'],
    [['params 5000', 'predicted 1', 'warn macs 1'], 'unknown'],
    [['params 5000', 'warn macs 1'], 'warn'],
    [['params 5000', 'macs 1e6'], 'pass'],
    [[], 'pass'],
  ])('%j -> %s', (budgets, status) => {
    expect(checkEntry(digest(), context(entry(budgets))).status).toBe(status);
  });
});

it('names the model, the budget and the layers by their places', () => {
  const check = checkEntry(digest(), context(entry(['params 5000', 'macs 1'])));
  const [finding] = entryFindings(check);
  expect(finding).toMatchObject({
    place: { file: 'net.py', line: 3 },
    budgetPlace: { file: 'layercost.json', line: 4 },
    causes: [{ layer: 'stem', place: { file: 'net.py', line: 5 } }, { layer: 'head' }],
    identity: 'net/net.py:Net//budget-macs/limit MACs',
  });
});

it('places a model from elsewhere at its entry in the configuration', () => {
  const place = { file: 'torchvision/models/resnet.py', line: 700, isOutside: true } as const;
  const check = checkEntry(digest({ place }), context(entry(['params 1'])));
  expect(entryFindings(check)).toMatchObject([{ place: { file: 'layercost.json', line: 2 } }]);
});

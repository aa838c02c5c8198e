/**
 * A report with one entry of each outcome, names and messages hostile where `isHostile`.
 */
import { checkEntry, failedEntry } from '../../server/src/gate/checkEntry.ts';
import type { CheckReport, EntryCheck } from '../../server/src/gate/checkReport.ts';
import { context, digest, entry, snapshot } from './samples.ts';

const HOSTILE = '<b>|`x`|\n::error::%0A,@team "&\' \u0007\uD800 日本 ]]>';

export function sampleReport(kind: 'plain' | 'hostile'): CheckReport {
  const suffix = kind === 'hostile' ? HOSTILE : '';
  const named = (name: string, budgets: readonly string[], changes = {}): ReturnType<typeof entry> =>
    entry(budgets, { name: `${name}${suffix}`, ...changes });
  const outside = { file: 'torchvision/models/resnet.py', line: 700, isOutside: true } as const;
  const entries: readonly EntryCheck[] = [
    checkEntry(digest(), context(named('good', ['params 5000']))),
    checkEntry(digest(), context(named('big', ['params 2000', 'roofline 1', 'warn macs 1000']), { index: 1 })),
    checkEntry(digest({ place: outside }), context(named('near', ['warn params 3500']), { index: 2 })),
    checkEntry(digest(), context(named('guess', ['predicted 2', 'growth params 5%']), { index: 3 })),
    checkEntry(
      digest({ snapshot: snapshot({ coverageShare: 0.9 }), coverage: PARTLY }),
      context(named('partly', [], { allowUnknown: true }), { index: 4 }),
    ),
    failedEntry(context(named('gone', ['params 1']), { index: 5 }), 'input', [
      {
        code: 'unreadable-file',
        severity: 'error',
        message: `there is no such file${suffix}`,
        place: { file: 'gone.py', line: 1 },
      },
    ]),
  ];
  return {
    configuration: 'layercost.json',
    entryCount: entries.length,
    shard: undefined,
    base: undefined,
    entries,
    problems: [
      {
        code: 'unknown-key',
        severity: 'warning',
        message: `"budget" is no key${suffix}`,
        place: { file: 'layercost.json', line: 7 },
      },
    ],
  };
}

const PARTLY = {
  understoodNodes: 9,
  totalNodes: 10,
  unknown: [{ name: 'custom_op', count: 1, reason: 'not modelled' }],
};

/** Many entries that fail alike, without the cost of analysing them. */
export function manyEntries(count: number): CheckReport {
  const checked = checkEntry(digest(), context(entry(['params 2000', 'warn macs 1000'])));
  const entries = Array.from({ length: count }, (_, index) => ({ ...checked, index, name: `net${index}` }));
  return {
    configuration: 'layercost.json',
    entryCount: count,
    shard: undefined,
    base: undefined,
    entries,
    problems: [],
  };
}

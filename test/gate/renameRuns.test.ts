/** "before > after" a line in, runs of renames out. */
import { expect, it } from 'vitest';
import { renameRuns } from '../../server/src/gate/renameRuns.ts';

const CASES: readonly (readonly [renames: string, expected: string])[] = [
  ['conv > stem', 'conv > stem (1)'],
  ['layer1.0.conv1 > stage1.0.conv1; layer1.1.conv2 > stage1.1.conv2', 'layer1 > stage1 (2)'],
  ['layer1.0/add > stage1.0/add', 'layer1 > stage1 (1)'],
  [
    'l.3.fc > l.4.fc; l.3.act > l.4.act; l.4.fc > l.5.fc; l.5.fc > l.6.fc; head > top',
    'l.3 … l.5 > l.4 … l.6 (4); head > top (1)',
  ],
  ['l.9.fc > l.10.fc; l.10.fc > l.11.fc', 'l.9 … l.10 > l.10 … l.11 (2)'],
  ['l.3.fc > l.4.fc; l.4.fc > l.9.fc', 'l.3 > l.4 (1); l.4 > l.9 (1)'],
  ['a.a > b.a.a', 'a > b.a (1)'],
];

for (const [renames, expected] of CASES) {
  it(renames, () => {
    const pairs = renames.split('; ').map((rename) => {
      const [before = '', after = ''] = rename.split(' > ');
      return { before, after };
    });
    const text = (names: readonly [string, string]): string => [...new Set(names)].join(' … ');
    const runs = renameRuns(pairs).map(({ from, to, layerCount }) => `${text(from)} > ${text(to)} (${layerCount})`);
    expect(runs.join('; ')).toBe(expected);
  });
}

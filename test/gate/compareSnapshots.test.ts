/**
 * Models of two versions in, what became of them out: one line a model, one a layer that is not the same.
 */
import { expect, it } from 'vitest';
import type { LayerChange } from '../../server/src/gate/compareModels.ts';
import { compareSnapshots, type EntryComparison } from '../../server/src/gate/compareSnapshots.ts';
import type { ModelSnapshot } from '../../server/src/gate/snapshot.ts';
import { snapshotFrom } from './snapshotText.ts';

const NET = `
  conv Conv2d 100 1x8
  relu ReLU 0 1x8
  fc Linear 90 1x10`;

interface Case {
  readonly title: string;
  readonly before: readonly ModelSnapshot[];
  readonly after: readonly ModelSnapshot[];
  readonly expected: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: 'the same',
    before: [snapshotFrom('Net', NET)],
    after: [snapshotFrom('Net', NET)],
    expected: ['Net: the same, params 190 -> 190 (0, 0), 3 layers the same'],
  },
  {
    title: 'a wider layer',
    before: [snapshotFrom('Net', NET)],
    after: [snapshotFrom('Net', NET.replace('100 1x8', '200 1x16'))],
    expected: ['Net: params 190 -> 290 (100, 0.526), 2 layers the same', '  changed conv -> conv: shape params macs'],
  },
  {
    title: 'an unknown figure cannot be compared',
    before: [snapshotFrom('Net', 'fc Linear ? 1x8')],
    after: [snapshotFrom('Net', 'fc Linear 4 1x8')],
    expected: ['Net: params ? -> 4 (?, ?), 0 layers the same', '  changed fc -> fc: params macs'],
  },
  {
    title: 'from nothing there is no share',
    before: [snapshotFrom('Net', '')],
    after: [snapshotFrom('Net', 'fc Linear 4 1x8')],
    expected: ['Net: params 0 -> 4 (4, ?), 0 layers the same', '  added fc'],
  },
  {
    title: 'a layer that runs twice now',
    before: [snapshotFrom('Net', 'fc Linear 4 1x8 x1')],
    after: [snapshotFrom('Net', 'fc Linear 4 1x8 x2')],
    expected: ['Net: params 4 -> 4 (0, 0), 0 layers the same', '  changed fc -> fc: calls'],
  },
  {
    title: 'another input',
    before: [snapshotFrom('Net', NET)],
    after: [snapshotFrom('Net', NET, { inputs: ['x 1x3x64x64 float32'] })],
    expected: ['Net: other inputs, params 190 -> 190 (0, 0), 3 layers the same'],
  },
  {
    title: 'a model under another name',
    before: [snapshotFrom('Net', NET)],
    after: [snapshotFrom('StudentNet', NET)],
    expected: ['Net -> StudentNet: the same, params 190 -> 190 (0, 0), 3 layers the same'],
  },
  {
    title: 'a model that went, one that came, one that stayed',
    before: [snapshotFrom('Old', 'a Conv2d 1 1x8'), snapshotFrom('Net', NET)],
    after: [snapshotFrom('Net', NET), snapshotFrom('New', 'a Linear 2 1x9')],
    expected: ['Net: the same, params 190 -> 190 (0, 0), 3 layers the same', 'New: added', 'Old: removed'],
  },
  {
    title: 'two that could be the renamed one: the more alike is',
    before: [snapshotFrom('Net', NET)],
    after: [snapshotFrom('A', `${NET}\nx Linear 1 1x1`), snapshotFrom('B', NET)],
    expected: ['A: added', 'Net -> B: the same, params 190 -> 190 (0, 0), 3 layers the same'],
  },
  {
    title: 'of two with one name the first counts',
    before: [snapshotFrom('Net', NET), snapshotFrom('Net', '')],
    after: [snapshotFrom('Net', NET)],
    expected: ['Net: the same, params 190 -> 190 (0, 0), 3 layers the same'],
  },
  { title: 'nothing', before: [], after: [], expected: [] },
];

for (const { title, before, after, expected } of CASES) {
  it(title, () => {
    expect(compareSnapshots(before, after).flatMap(describeEntry)).toEqual(expected);
  });
}

it('compares latencies by device and estimate, and accuracies by data set', () => {
  const latency = (deviceId: string, rooflineMs: number | undefined): ModelSnapshot['latency'][number] => ({
    deviceId,
    rooflineMs,
    predictedMs: undefined,
    upperMs: undefined,
  });
  const [entry] = compareSnapshots(
    [
      snapshotFrom('Net', NET, {
        latency: [latency('t4', 2), latency('gone', 1)],
        accuracy: [{ dataset: 'imagenet-top1', value: 0.75 }],
      }),
    ],
    [
      snapshotFrom('Net', NET, {
        latency: [latency('t4', 3), latency('new', 1)],
        accuracy: [{ dataset: 'imagenet-top1', value: 0.5 }],
      }),
    ],
  );
  if (entry?.kind !== 'compared') throw new Error('compared');
  const { latency: changes, accuracy, isSame } = entry.comparison;
  expect(changes.map(({ deviceId, rooflineMs }) => [deviceId, rooflineMs.delta, rooflineMs.share])).toEqual([
    ['t4', 1, 0.5],
    ['new', undefined, undefined],
  ]);
  expect(accuracy.map(({ change }) => change.delta)).toEqual([-0.25]);
  expect(isSame).toBe(false);
});

function describeEntry(entry: EntryComparison): readonly string[] {
  if (entry.kind === 'added') return [`${entry.after.name}: added`];
  if (entry.kind === 'removed') return [`${entry.before.name}: removed`];
  const { before, after, totals, layers, sameLayerCount, hasOtherInputs, isSame } = entry.comparison;
  const { paramCount } = totals;
  const names = [...new Set([before.name, after.name])].join(' -> ');
  const flags = `${isSame ? 'the same, ' : ''}${hasOtherInputs ? 'other inputs, ' : ''}`;
  const figures = [paramCount.delta, paramCount.share].map((figure) =>
    figure === undefined ? '?' : Number(figure.toPrecision(3)),
  );
  const params = `params ${paramCount.before ?? '?'} -> ${paramCount.after ?? '?'} (${figures.join(', ')})`;
  return [`${names}: ${flags}${params}, ${sameLayerCount} layers the same`, ...layers.map(describeLayer)];
}

function describeLayer(change: LayerChange): string {
  if (change.kind === 'added') return `  added ${change.after.name}`;
  if (change.kind === 'removed') return `  removed ${change.before.name}`;
  return `  ${change.kind} ${change.before.name} -> ${change.after.name}: ${change.aspects.join(' ')}`;
}

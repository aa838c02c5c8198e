/**
 * Two lists of layers in, what became of each out. A line is "name op parameters shape"; in the answer "=" is the same
 * layer, ">" a rename, "~" a change, "+" added, "-" removed.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchLayers, type LayerPair } from '../../server/src/gate/matchLayers.ts';
import type { SnapshotLayer } from '../../server/src/gate/snapshot.ts';
import { layersOf } from './snapshotText.ts';

interface Case {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly expected: string;
}

const CASES: readonly Case[] = [
  {
    title: 'nothing changed',
    before: `
      conv Conv2d 100 1x8
      relu ReLU 0 1x8`,
    after: `
      conv Conv2d 100 1x8
      relu ReLU 0 1x8`,
    expected: '= conv, = relu',
  },
  {
    title: 'a layer became wider, and the next one with it',
    before: `
      conv1 Conv2d 100 1x8
      bn1 BatchNorm2d 16 1x8
      conv2 Conv2d 200 1x16
      head Linear 160 1x10`,
    after: `
      conv1 Conv2d 200 1x16
      bn1 BatchNorm2d 32 1x16
      conv2 Conv2d 400 1x16
      head Linear 160 1x10`,
    expected: '~ conv1, ~ bn1, ~ conv2, = head',
  },
  {
    title: 'a block was put in front: indices shift, and one name has the same structure by chance',
    before: `
      0 Conv2d 100 1x128
      1 ReLU 0 1x128
      2 Conv2d 200 1x128
      3 ReLU 0 1x128`,
    after: `
      0 Conv2d 50 1x64
      1 ReLU 0 1x64
      2 Conv2d 100 1x128
      3 ReLU 0 1x128
      4 Conv2d 200 1x128
      5 ReLU 0 1x128`,
    expected: '+ 0, + 1, > 0 2, > 1 3, > 2 4, > 3 5',
  },
  {
    title: 'one of many equal blocks was added: the last name is the new one',
    before: `
      layers.0.fc Linear 64 1x8
      layers.1.fc Linear 64 1x8
      head Linear 80 1x10`,
    after: `
      layers.0.fc Linear 64 1x8
      layers.1.fc Linear 64 1x8
      layers.2.fc Linear 64 1x8
      head Linear 80 1x10`,
    expected: '= layers.0.fc, = layers.1.fc, + layers.2.fc, = head',
  },
  {
    title: 'a wider block was put between equal ones: the others only moved on',
    before: `
      l.0.fc Linear 64 1x8
      l.0.act GELU 0 1x8
      l.1.fc Linear 64 1x8
      l.1.act GELU 0 1x8
      l.2.fc Linear 64 1x8
      l.2.act GELU 0 1x8`,
    after: `
      l.0.fc Linear 64 1x8
      l.0.act GELU 0 1x8
      l.1.fc Linear 512 1x64
      l.1.act GELU 0 1x64
      l.2.fc Linear 64 1x8
      l.2.act GELU 0 1x8
      l.3.fc Linear 64 1x8
      l.3.act GELU 0 1x8`,
    expected:
      '= l.0.fc, = l.0.act, + l.1.fc, + l.1.act, > l.1.fc l.2.fc, > l.1.act l.2.act, > l.2.fc l.3.fc, > l.2.act l.3.act',
  },
  {
    title: 'a module was renamed',
    before: `
      layer1.0.conv1 Conv2d 100 1x8
      layer1.0.bn1 BatchNorm2d 16 1x8
      layer2.0.conv1 Conv2d 200 1x16`,
    after: `
      stage1.0.conv1 Conv2d 100 1x8
      stage1.0.bn1 BatchNorm2d 16 1x8
      stage2.0.conv1 Conv2d 200 1x16`,
    expected: '> layer1.0.conv1 stage1.0.conv1, > layer1.0.bn1 stage1.0.bn1, > layer2.0.conv1 stage2.0.conv1',
  },
  {
    title: 'another activation under the same name',
    before: 'act ReLU 0 1x8',
    after: 'act GELU 0 1x8',
    expected: '~ act',
  },
  {
    title: 'another activation in a module that was renamed',
    before: `
      layer1.0.fc Linear 64 1x8
      layer1.0.act ReLU 0 1x8`,
    after: `
      stage1.0.fc Linear 64 1x8
      stage1.0.act GELU 0 1x8`,
    expected: '> layer1.0.fc stage1.0.fc, ~ layer1.0.act stage1.0.act',
  },
  {
    title: 'a larger input: every shape is another',
    before: `
      conv Conv2d 100 1x8x32
      pool MaxPool2d 0 1x8x16
      conv_1 Conv2d 300 1x8x16`,
    after: `
      conv Conv2d 100 1x8x64
      pool MaxPool2d 0 1x8x32
      conv_1 Conv2d 300 1x8x32`,
    expected: '~ conv, ~ pool, ~ conv_1',
  },
  {
    title: 'two layers changed places',
    before: `
      norm LayerNorm 16 1x8
      attention Attention 400 1x8
      mlp Linear 900 1x8`,
    after: `
      attention Attention 400 1x8
      mlp Linear 900 1x8
      norm LayerNorm 16 1x8`,
    expected: '= attention, = mlp, = norm',
  },
  {
    title: 'all other',
    before: 'conv Conv2d 100 1x8',
    after: 'fc Linear 100 1x8',
    expected: '- conv, + fc',
  },
  { title: 'everything is new', before: '', after: 'fc Linear 1 1x8', expected: '+ fc' },
  { title: 'everything is gone', before: 'fc Linear 1 1x8', after: '', expected: '- fc' },
  { title: 'nothing on either side', before: '', after: '', expected: '' },
  {
    title: 'unknown parameters are as good as equal ones',
    before: 'fc Linear ? ?',
    after: 'fc Linear ? ?',
    expected: '= fc',
  },
];

for (const { title, before, after, expected } of CASES) {
  it(title, () => {
    const [old, fresh] = [layersOf(before), layersOf(after)];
    expect(describePairs(old, fresh, matchLayers(old, fresh))).toBe(expected);
  });
}

const layerArbitrary = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'x.0', 'x.1', 'x.2'),
  op: fc.constantFrom('Conv2d', 'ReLU'),
  paramCount: fc.constantFrom(0, 9, undefined),
  shape: fc.constantFrom('1x8', '1x16'),
});

const listArbitrary = fc.array(layerArbitrary, { maxLength: 12 }).map((list) =>
  list.map(({ name, op, paramCount, shape }): SnapshotLayer => ({
    name,
    op,
    outputShapes: [shape],
    paramCount,
    macs: 0,
    callCount: 1,
    latency: [],
    place: undefined,
  })),
);

it('pairs every layer once, whatever the lists', () => {
  fc.assert(
    fc.property(listArbitrary, listArbitrary, (before, after) => {
      const pairs = matchLayers(before, after);
      const olds = pairs.flatMap(({ before: index }) => index ?? []);
      const news = pairs.flatMap(({ after: index }) => index ?? []);
      expect([...olds].sort(byNumber)).toEqual(before.map((_, index) => index));
      // Those of `after` stand in their order.
      expect(news).toEqual(after.map((_, index) => index));
      expect(matchLayers(before, after)).toEqual(pairs);
    }),
    { numRuns: 500 },
  );
});

it('pairs a list with itself as the same', () => {
  fc.assert(
    fc.property(listArbitrary, (list) => {
      expect(matchLayers(list, list)).toEqual(list.map((_, index) => ({ before: index, after: index })));
    }),
  );
});

const MANY = 40_000;

/** Lists that would take minutes if all were compared with all: 1.6 billion pairs. */
const HOSTILE: readonly (readonly [
  title: string,
  before: (index: number) => string,
  after: (index: number) => string,
])[] = [
  ['all alike, under other names', (index) => `a${index} ReLU 0 1x8`, (index) => `b${index} ReLU 0 1x8`],
  ['all different', (index) => `a${index} Conv2d ${index} 1x8`, (index) => `b${index} Linear ${index} 1x8`],
  ['in reverse', (index) => `a${index} Conv2d ${index} 1x8`, (index) => `a${MANY - index} Conv2d ${MANY - index} 1x8`],
  ['one name for all', () => 'a Conv2d 1 1x8', (index) => `a Conv2d ${index % 7} 1x8`],
  ['blocks interleaved', (index) => `a${index % 200} ReLU ${index % 3} 1x8`, (index) => `a${index % 199} ReLU 0 1x8`],
];

for (const [title, before, after] of HOSTILE) {
  it(`ends on ${MANY} layers: ${title}`, () => {
    const list = (line: (index: number) => string): readonly SnapshotLayer[] =>
      layersOf(Array.from({ length: MANY }, (_, index) => line(index)).join('\n'));
    const pairs = matchLayers(list(before), list(after));
    expect(new Set(pairs.flatMap(({ before: index }) => index ?? [])).size).toBe(MANY);
    expect(pairs.flatMap(({ after: index }) => index ?? [])).toHaveLength(MANY);
  });
}

it('finds the one block that was put into very many', () => {
  const block = (index: number): string => `l.${index}.fc Linear ${64 + index} 1x8\nl.${index}.act GELU 0 1x8`;
  const before = Array.from({ length: 10_000 }, (_, index) => block(index)).join('\n');
  const after = Array.from({ length: 10_000 }, (_, index) =>
    index === 5000 ? `new.fc Linear 7 1x8\nnew.act GELU 0 1x8\n${block(index)}` : block(index),
  ).join('\n');
  const [old, fresh] = [layersOf(before), layersOf(after)];
  const added = matchLayers(old, fresh).filter((pair) => pair.before === undefined);
  expect(describePairs(old, fresh, added)).toBe('+ new.fc, + new.act');
});

function describePairs(
  before: readonly SnapshotLayer[],
  after: readonly SnapshotLayer[],
  pairs: readonly LayerPair[],
): string {
  return pairs.map((pair) => describePair(before[pair.before ?? -1], after[pair.after ?? -1])).join(', ');
}

function describePair(old: SnapshotLayer | undefined, fresh: SnapshotLayer | undefined): string {
  if (old === undefined) return `+ ${fresh?.name ?? ''}`;
  if (fresh === undefined) return `- ${old.name}`;
  const isEqual = [old, fresh].map(
    ({ op, paramCount, outputShapes }) => `${op} ${String(paramCount)} ${outputShapes.join()}`,
  );
  if (isEqual[0] !== isEqual[1]) return old.name === fresh.name ? `~ ${fresh.name}` : `~ ${old.name} ${fresh.name}`;
  return old.name === fresh.name ? `= ${fresh.name}` : `> ${old.name} ${fresh.name}`;
}

function byNumber(one: number, other: number): number {
  return one - other;
}

/**
 * What a lens says of two versions of a model: two texts in, one line and the rows of the page out. Figures by hand.
 */
import { expect, it } from 'vitest';
import path from 'node:path';
import { changesPage } from '../../server/src/features/changesPage.ts';
import { compareTitle, isComparable } from '../../server/src/features/compareLens.ts';
import { compareModels, type ModelComparison } from '../../server/src/gate/compareModels.ts';
import type { ModelSnapshot } from '../../server/src/gate/snapshot.ts';
import { snapshotOf } from '../../server/src/gate/snapshotOf.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';

const file = path.join(import.meta.dirname, '../../examples/compared.py');

/** Layers in order, and their names. */
const net = (...layers: readonly string[]): string => `from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
${layers.map((layer, index) => `        self.${/^(\w+)=/.exec(layer)?.[1] ?? `fc${index}`} = ${layer.replace(/^\w+=/, '')}`).join('\n')}
    def forward(self, x):
${layers.map((layer, index) => `        x = self.${/^(\w+)=/.exec(layer)?.[1] ?? `fc${index}`}(x)`).join('\n')}
        return x
`;
const PLAIN = net('nn.Linear(8, 8)', 'nn.Linear(8, 2)');

async function snapshot(text: string): Promise<ModelSnapshot> {
  const analyzer = await makeAnalyzer([]);
  analyzer.setText(file, text);
  const report = analyzer.report(file, 'Net');
  analyzer.setText(file, undefined);
  if (report === undefined) throw new Error('there is no Net');
  return snapshotOf(report, { name: 'net.py:Net', target: 'net.py:Net' }, () => undefined);
}

async function compared(before: string, after: string): Promise<ModelComparison> {
  return compareModels(await snapshot(before), await snapshot(after));
}

/** Without the latency, which no hand computes. */
const withoutLatency = (title: string | undefined): string | undefined =>
  title?.replace(/^[+-][\d.]+ (ns|µs|ms) roofline \([+-][\d.]+ %\)(, )?/, '');

const CASES: readonly (readonly [title: string, before: string, after: string, says: string | undefined])[] = [
  ['nothing changed', PLAIN, `# A comment.\n${PLAIN}`, undefined],
  // 8·3 + 3 in the place of 18 parameters, 24 in the place of 16 MACs; 90 and 80 before
  ['a wider layer', PLAIN, PLAIN.replace('8, 2)', '8, 3)'), '+9 params (+10 %), +8 MACs (+10 %) since HEAD'],
  ['a layer that went', PLAIN, net('nn.Linear(8, 2)'), '-72 params (-80 %), -64 MACs (-80 %) since HEAD'],
  ['a bias that went', PLAIN, PLAIN.replace('8, 2)', '8, 2, bias=False)'), '-2 params (-2.2 %) since HEAD'],
  [
    'only another input',
    `# layercost: input=1x8\n${PLAIN.replace('class', '# layercost: input=1x8\nclass')}`,
    PLAIN.replace('class', '# layercost: input=2x8\nclass'),
    '+80 MACs (+100 %) since HEAD, with another input',
  ],
  ['only names', PLAIN, net('body=nn.Linear(8, 8)', 'head=nn.Linear(8, 2)'), 'layers: 2 renamed since HEAD'],
];

it.each(CASES)('%s', async (_, before, after, says) => {
  const title = compareTitle(await compared(before, after), 't4', 'HEAD');
  expect(withoutLatency(title)).toBe(says);
});

it('tells the latency of the device that is selected, first', async () => {
  const comparison = await compared(PLAIN, PLAIN.replace('8, 2)', '8, 300)'));
  const [t4, h100] = ['t4', 'h100'].map((device) => compareTitle(comparison, device, 'main')) as [string, string];
  for (const title of [t4, h100]) {
    expect(title).toMatch(/^\+[\d.]+ (ns|µs|ms) roofline \(\+[\d.]+ %\), \+2\.682K params .* since main$/);
  }
  expect(t4).not.toBe(h100);
});

it('the page has all figures, and the layers that changed', async () => {
  const comparison = await compared(PLAIN, PLAIN.replace('8, 2)', '8, 3)'));
  const doubts = {
    before: [],
    after: [{ code: 'x', severity: 'warning', message: 'so so', place: undefined }],
  } as const;
  const page = changesPage({ name: 'Net', base: 'HEAD', commitId: 'abc', comparison, deviceId: 't4', doubts });
  expect(page.figures.map(({ label, before, after, delta }) => `${label}: ${before} -> ${after} ${delta}`)).toEqual([
    'parameters: 90 -> 99 +9',
    'MACs: 80 -> 88 +8',
    'weights: 360 B -> 396 B +36 B',
    'activations: 40 B -> 44 B +4 B',
    expect.stringMatching(/^peak memory: /),
    expect.stringMatching(/^t4, at least: /),
  ]);
  expect(page.layers.map(({ sign, name, detail }) => `${sign} ${name} ${detail}`)).toEqual([
    '~ fc1 1x2 -> 1x3, params 18 -> 27, MACs 16 -> 24',
  ]);
  expect(page.counts).toBe('1 changed, 1 the same');
  expect(page.notes).toEqual(['now: so so']);
});

it('an error in either version, or a gap in one of them, makes the two incomparable', () => {
  const gap = { code: 'unknown-argument', severity: 'warning', message: '', place: undefined } as const;
  const error = { ...gap, code: 'shape-mismatch', severity: 'error' } as const;
  expect(isComparable({ before: [], after: [] })).toBe(true);
  expect(isComparable({ before: [gap], after: [gap, gap] })).toBe(true);
  expect(isComparable({ before: [], after: [gap] })).toBe(false);
  expect(isComparable({ before: [error], after: [error] })).toBe(false);
});

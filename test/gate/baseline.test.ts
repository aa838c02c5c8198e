/** Snapshots written and read back, and texts that are no baseline with what is said of them. */
import { expect, it } from 'vitest';
import { baselineFromJson, baselineToJson } from '../../server/src/gate/baseline.ts';
import { snapshotFrom } from './snapshotText.ts';

const NET = snapshotFrom('net.py:Net', 'conv Conv2d 100 1x8\nfc Linear ? ?', {
  latency: [{ deviceId: 't4', rooflineMs: 1.5, predictedMs: undefined, upperMs: undefined }],
  accuracy: [{ dataset: 'imagenet-top1', value: 0.75 }],
  coverageShare: 0.5,
});
const OTHER = snapshotFrom('größe "und" so', 'relu ReLU 0 1x8');

it('reads back what it wrote, sorted by name', () => {
  const decoded = baselineFromJson(baselineToJson([OTHER, NET]));
  expect(decoded).toEqual({ kind: 'ok', value: [OTHER, NET] });
  expect(baselineToJson([NET, OTHER])).toBe(baselineToJson([OTHER, NET]));
});

it('reads a file with a byte order mark', () => {
  expect(baselineFromJson(`\uFEFF${baselineToJson([])}`)).toEqual({ kind: 'ok', value: [] });
});

const written = baselineToJson([NET]);

const BAD: readonly (readonly [text: string, says: string])[] = [
  ['', 'it is no JSON'],
  [written.slice(0, 200), 'it is no JSON'],
  ['[]', 'not an object'],
  ['{}', 'formatVersion is missing'],
  ['{"formatVersion": 2, "models": []}', 'its formatVersion is 2, not 1'],
  ['{"formatVersion": 1, "models": {}}', 'models is {}, not a list'],
  ['{"formatVersion": 1, "models": [null]}', 'models[0] is null, not an object'],
  [written.replace('"callCount": 1', '"callCount": 1.5'), 'models[0].layers[0].callCount is 1.5, not an integer'],
  [
    written.replace('"paramCount": 100', '"paramCount": "100"'),
    'models[0].layers[0].paramCount is "100", not a number',
  ],
];

it.each(BAD)('refuses %#', (text, says) => {
  const decoded = baselineFromJson(text);
  expect(decoded.kind === 'invalid' && decoded.message).toContain(says);
});

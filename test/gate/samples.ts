/**
 * Hand-made values for the gate's tests: a digest of a small model, entries with budgets as the parser makes them.
 */
import type { Budget, EntryConfiguration, Metric } from '../../server/src/configuration/configuration.ts';
import type { EntryContext } from '../../server/src/gate/checkEntry.ts';
import type { ModelDigest } from '../../server/src/gate/modelDigest.ts';
import { createPlacer, type Placer } from '../../server/src/gate/place.ts';
import type { ModelSnapshot, SnapshotLayer } from '../../server/src/gate/snapshot.ts';

export const CONFIGURATION = '/repo/layercost.json';

/** Every budget on a line of its own: line N starts at offset 10 * (N - 1). */
export const placer: Placer = createPlacer({
  root: '/repo',
  packageFolders: ['/usr/lib/site-packages'],
  readText: (file) => (file === CONFIGURATION ? '         \n'.repeat(50) : undefined),
});

export function layer(name: string, paramCount: number, macs: number, rooflineMs = 0): SnapshotLayer {
  return {
    name,
    op: 'Conv2d',
    outputShapes: ['1x8x4x4'],
    paramCount,
    macs,
    callCount: 1,
    latency: [{ deviceId: 't4', rooflineMs, predictedMs: undefined, upperMs: undefined }],
    place: { file: 'net.py', line: 5 },
  };
}

const LAYERS = [layer('stem', 1000, 700_000, 0.25), layer('head', 3000, 300_000, 0.75)];

export function snapshot(changes: Partial<ModelSnapshot> = {}): ModelSnapshot {
  return {
    name: 'net',
    target: 'net.py:Net',
    inputs: ['x 1x3x8x8 float32'],
    totals: {
      paramCount: 4000,
      macs: 1_000_000,
      weightBytes: 16_000,
      activationBytes: 2 ** 20,
      peakMemoryBytes: 3 * 2 ** 20,
    },
    latency: [{ deviceId: 't4', rooflineMs: 1, predictedMs: undefined, upperMs: undefined }],
    accuracy: [],
    layers: LAYERS,
    coverageShare: 1,
    ...changes,
  };
}

export function digest(changes: Partial<ModelDigest> = {}): ModelDigest {
  const cause = (name: string, value: number, share: number): ModelDigest['costliest'][string][number] => ({
    layer: name,
    op: 'Conv2d',
    value,
    share,
    place: { file: 'net.py', line: name === 'stem' ? 5 : 6 },
  });
  return {
    snapshot: snapshot(),
    missing: {},
    costliest: {
      paramCount: [cause('head', 3000, 0.75), cause('stem', 1000, 0.25)],
      macs: [cause('stem', 700_000, 0.7), cause('head', 300_000, 0.3)],
      weightBytes: [cause('head', 12_000, 0.75)],
      activationBytes: [cause('stem', 2 ** 19, 0.5)],
      peakMemoryBytes: [cause('stem', 2 ** 20, 1 / 3)],
      'latency t4': [cause('head', 0.75, 0.75)],
    },
    assumptions: [{ kind: 'input', message: 'input 1x3x8x8 (from Conv2d(3, ...))', place: undefined }],
    problems: [],
    coverage: { understoodNodes: 10, totalNodes: 10, unknown: [] },
    place: { file: 'net.py', line: 3 },
    ...changes,
  };
}

export const METRICS: Readonly<Record<string, Metric>> = {
  params: { kind: 'params' },
  macs: { kind: 'macs' },
  weights: { kind: 'weights' },
  activations: { kind: 'activations' },
  peakMemory: { kind: 'peakMemory' },
  roofline: { kind: 'latency', deviceId: 't4', estimate: 'roofline' },
  predicted: { kind: 'latency', deviceId: 't4', estimate: 'predicted' },
  upper: { kind: 'latency', deviceId: 't4', estimate: 'upper' },
  elsewhere: { kind: 'latency', deviceId: 'abacus', estimate: 'roofline' },
  accuracy: { kind: 'accuracy', dataset: 'imagenet-top1' },
};

/** "params 5000", "warn macs 1e6", "growth params 5%", "growth macs 1000": as an entry's budget on its own line. */
export function budget(text: string, line: number): Budget {
  const words = text.split(' ');
  const severity = words[0] === 'warn' ? 'warn' : 'error';
  if (severity === 'warn') words.shift();
  const isGrowth = words[0] === 'growth';
  if (isGrowth) words.shift();
  const [name = '', amount = ''] = words;
  const metric = METRICS[name];
  if (metric === undefined) throw new Error(`no metric ${name}`);
  const start = 10 * (line - 1);
  const range = { file: CONFIGURATION, start, end: start + 1 };
  const base = { metric, severity, text: amount, range, amountRange: range } as const;
  if (!isGrowth) return { ...base, kind: 'limit', limit: Number(amount) };
  return amount.endsWith('%')
    ? { ...base, kind: 'growth', growth: { kind: 'relative', share: Number(amount.slice(0, -1)) / 100 } }
    : { ...base, kind: 'growth', growth: { kind: 'absolute', amount: Number(amount) } };
}

export function entry(budgets: readonly string[] = [], changes: Partial<EntryConfiguration> = {}): EntryConfiguration {
  const range = { file: CONFIGURATION, start: 10, end: 19 };
  return {
    name: 'net',
    model: 'net.py:Net',
    args: undefined,
    inputs: undefined,
    deviceIds: ['t4'],
    allowUnknown: false,
    budgets: budgets.map((text, index) => budget(text, 3 + index)),
    range,
    modelRange: range,
    ...changes,
  };
}

/** The context of an entry's one model. */
export function context(configured: EntryConfiguration, changes: Partial<EntryContext> = {}): EntryContext {
  const name = configured.name ?? configured.model;
  return { index: 0, name, target: configured.model, entry: configured, placer, ...changes };
}

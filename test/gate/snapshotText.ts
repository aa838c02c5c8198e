/**
 * Snapshots as text, one layer a line: "conv1 Conv2d 9408 1x64x112x112 x2" is name, op, parameters, shape and calls;
 * "?" is an unknown figure. MACs are ten times the parameters, so that they change with them.
 */
import type { ModelSnapshot, SnapshotLayer } from '../../server/src/gate/snapshot.ts';

export function layersOf(text: string): readonly SnapshotLayer[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const [name = '', op = '', params = '0', shape = '1', calls = 'x1'] = line.trim().split(/\s+/);
      const paramCount = params === '?' ? undefined : Number(params);
      return {
        name,
        op,
        outputShapes: [shape],
        paramCount,
        macs: paramCount === undefined ? undefined : paramCount * 10,
        callCount: Number(calls.slice(1)),
        latency: [],
        place: { file: 'net.py', line: index + 1 },
      };
    });
}

export function snapshotFrom(name: string, text: string, more: Partial<ModelSnapshot> = {}): ModelSnapshot {
  const layers = layersOf(text);
  const sum = (pick: (layer: SnapshotLayer) => number | undefined): number | undefined =>
    layers.some((layer) => pick(layer) === undefined)
      ? undefined
      : layers.reduce((total, layer) => total + (pick(layer) ?? 0), 0);
  const paramCount = sum((layer) => layer.paramCount);
  return {
    name,
    target: `net.py:${name}`,
    inputs: ['x 1x3x32x32 float32'],
    totals: {
      paramCount,
      macs: sum((layer) => layer.macs),
      weightBytes: paramCount === undefined ? undefined : paramCount * 4,
      activationBytes: 1000,
      peakMemoryBytes: 2000,
    },
    latency: [],
    accuracy: [],
    layers,
    coverageShare: 1,
    ...more,
  };
}

/**
 * What rows of layers keep in memory adds up: weights and activations to the totals; at the peak, rows and inputs
 * together are the peak. Expected figures are sums that the report makes in another way (cost/liveness.ts).
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LayerReport, Report } from '../../server/src/analysis/report.ts';
import { tensorBytes } from '../../server/src/graph/tensorType.ts';
import { findTorchvision } from '../support/findTorchvision.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';

const root = path.join(import.meta.dirname, '../..');
const torchvision = findTorchvision();

const TARGETS = [
  path.join(root, 'examples/small_cnn.py'),
  path.join(root, 'examples/small_transformer.py'),
  ...(torchvision === undefined
    ? []
    : ['torchvision.models:resnet18', 'torchvision.models:densenet121', 'torchvision.models:mobilenet_v2']),
];

for (const target of TARGETS) {
  it(`adds up for ${path.basename(target)}`, async () => {
    const analyzer = await makeAnalyzer(torchvision === undefined ? [] : [torchvision]);
    const result = analyzer.analyze({ target, inputs: undefined, args: undefined, deviceIds: [] });
    if (result.kind === 'problem') throw new Error(result.problems[0]?.message);
    const { report } = result;
    expect(report.totals.peakMemoryBytes).toBeTypeOf('number');
    expect(sum(report, ({ weightBytes }) => weightBytes)).toBe(report.totals.weightBytes);
    expect(sum(report, ({ activationBytes }) => activationBytes)).toBe(report.totals.activationBytes);
    const inputs = report.inputs.reduce((bytes, { type }) => {
      const size = type.kind === 'tensor' ? tensorBytes(type) : NaN;
      return bytes + (typeof size === 'number' ? size : NaN);
    }, 0);
    const constants = report.graph.values.filter(({ origin }) => origin.kind === 'constant').length;
    if (constants === 0) {
      expect(sum(report, ({ peakMemoryBytes }) => peakMemoryBytes) + inputs).toBe(report.totals.peakMemoryBytes);
    }
  });
}

function sum({ layers }: Report, figureOf: (layer: LayerReport) => unknown): number {
  return layers.reduce((total, layer) => {
    const figure = figureOf(layer);
    return total + (typeof figure === 'number' ? figure : NaN);
  }, 0);
}

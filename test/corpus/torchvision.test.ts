/**
 * torchvision's classification models, read from the sources of an installed package, against PyTorch's own figures
 * (test/truth/data/torchvision.json, made by test/truth/torchvision/make_torchvision_truth.py): parameters, buffers,
 * MACs and output shapes must be equal as integers.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTorchvision } from '../support/findTorchvision.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';
import type { Report } from '../../server/src/analysis/report.ts';

interface ModelTruth {
  readonly input: readonly number[];
  readonly paramCount: number;
  readonly bufferCount: number;
  readonly macs: number;
  readonly output: readonly number[];
  /** One entry a call: the leaf's name and the shapes that it gave. */
  readonly leafOutputs?: readonly (readonly [string, readonly (readonly number[])[]])[];
}

const truth = JSON.parse(readFileSync(path.join(import.meta.dirname, '../truth/data/torchvision.json'), 'utf8')) as {
  readonly torchvision: string;
  readonly models: Readonly<Record<string, ModelTruth>>;
};

const sitePackages = findTorchvision();

describe('torchvision', () => {
  if (sitePackages === undefined) {
    it('says what it leaves out', () => {
      console.log('torchvision is not here (see test/corpus/fetch.mjs): its 80 models were not compared.');
      expect(existsSync(path.join(import.meta.dirname, '../truth/data/torchvision.json'))).toBe(true);
    });
    return;
  }
  const file = path.join(sitePackages, 'torchvision/models/__init__.py');
  for (const [name, expected] of Object.entries(truth.models)) {
    it(name, async () => {
      const analyzer = await makeAnalyzer([sitePackages]);
      const result = analyzer.analyze({
        target: `torchvision.models:${name}`,
        inputs: undefined,
        args: undefined,
        deviceIds: ['t4'],
      });
      if (result.kind === 'problem') throw new Error(JSON.stringify(result.problems));
      const { report } = result;
      expect(figures(report), `${name} in ${file}`).toEqual({
        input: expected.input,
        paramCount: expected.paramCount,
        bufferCount: expected.bufferCount,
        macs: expected.macs,
        output: expected.output,
        coverage: 1,
        errors: [],
      });
      if (expected.leafOutputs !== undefined) expect(leafOutputs(report)).toEqual(sorted(expected.leafOutputs));
    });
  }
});

function figures(report: Report): Record<string, unknown> {
  const [input] = report.inputs;
  const [output] = report.outputs;
  return {
    input: input?.type.kind === 'tensor' ? input.type.shape : undefined,
    paramCount: report.totals.paramCount,
    bufferCount: report.totals.bufferCount,
    macs: report.totals.macs,
    output: output?.type.kind === 'tensor' ? output.type.shape : undefined,
    coverage: report.coverage.share,
    errors: report.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  };
}

/** All calls of leaf modules, sorted by name: PyTorch's order among equals is kept. */
function leafOutputs(report: Report): readonly (readonly [string, readonly unknown[]])[] {
  const { graph } = report;
  return sorted(
    graph.scopes.flatMap((scope) =>
      scope.isLeaf
        ? scope.calls.map((call): readonly [string, readonly unknown[]] => [
            scope.path,
            call.outputs.map((id) => {
              const type = graph.values[id]?.type;
              return type?.kind === 'tensor' ? type.shape : undefined;
            }),
          ])
        : [],
    ),
  );
}

function sorted<T extends readonly [string, unknown]>(calls: readonly T[]): readonly T[] {
  return [...calls].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

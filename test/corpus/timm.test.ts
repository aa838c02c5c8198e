/**
 * timm's models, read from the sources of the package, against PyTorch's own figures (test/truth/data/timm.json, made by
 * test/truth/timm/make_timm_truth.py): parameters, buffers, MACs and output shapes must be equal as integers, at the
 * input that we deduce. A regular run takes one model for each class in each module of timm, the one with the fewest
 * parameters; `LAYERCOST_TIMM=all npx vitest run test/corpus/timm.test.ts` takes all.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { printDim, unknownReason } from '../../server/src/graph/dim.ts';
import type { Report } from '../../server/src/analysis/report.ts';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';

interface ModelTruth {
  /** "timm.models.resnet" */
  readonly module: string;
  /** "ResNet" */
  readonly class: string;
  readonly input: readonly number[];
  readonly paramCount: number;
  readonly bufferCount: number;
  readonly macs: number;
  readonly outputs: readonly (readonly number[])[];
}

/** Models that we do not know in full, with the reason that we give; all others must be exact. */
const UNKNOWN: Readonly<Record<string, string>> = {
  // A loop over all pairs of 1024 positions.
  tiny_vit_21m_512: 'Stopped after',
  // Their layers are listed in text files beside the code, by pkgutil.get_data, which is not modelled.
  ecaresnet50d_pruned: 'KeyError',
  ecaresnet101d_pruned: 'KeyError',
  efficientnet_b1_pruned: 'KeyError',
  efficientnet_b2_pruned: 'KeyError',
  efficientnet_b3_pruned: 'KeyError',
};

/** Models a test: a failure names all of its models that differ. */
const CHUNK = 12;

const truth = JSON.parse(readFileSync(path.join(import.meta.dirname, '../truth/data/timm.json'), 'utf8')) as {
  readonly timm: string;
  readonly models: Readonly<Record<string, ModelTruth>>;
};
const packages = path.join(import.meta.dirname, '../../.cache/python');
const searchPaths = [path.join(packages, `timm-${truth.timm}`), path.join(packages, 'torchvision-0.29.1')];

describe(`timm ${truth.timm}`, () => {
  const isThere = searchPaths.every((folder) => existsSync(folder));
  const wanted = process.env['LAYERCOST_TIMM'] === 'all' ? Object.keys(truth.models) : smallest();
  if (!isThere) {
    it('says what it leaves out', () => {
      console.log(`timm is not here (see test/corpus/fetch.mjs): its ${wanted.length} models were not compared.`);
      expect(wanted.length).toBeGreaterThan(100);
    });
    return;
  }
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const names = wanted.slice(start, start + CHUNK);
    it(`${names[0]} to ${names.at(-1)}`, { timeout: 240_000 }, async () => {
      const analyzer = await makeAnalyzer(searchPaths);
      const found: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const name of names) {
        const { module, input, paramCount, bufferCount, macs, outputs } = truth.models[name] as ModelTruth;
        const figures = { input, paramCount, bufferCount, macs, outputs };
        const target = `${module}:${name}`;
        const result = analyzer.analyze({ target, inputs: undefined, args: undefined, deviceIds: [] });
        if (result.kind === 'problem') throw new Error(JSON.stringify(result.problems));
        const reason = UNKNOWN[name];
        expected[name] =
          reason === undefined ? { ...figures, coverage: 1, errors: [] } : expect.stringContaining(reason);
        found[name] = reason === undefined ? figuresOf(result.report) : unknownReason(result.report.totals.macs);
      }
      expect(found).toEqual(expected);
    });
  }
});

/** For each class in each module, the model with the fewest parameters. */
function smallest(): readonly string[] {
  const byClass = new Map<string, string>();
  for (const [name, model] of Object.entries(truth.models)) {
    const key = `${model.module} ${model.class}`;
    const other = truth.models[byClass.get(key) ?? ''];
    if (other === undefined || model.paramCount < other.paramCount) byClass.set(key, name);
  }
  return [...byClass.values()].sort();
}

function figuresOf({ inputs, outputs, totals, coverage, problems }: Report): Record<string, unknown> {
  const [input] = inputs;
  const figure = (dim: Report['totals']['macs']): unknown => (typeof dim === 'number' ? dim : printDim(dim));
  return {
    input: input?.type.kind === 'tensor' ? input.type.shape : undefined,
    paramCount: figure(totals.paramCount),
    bufferCount: figure(totals.bufferCount),
    macs: figure(totals.macs),
    outputs: outputs.map(({ type }) => (type.kind === 'tensor' ? type.shape : undefined)),
    coverage: coverage.share,
    errors: problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  };
}

/**
 * Every layer of torch.nn: attributes, parameters, buffers, MACs and outputs are PyTorch's.
 * Truth: test/truth/data/torch/layers.json, made by test/truth/torch/make_layer_truth.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PyInstance, PyFloat, PyList, PyTuple, type Value } from '../../../server/src/evaluation/values.ts';
import type { DType } from '../../../server/src/graph/dtype.ts';
import {
  factsOf,
  figure,
  makeTorchProject,
  MODEL_FILE,
  shapeText,
  tensorText,
  traceText,
} from './support/traceModel.ts';

type Stored = readonly [string, readonly number[], string];

interface LayerCase {
  readonly layer: string;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
  /** One tensor is passed for all inputs. */
  readonly isSelf: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly parameters: readonly Stored[];
  readonly buffers: readonly Stored[];
  /** Null where PyTorch's counter has no rule. */
  readonly macs: number | null;
  readonly outputs: readonly (readonly [readonly number[], string])[];
}

const { cases } = JSON.parse(readFileSync(new URL('../../truth/data/torch/layers.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly LayerCase[];
};

/** A model around the layer where one tensor is passed three times. */
function sourceOf({ layer, isSelf }: LayerCase): string {
  const lines = ['import torch', 'from torch import nn', `layer = ${layer}`];
  if (isSelf) {
    lines.push(
      'class Self(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.layer = layer',
      '    def forward(self, x):',
      '        return self.layer(x, x, x)',
    );
  }
  return lines.join('\n');
}

describe('layers of torch.nn', () => {
  it.each(
    cases.map(
      (item) => [`${item.layer} on ${item.inputs.map(({ shape }) => shapeText(shape)).join(', ')}`, item] as const,
    ),
  )('%s', async (_title, item) => {
    const prefix = item.isSelf ? 'layer.' : '';
    const result = await traceText(sourceOf(item), {
      target: item.isSelf ? 'Self' : 'layer',
      inputs: item.isSelf ? item.inputs.slice(0, 1) : item.inputs,
    });
    const facts = factsOf(result);
    expect(facts.problems).toEqual([]);
    expect(facts.outputs).toEqual(item.outputs.map(([shape, dtype]) => `${shapeText(shape)} ${dtype}`));
    expect(facts.parameters).toEqual(storedTexts(prefix, item.parameters));
    expect(facts.buffers).toEqual(storedTexts(prefix, item.buffers));
    if (item.macs !== null) expect(figure(facts.macs)).toBe(item.macs);
    expect(result.unknowns).toEqual([]);
  });

  it.each(cases.filter(({ layer }) => !layer.includes('Lazy')).map((item) => [item.layer, item] as const))(
    'attributes of %s',
    async (_title, item) => {
      const project = await makeTorchProject({ [MODEL_FILE]: sourceOf(item) });
      const { module } = project.module(MODEL_FILE);
      const { value } = project.run({ file: MODEL_FILE }, (executor) => {
        const layer = executor.getAttribute(module, 'layer');
        if (!(layer instanceof PyInstance)) return {};
        return Object.fromEntries(
          Object.keys(item.attributes).map((name) => [name, plain(layer.attributes.get(name))]),
        );
      });
      expect(value).toEqual(item.attributes);
    },
  );
});

function storedTexts(prefix: string, stored: readonly Stored[]): readonly string[] {
  return stored.map(([name, shape, dtype]) => tensorText(prefix + name, shapeText(shape), dtype));
}

/** As the truth writes attributes: tuples and lists with their kind first. */
function plain(value: Value | undefined): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) return ['tuple', ...value.items.map(plain)];
  if (value instanceof PyList) return ['list', ...value.items.map(plain)];
  return value;
}

/**
 * Programs of modules against PyTorch: names, shapes and counts of parameters, buffers and modules, MACs, outputs.
 * Truth: test/truth/data/torch/programs.json, made by test/truth/torch/make_program_truth.py from fixtures/programs.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType } from '../../../server/src/graph/dtype.ts';
import { factsOf, figure, shapeText, tensorText, traceText } from './support/traceModel.ts';

type Stored = readonly [string, readonly number[], string];

interface ProgramCase {
  readonly file: string;
  readonly target: string;
  readonly args: Readonly<Record<string, number>>;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
  readonly parameters: readonly Stored[];
  readonly buffers: readonly Stored[];
  readonly modules: readonly (readonly [string, string])[];
  readonly macs: number;
  readonly outputs: readonly (readonly [readonly number[], string])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../truth/data/torch/programs.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly ProgramCase[] };

function textOf(file: string): string {
  return readFileSync(new URL(`fixtures/programs/${file}`, import.meta.url), 'utf8');
}

describe('programs of modules', () => {
  it.each(cases.map((item) => [`${item.target} of ${item.file}`, item] as const))('%s', async (_title, item) => {
    const result = await traceText(textOf(item.file), {
      target: item.target,
      args: Object.entries(item.args).map(([name, value]) => ({ name, value })),
      inputs: item.inputs,
    });
    const facts = factsOf(result);
    expect(facts.problems).toEqual([]);
    expect(facts.parameters).toEqual(storedTexts(item.parameters));
    expect(facts.buffers).toEqual(storedTexts(item.buffers));
    expect(result.graph?.scopes.map(({ path, typeName }) => [path, typeName])).toEqual(item.modules);
    expect(facts.outputs).toEqual(item.outputs.map(([shape, dtype]) => `${shapeText(shape)} ${dtype}`));
    expect(figure(facts.macs)).toBe(item.macs);
    expect(result.unknowns).toEqual([]);
  });
});

function storedTexts(stored: readonly Stored[]): readonly string[] {
  return stored.map(([name, shape, dtype]) => tensorText(name, shapeText(shape), dtype));
}

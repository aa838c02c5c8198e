/**
 * The shipped networks in WebAssembly against what PyTorch answered for 200 cells when it trained them
 * (training/layercost_training/ship.py): mean + scale * y of every output, y within 1e-4, and how far each of them is from the
 * nearest cell of the training.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isConstantCell } from '../../server/src/frontends/nasCell/cellGraph.ts';
import { readCell } from '../../server/src/frontends/nasCell/readCell.ts';
import { createCellPredictor } from '../../server/src/predictor/cellPredictor.ts';
import { createKernels } from '../../server/src/predictor/createKernels.ts';
import { kernelBytes } from '../support/kernels.ts';

interface Model {
  readonly networks: readonly { readonly file: string; readonly outputs: readonly string[] }[];
  readonly outputs: Readonly<
    Record<string, { readonly transform: string; readonly mean: number; readonly scale: number }>
  >;
}

interface Vectors {
  readonly vectors: readonly {
    readonly cell: string;
    readonly outputs: Readonly<Record<string, readonly number[]>>;
    readonly distance: number;
  }[];
}

const folder = path.join(import.meta.dirname, '../../models/nas-bench-201');
const model = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as Model;
const { vectors } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'fixtures/nasBench201Vectors.json'), 'utf8'),
) as Vectors;

/** Means over the networks that have the output, by its name. */
function answersOf(outputs: Vectors['vectors'][number]['outputs']): Map<string, number> {
  const found = new Map<string, number[]>();
  for (const { file, outputs: names } of model.networks) {
    names.forEach((name, index) => found.set(name, [...(found.get(name) ?? []), outputs[file]?.[index] ?? NaN]));
  }
  return new Map([...found].map(([name, values]) => [name, values.reduce((sum, y) => sum + y, 0) / values.length]));
}

it('answers as PyTorch did for 200 cells', async () => {
  const result = createCellPredictor(
    (name) => readFileSync(path.join(folder, name)),
    (bytes) => new TextDecoder().decode(bytes),
    createKernels(await kernelBytes()),
  );
  if (result.kind === 'problem') throw new Error(result.message);
  const cells = vectors.map(({ cell }) => {
    const read = readCell(cell);
    if (read.kind === 'problem') throw new Error(`not a cell: ${cell}`);
    return read.cell;
  });
  expect(cells.length).toBe(200);
  // What their networks answer is not asked for: their accuracy is that of chance.
  const isConstant = cells.map(isConstantCell);
  let worst = 0;
  let worstDistance = 0;
  result.predictor.predict(cells).forEach((prediction, index) => {
    const answers = answersOf(vectors[index]?.outputs ?? {});
    const distance = vectors[index]?.distance ?? NaN;
    worstDistance = Math.max(worstDistance, Math.abs((prediction?.nearest?.distance ?? NaN) - distance));
    expect([...(prediction?.figures.keys() ?? [])].sort()).toEqual([...answers.keys()].sort());
    for (const [name, y] of answers) {
      if (name.startsWith('accuracy/') && isConstant[index] === true) continue;
      const { transform, mean, scale } = model.outputs[name] ?? { transform: '', mean: NaN, scale: NaN };
      const value = prediction?.figures.get(name)?.value ?? NaN;
      worst = Math.max(worst, Math.abs(((transform === 'exp' ? Math.log(value) : value) - mean) / scale - y));
    }
  });
  expect(worst).toBeLessThan(1e-4);
  expect(worstDistance).toBeLessThan(1e-4);
});

/**
 * Models with every field that onnx.proto has, random by seed, equal the oracle; and 12,000 mutations of models always
 * give a graph or a problem with an offset inside the file.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryByteSource, type ByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { readModel } from '../../../server/src/frontends/onnx/readModel.ts';
import { comparableModel } from './comparable.ts';
import { modelFiles } from './modelFiles.ts';
import { mutant } from './mutations.ts';
import { oracleModel } from './oracle.ts';
import { randomModelBytes, seededRandom } from './randomModel.ts';

/** Reuses one buffer for all reads, as the contract allows: whoever keeps a view of it reads wrong bytes. */
function reusingSource(bytes: Uint8Array): ByteSource {
  const buffer = new Uint8Array(bytes.length);
  return {
    byteLength: bytes.length,
    read(offset, length) {
      buffer.fill(0xff);
      buffer.set(bytes.subarray(offset, offset + length));
      return buffer.subarray(0, Math.min(length, bytes.length - offset));
    },
  };
}

test('200 random models equal the oracle', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const bytes = randomModelBytes(seed);
    const result = readModel(reusingSource(bytes), 'random.onnx');
    if (result.kind === 'problem') throw new Error(`seed ${seed}: ${result.problem.message}`);
    expect(result.problems, `seed ${seed}`).toEqual([]);
    expect(comparableModel(result.model, memoryByteSource(bytes)), `seed ${seed}`).toEqual(oracleModel(bytes));
  }
});

/** A limit for a hang, far above what the runs take. */
const MINUTES = 300_000;

/** Small real models first: a mutation of them hits structure, not padding. */
function seeds(): readonly Uint8Array[] {
  const { light, wheel } = modelFiles();
  const real = [...light, ...wheel].map(({ path }) => new Uint8Array(readFileSync(path)));
  const made = Array.from({ length: 60 }, (_, seed) => randomModelBytes(1000 + seed));
  return [...real.filter(({ length }) => length < 90_000), ...made];
}

test(
  '12,000 mutations give a graph or a problem with an offset',
  () => {
    const models = seeds();
    const random = seededRandom(20_240_607);
    const counts = { graph: 0, 'graph with problems': 0, problem: 0 };
    for (let run = 0; run < 12_000; run++) {
      const mutated = mutant(models, run, random);
      const result = readModel(memoryByteSource(mutated), 'mutated.onnx');
      const problems = result.kind === 'problem' ? [result.problem] : result.problems;
      for (const { location, message } of problems) {
        expect(message.length).toBeGreaterThan(0);
        if (location.kind !== 'bytes') throw new Error('a problem of bytes has a place');
        expect(location.byteOffset).toBeGreaterThanOrEqual(0);
        expect(location.byteOffset).toBeLessThanOrEqual(mutated.length);
      }
      counts[result.kind === 'problem' ? 'problem' : problems.length > 0 ? 'graph with problems' : 'graph']++;
    }
    console.log(`12,000 mutations of ${models.length} models: ${JSON.stringify(counts)}`);
    expect(counts.graph + counts['graph with problems'] + counts.problem).toBe(12_000);
  },
  MINUTES,
);

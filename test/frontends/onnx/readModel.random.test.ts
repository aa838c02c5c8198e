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

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const pick = (random: () => number, length: number): number => Math.floor(random() * length);
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const mutations: readonly Mutation[] = [
  function truncate(bytes, random) {
    return bytes.subarray(0, pick(random, bytes.length));
  },
  function flip(bytes, random) {
    const changed = bytes.slice();
    for (let i = 0; i <= pick(random, 8); i++) {
      const at = pick(random, bytes.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << pick(random, 8));
    }
    return changed;
  },
  function overwrite(bytes, random) {
    const changed = bytes.slice();
    const at = pick(random, bytes.length);
    changed.fill(pick(random, 2) === 0 ? 0xff : pick(random, 256), at, at + 1 + pick(random, 12));
    return changed;
  },
  function insert(bytes, random) {
    const at = pick(random, bytes.length);
    const added = Uint8Array.from({ length: 1 + pick(random, 16) }, () => pick(random, 256));
    return join(bytes.subarray(0, at), added, bytes.subarray(at));
  },
  function remove(bytes, random) {
    const at = pick(random, bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(random, 16)));
  },
  function splice(bytes, random) {
    const from = pick(random, bytes.length);
    const piece = bytes.slice(from, from + pick(random, 400));
    const at = pick(random, bytes.length);
    return join(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
];

/** Small real models first: a mutation of them hits structure, not padding. */
function seeds(): readonly Uint8Array[] {
  const { light, wheel } = modelFiles();
  const real = [...light, ...wheel].map(({ path }) => new Uint8Array(readFileSync(path)));
  const made = Array.from({ length: 60 }, (_, seed) => randomModelBytes(1000 + seed));
  return [...real.filter(({ length }) => length < 90_000), ...made];
}

test('12,000 mutations give a graph or a problem with an offset', () => {
  const models = seeds();
  const random = seededRandom(20_240_607);
  const counts = { graph: 0, 'graph with problems': 0, problem: 0 };
  for (let run = 0; run < 12_000; run++) {
    const mutate = mutations[run % mutations.length];
    const bytes = models[pick(random, models.length)];
    if (mutate === undefined || bytes === undefined) continue;
    const mutated = mutate(bytes, random);
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
});

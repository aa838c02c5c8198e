/**
 * 12,000 broken models, made from the cases of every operator, always give a graph or a problem with an offset, and no
 * figure that cannot be.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { analyzeOnnx } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { checkedGraph } from '../../../server/src/cost/figureDomain.ts';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { mutant } from './mutations.ts';
import { seededRandom } from './randomModel.ts';

const packed = readFileSync(new URL('../../truth/data/onnx/nodeCases.json.gz', import.meta.url));
const { cases } = JSON.parse(gunzipSync(packed).toString('utf8')) as {
  readonly cases: readonly { readonly model: string }[];
};
const models = cases.map(({ model }) => new Uint8Array(Buffer.from(model, 'base64')));

/** A limit for a hang, far above what the runs take. */
const MINUTES = 300_000;

test(
  '12,000 broken models give a graph or a problem with an offset',
  () => {
    const random = seededRandom(7);
    const counts = { graphs: 0, graphsWithProblems: 0, problems: 0 };
    for (let run = 0; run < 12_000; run++) {
      const bytes = mutant(models, run, random);
      const { graph, problems } = analyzeOnnx(memoryByteSource(bytes), { file: 'broken.onnx' });
      for (const { location } of problems) {
        if (location.kind !== 'bytes') throw new Error(`run ${run}: a problem of bytes has a place`);
        expect(location.byteOffset).toBeLessThanOrEqual(bytes.length);
      }
      if (graph !== undefined) expect(checkedGraph(graph).faults, `run ${run}`).toEqual([]);
      if (graph === undefined) expect(problems.length, `run ${run}`).toBeGreaterThan(0);
      counts[graph === undefined ? 'problems' : problems.length > 0 ? 'graphsWithProblems' : 'graphs']++;
    }
    console.log(`12,000 broken models, analysed: ${JSON.stringify(counts)}`);
  },
  MINUTES,
);

/**
 * Worker threads that die for real: of a heap that is too small, once or twice; of a program that ends itself. The models
 * that they had in hand are told as crashes, and all others are analysed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobSettings, ModelJob } from '../../server/src/node/modelJob.ts';
import { runOnWorkers, type WorkerHeap } from '../../server/src/node/workerPool.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'layercost-pool-'));

const SMALL = `from torch import nn
class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.layer = nn.Linear(width, width)
    def forward(self, x):
        return self.layer(x)
`;
/** Thousands of layers that all have to be kept. */
const LARGE = `from torch import nn
def net(count):
    return nn.Sequential(*[nn.Linear(4, 4) for _ in range(count)])
`;

beforeAll(() => {
  for (const [name, text] of [
    ['small0', SMALL],
    ['small1', SMALL],
    ['small2', SMALL],
    ['large', LARGE],
  ] as const) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'net.py'), text);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settings: JobSettings = {
  folder: path.join(root, 'dist'),
  workspaceFolders: [folder],
  searchPaths: [],
  root: folder,
  timeLimitMs: 60_000,
  revision: undefined,
  cacheFolder: undefined,
};

function job(index: number, target: string, args: string | undefined): ModelJob {
  const request = {
    target: path.join(folder, target),
    inputs: [{ name: undefined, shape: [1, 4], dtype: undefined }],
    args,
    deviceIds: ['t4'],
  };
  return { index, name: `net${index}`, target, request };
}

async function run(jobs: readonly ModelJob[], heap: WorkerHeap, workerCount: number): Promise<readonly string[]> {
  const told: string[][] = jobs.map(() => []);
  await runOnWorkers(jobs, {
    settings,
    workerCount,
    heap,
    onOutcome: ({ index }, outcome) => {
      const text =
        outcome.kind === 'digest'
          ? String(outcome.digest.snapshot.totals.paramCount)
          : outcome.kind === 'crash'
            ? outcome.message
            : outcome.problems.map(({ code, message }) => `${message} [${code}]`).join();
      told[index]?.push(text);
    },
  });
  return told.map((texts) => texts.join(' and '));
}

const jobs = [
  job(0, 'small0/net.py:Net', 'width=4'),
  job(1, 'large/net.py:net', '30000'),
  job(2, 'small1/net.py:Net', 'width=5'),
  job(3, 'large/net.py:net', '2'),
  job(4, 'small2/net.py:Net', 'width=6'),
];

it.each([1, 2, 4])('what runs out of memory is told, and the rest is analysed: %i workers', async (workerCount) => {
  const outcomes = await run(jobs, { firstMb: 24, secondMb: 32 }, workerCount);
  expect(outcomes).toEqual(['20', 'the analysis needs more than 32 MB of memory [execution-bound]', '30', '40', '42']);
});

it('what needs more than others has a second try with more memory', async () => {
  const middle = jobs.map((each) => (each.index === 1 ? job(1, 'large/net.py:net', '4000') : each));
  const [, once] = await run(middle, { firstMb: 24, secondMb: 24 }, 2);
  expect(once).toBe('the analysis needs more than 24 MB of memory [execution-bound]');
  expect(await run(middle, { firstMb: 24, secondMb: 512 }, 2)).toEqual(['20', '80000', '30', '40', '42']);
});

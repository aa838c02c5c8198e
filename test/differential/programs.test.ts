/**
 * Random programs of modules against PyTorch: parameters, buffers, MACs, shapes and element types of outputs, or that
 * it refuses them. No figure may differ, nothing that runs may be reported as an error, and nothing refused may have
 * figures; what is not known is said to be so.
 *
 * A regular run takes the programs of test/truth/data/torch/random_programs.jsonl, which programs.py made, and those
 * that once differed (random_found.jsonl). New ones are made and compared where a Python with torch is at hand:
 * `LAYERCOST_PYTHON=python3 LAYERCOST_PROGRAMS=5000 npx vitest run test/differential`, from LAYERCOST_SEED on if given.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeAnalyzer } from '../support/makeAnalyzer.ts';
import { compareProgram, type Agreement, type RandomProgram } from './comparePrograms.ts';

const DATA = path.join(import.meta.dirname, '../truth/data/torch');
const CHUNK = 100;
/** Programs that one run of Python makes, so that a mistake of its process costs few. */
const BATCH = 250;

const python = process.env['LAYERCOST_PYTHON'];
const liveCount = Number(process.env['LAYERCOST_PROGRAMS'] ?? '0');
const firstSeed = Number(process.env['LAYERCOST_SEED'] ?? '100');

describe('random programs', () => {
  // Unknown is honest, but must stay rare to mean anything; hard cases may be unknown more often.
  for (const [name, unknownShare] of [
    ['random_programs.jsonl', 0.02],
    ['random_found.jsonl', 0.1],
  ] as const) {
    const programs = parseLines(readFileSync(path.join(DATA, name), 'utf8'));
    for (let start = 0; start < programs.length; start += CHUNK) {
      const chunk = programs.slice(start, start + CHUNK);
      it(`${name}, from ${start}`, async () => {
        const { differences, counts } = await compareAll(chunk);
        expect(differences).toEqual([]);
        expect(counts.unknown).toBeLessThanOrEqual(chunk.length * unknownShare);
      });
    }
  }

  if (python === undefined || liveCount === 0) {
    it('says what it leaves out', () => {
      console.log('Without LAYERCOST_PYTHON and LAYERCOST_PROGRAMS, no new random programs were made.');
      expect(liveCount).toBeGreaterThanOrEqual(0);
    });
    return;
  }
  for (let seed = firstSeed; seed < firstSeed + liveCount / BATCH; seed++) {
    it(`${BATCH} new programs of seed ${seed}`, { timeout: 600_000 }, async () => {
      const { differences, counts } = await compareAll(makePrograms(python, seed));
      console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
      expect(differences).toEqual([]);
    });
  }
});

function makePrograms(command: string, seed: number): readonly RandomProgram[] {
  const script = path.join(import.meta.dirname, 'programs.py');
  const args = [script, '--seed', String(seed), '--count', String(BATCH)];
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return parseLines(stdout);
}

function parseLines(text: string): readonly RandomProgram[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RandomProgram);
}

async function compareAll(programs: readonly RandomProgram[]): Promise<{
  readonly differences: readonly string[];
  readonly counts: Readonly<Record<Agreement['kind'], number>>;
}> {
  const analyzer = await makeAnalyzer([]);
  const counts = { equal: 0, unknown: 0, bothRefuse: 0, differs: 0 };
  const differences: string[] = [];
  for (const program of programs) {
    const agreement = compareProgram(analyzer, program);
    counts[agreement.kind]++;
    if (agreement.kind === 'differs') differences.push(`seed ${program.seed}: ${agreement.message}\n${program.text}`);
  }
  return { differences, counts };
}

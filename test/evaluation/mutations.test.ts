/**
 * Mutated programs: whatever the text, evaluation ends, gives problems instead of exceptions, and never reports a mistake
 * of our own; and the version after it, which is the original again, prints what it always printed.
 * The mutations are the same in every run: the pseudo-random numbers start from a fixed seed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

const folder = new URL('fixtures/programs/', import.meta.url);
const programs = readdirSync(folder)
  .filter((name) => name.endsWith('.out'))
  .map((name) => ({
    name: name.replace('.out', ''),
    text: readFileSync(new URL(name.replace('.out', '.py'), folder), 'utf8'),
    printed: readFileSync(new URL(name, folder), 'utf8'),
  }));

const MUTATIONS_A_PROGRAM = 6;

/** A linear congruential generator: enough to pick places. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

function tokensOf(text: string): string[] {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? [];
}

/** Drops, replaces, repeats and moves a few tokens. */
function mutate(text: string, other: string, random: () => number): string {
  const tokens = tokensOf(text);
  const foreign = tokensOf(other);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  for (let i = 0; i <= random() * 4; i++) {
    const at = Math.floor(random() * tokens.length);
    const kind = Math.floor(random() * 4);
    if (kind === 0) tokens.splice(at, 1);
    else if (kind === 1) tokens[at] = pick(foreign);
    else if (kind === 2) tokens.splice(at, 0, pick(foreign));
    else tokens[at] = pick(tokens);
  }
  return tokens.join('');
}

test.each(programs)('$name', async ({ name, text, printed }) => {
  const file = `/work/${name}.py`;
  const random = numbersFrom(name.length * 7919 + text.length);
  const project = await makeProject(
    { [file]: text },
    { nativeModules: stdlibModules, bounds: { steps: 200_000, loopRounds: 20_000 } },
  );
  for (let i = 0; i < MUTATIONS_A_PROGRAM; i++) {
    const other = programs[Math.floor(random() * programs.length)]?.text ?? '';
    const mutant = mutate(text, other, random);
    if (mutant === text) continue;
    project.setText(file, mutant);
    const { state } = runProgram(project, file);
    expect(
      state.problems.filter(({ code }) => code === 'internal-error'),
      mutant,
    ).toEqual([]);
    project.setText(file, text);
    expect(runProgram(project, file).printed).toBe(printed);
  }
});

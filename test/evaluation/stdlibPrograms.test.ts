/**
 * Programs over Python's standard library print what CPython 3.11 prints (fixtures/stdlib/*.out).
 */
import { expect, test } from 'vitest';
import { programFixtures, runProgram } from './builtinsRunner.ts';

test.for(programFixtures('stdlib'))('stdlib: %s', async ([, program, output]) => {
  const { printed, problems } = await runProgram(program);
  expect(printed).toBe(output);
  expect(problems).toEqual([]);
});

/**
 * Programs over Python's builtins print what CPython 3.11 prints (fixtures/builtins/*.out).
 */
import { expect, test } from 'vitest';
import { programFixtures, runProgram } from './builtinsRunner.ts';

test.for(programFixtures('builtins'))('builtins: %s', async ([, program, output]) => {
  const { printed, problems } = await runProgram(program);
  expect(printed).toBe(output);
  expect(problems).toEqual([]);
});

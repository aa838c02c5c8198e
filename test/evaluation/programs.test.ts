/**
 * Small Python programs, each with what CPython 3.11 printed for it (fixtures/programs, made by makeOutputs.py there).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

const folder = new URL('fixtures/programs/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.out'))
  .map((name) => name.replace('.out', ''));

describe('programs print what CPython prints', () => {
  test.each(names)('%s', async (name) => {
    const file = `/work/${name}.py`;
    const text = readFileSync(new URL(`${name}.py`, folder), 'utf8');
    const project = await makeProject({ [file]: text }, { nativeModules: stdlibModules });
    const { printed } = runProgram(project, file);
    expect(printed).toBe(readFileSync(new URL(`${name}.out`, folder), 'utf8'));
  });
});

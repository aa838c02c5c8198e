/**
 * Hooks, calls and attributes of nn.Module: small programs print what they print under PyTorch.
 * Truth: test/truth/data/torch/moduleModel.json, made by test/truth/torch/make_module_truth.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../evaluation/support/pythonPrograms.ts';
import type { PrintedPrograms } from '../../evaluation/support/printedPrograms.ts';
import { makeTorchProject } from './support/traceModel.ts';

const { prelude, cases } = JSON.parse(
  readFileSync(new URL('../../truth/data/torch/moduleModel.json', import.meta.url), 'utf8'),
) as PrintedPrograms;

describe('programs about modules print what they print under PyTorch', () => {
  test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, { text, printed }) => {
    const project = await makeTorchProject({ '/work/case.py': prelude + text });
    expect(runProgram(project, '/work/case.py').printed).toBe(printed);
  });
});

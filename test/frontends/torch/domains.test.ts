/**
 * Arguments at the edges of their domain: what PyTorch refuses is a problem, what it takes is none.
 * Truth: test/truth/data/torch/domains.json, made by test/truth/torch/make_domain_truth.py from domain_cases.txt.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeTorchProject } from './support/traceModel.ts';
import { evaluateCase } from './tensor/evaluateCase.ts';

const { cases } = JSON.parse(readFileSync(new URL('../../truth/data/torch/domains.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly { readonly code: string; readonly error: string | null }[];
};

const PREAMBLE = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\nx = torch.ones(2, 2, 4, 4)';

describe('arguments at their edges', () => {
  it.each(cases.map((item) => [item.code, item] as const))('%s', async (_title, { code, error }) => {
    const project = await makeTorchProject({});
    const { problems } = evaluateCase(project, PREAMBLE, { title: code, code, statements: '', expression: code });
    const errors = problems.filter((problem) => /^(python-exception|shape-mismatch|dtype-mismatch)/.test(problem));
    if (error === null) expect(errors).toEqual([]);
    else expect(errors).not.toEqual([]);
  });
});

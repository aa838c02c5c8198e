/**
 * The tracing façade: what it keeps when things go wrong, and what it says of places in the source.
 */
import { describe, expect, it } from 'vitest';
import { trace, type TraceResult } from '../../../server/src/frontends/torch/trace.ts';
import { printType } from '../../../server/src/graph/tensorType.ts';
import { factsOf, figure, makeTorchProject, MODEL_FILE, traceText } from './support/traceModel.ts';

const HEAD = 'import torch\nfrom torch import nn\n';

function problemsOf(text: string, result: TraceResult): readonly string[] {
  return result.problems.map(({ code, message, location }) => {
    const place = location.kind === 'text' ? text.slice(location.start, location.end) : location.kind;
    return `${code} at <${place}>: ${message}`;
  });
}

describe('trace', () => {
  it('reports shapes that do not fit at the call, and reads on', async () => {
    const text = `${HEAD}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 3)
        self.c = nn.Linear(3, 5)

    def forward(self, x):
        x = self.a(x)
        x = self.b(x)
        return self.c(x)
`;
    const result = await traceText(text, { target: 'Net', inputs: [{ shape: [2, 4] }] });
    expect(problemsOf(text, result)).toEqual([expect.stringMatching(/^shape-mismatch at <self\.b\(x\)>: .*2x8/)]);
    expect(factsOf(result).outputs).toEqual(['2x5 float32']);
    expect(figure(factsOf(result).macs)).toBe('?');
    expect(result.graph?.nodes.map(({ op, scope }) => `${scope} ${op}`)).toEqual(['a linear', 'b linear', 'c linear']);
  });

  it('keeps the graph up to an exception', async () => {
    const text = `${HEAD}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(8, 8)

    def forward(self, x):
        x = self.a(x)
        if x.shape[1] != 9:
            raise ValueError(f"expected 9, got {x.shape[1]}")
        return self.b(x)
`;
    const result = await traceText(text, { target: 'Net', inputs: [{ shape: [2, 4] }] });
    expect(problemsOf(text, result)).toEqual([
      'python-exception at <raise ValueError(f"expected 9, got {x.shape[1]}")>: ValueError: expected 9, got 8',
    ]);
    expect(result.graph?.nodes.map(({ op }) => op)).toEqual(['linear', 'unknown']);
    expect(figure(factsOf(result).macs)).toBe('?');
    expect(result.graph?.parameters.map(({ name }) => name)).toEqual(['a.weight', 'a.bias', 'b.weight', 'b.bias']);
    expect(result.graph?.outputs).toEqual([]);
  });

  it('says that counts are unknown where a library is missing', async () => {
    const text = `${HEAD}from missing_library import Mamba

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.mixer = Mamba(8)
        self.c = nn.Linear(8, 5)

    def forward(self, x):
        return self.c(self.mixer(self.a(x)))
`;
    const result = await traceText(text, { target: 'Net', inputs: [{ shape: [2, 4] }] });
    expect(result.graph?.parameters.map(({ name }) => name)).toContain('mixer.*');
    expect(result.unknowns.map(({ name }) => name)).toEqual(['mixer', 'torch.nn.functional.linear']);
    expect(figure(factsOf(result).macs)).toBe('?');
  });

  it('does not run a Sequential without its unknown part', async () => {
    const text = `${HEAD}import missing_library

net = nn.Sequential(nn.Linear(4, 8), missing_library.Act(), nn.Linear(8, 2))
`;
    const result = await traceText(text, { target: 'net', inputs: [{ shape: [2, 4] }] });
    expect(result.unknowns.map(({ name }) => name)).toEqual(['1', 'torch.nn.functional.linear']);
    expect(factsOf(result).outputs).toEqual(['? unknown']);
  });

  it.each([
    ['x = 3', 'x', 'not-a-model', 'int'],
    ['def f():\n    return (1, 2)', 'f', 'not-a-model', 'tuple'],
    [
      'class A(nn.Module):\n    def __init__(self, width):\n        super().__init__()',
      'A',
      'python-exception',
      'width',
    ],
    ['pass', 'missing', 'python-exception', 'missing'],
    [
      'class A(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(1, 2)',
      'A',
      'python-exception',
      'Module',
    ],
  ])('says why %j gives no model', async (source, target, code, words) => {
    const result = await traceText(`${HEAD}${source}\n`, { target });
    expect(result.graph).toBeUndefined();
    expect(result.problems.map((problem) => problem.code)).toEqual([code]);
    expect(result.problems[0]?.message).toContain(words);
  });

  it('collects what each call gave, with the modules that it called', async () => {
    const text = `${HEAD}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 8), nn.Linear(8, 2)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return torch.relu(x) + 1
`;
    const result = await traceText(text, { target: 'Net', inputs: [{ shape: [3, 4] }] });
    const sites = result.callSites.map(({ range, results, scopes }) => [
      text.slice(range.start, range.end),
      results.map((types) => types.map(printType).join(', ')).join(' | '),
      scopes.join(', '),
    ]);
    expect(sites).toEqual([
      ['layer(x)', '3x8 float32 | 3x2 float32', 'layers.0, layers.1'],
      ['torch.relu(x)', '3x2 float32', ''],
      ['torch.relu(x) + 1', '3x2 float32', ''],
    ]);
    const created = result.graph?.scopes.map((scope) => [
      scope.path,
      scope.created === undefined ? '' : text.slice(scope.created.start, scope.created.end),
      scope.calls.length,
    ]);
    expect(created).toEqual([
      ['', '', 1],
      ['layers', 'nn.ModuleList([nn.Linear(4, 8), nn.Linear(8, 2)])', 0],
      ['layers.0', 'nn.Linear(4, 8)', 1],
      ['layers.1', 'nn.Linear(8, 2)', 1],
    ]);
  });

  it('ends what does not end', async () => {
    const text = `${HEAD}
class Net(nn.Module):
    def forward(self, x):
        while True:
            x = x + 1
        return x
`;
    const project = await makeTorchProject({ [MODEL_FILE]: text });
    const result = trace({
      project,
      file: MODEL_FILE,
      target: 'Net',
      inputs: [{ shape: [1] }],
      bounds: { steps: 20_000 },
    });
    expect(result.wasBounded).toBe(true);
    expect(result.problems.map(({ code }) => code)).toEqual(['execution-bound']);
  });

  it('takes back what a trace changed, so that the next one is the same', async () => {
    const text = `${HEAD}
registry = []

class Net(nn.Module):
    def __init__(self, width=2 + 2):
        super().__init__()
        registry.append(self)
        self.fc = nn.Linear(width, len(registry))

    def forward(self, x):
        self.calls = getattr(self, "calls", 0) + 1
        return self.fc(x) * self.calls

shared = Net()
`;
    const project = await makeTorchProject({ [MODEL_FILE]: text });
    const run = (target: string): readonly string[] =>
      factsOf(trace({ project, file: MODEL_FILE, target, inputs: [{ shape: [1, 4] }] })).outputs;
    expect([run('Net'), run('Net'), run('shared'), run('shared')]).toEqual([
      ['1x2 float32'],
      ['1x2 float32'],
      ['1x1 float32'],
      ['1x1 float32'],
    ]);
  });

  it('evaluates arguments that are given as texts', async () => {
    const text = `${HEAD}
def net(widths, act=nn.ReLU):
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers)
`;
    const result = await traceText(text, {
      target: 'net',
      args: [{ text: '[4, 6, 2]' }, { name: 'act', text: 'nn.Tanh' }],
      inputs: [{ shape: [1, 4] }],
    });
    expect(result.problems).toEqual([]);
    expect(result.graph?.nodes.map(({ op }) => op)).toEqual(['linear', 'tanh', 'linear', 'tanh']);
    expect(result.model).toMatchObject({ typeName: 'Sequential', kind: 'function' });
  });

  it('names outputs by keys, fields and positions', async () => {
    const text = `${HEAD}
class Net(nn.Module):
    def forward(self, x):
        return {"out": x, "states": [x * 2, (x, None)], "loss": None}
`;
    const result = await traceText(text, { target: 'Net', inputs: [{ shape: [1, 4] }] });
    expect(result.graph?.outputs.map(({ name }) => name)).toEqual(['out', 'states[0]', 'states[1][0]']);
  });
});

/**
 * What reading one model changes does not reach another: each builder changes some state of its module (or of torch) and
 * makes a layer as wide as that says. Read again, and after the others, it is as wide as at first. The truth is by hand: every
 * builder runs once after its module.
 */
import { expect, it } from 'vitest';
import type { AnalyzeRequest } from '../../server/src/analysis/analyzeRequest.ts';
import { Analyzer } from '../../server/src/analysis/analyzer.ts';
import type { Report } from '../../server/src/analysis/report.ts';
import { printDim } from '../../server/src/graph/dim.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

const SHARED = `import itertools, collections, functools
count = itertools.count(5)
generator = (i for i in range(5, 1000))
listed = iter(list(range(5, 1000)))
def numbers():
    n = 4
    while True:
        n += 1
        yield n
made = numbers()
cycled = itertools.cycle([5, 6, 7])
numbered = enumerate(range(5, 1000), 5)
zipped = zip(range(5, 1000), range(1000))
mapped = map(lambda x: x + 1, range(4, 1000))
names = ['a', 'b', 'c', 'd']
queue = collections.deque(names)
counter = collections.Counter(a=4)
defaults = collections.defaultdict(lambda: 4)
ordered = collections.OrderedDict.fromkeys(names)
chained = collections.ChainMap({}, dict.fromkeys(names))
nested = {'x': {'y': list(names)}}
unique = set(names)
calls = list(names)
@functools.lru_cache(None)
def cached(key):
    calls.append(key)
    return len(calls)
class Meta(type):
    n = 4
class Kept(metaclass=Meta): pass
class Steps:
    def __init__(self): self.n = 4
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        return self.n
steps = Steps()
def tagged(): pass
tagged.n = 4
`;

/** A builder's statements, and the expression of its layer's width: 5 at the first run. */
const BUILDERS: Readonly<Record<string, readonly [statements: string, width: string]>> = {
  count: ['', 'next(shared.count)'],
  generator_expression: ['', 'next(shared.generator)'],
  list_iterator: ['', 'next(shared.listed)'],
  generator: ['', 'next(shared.made)'],
  cycle: ['', 'next(shared.cycled)'],
  enumerated: ['', 'next(shared.numbered)[0]'],
  zipped: ['', 'next(shared.zipped)[0]'],
  mapped: ['', 'next(shared.mapped)'],
  loop: ['for n in shared.count: break', 'n'],
  list_: ['shared.names.append(1)', 'len(shared.names)'],
  queue: ['shared.queue.append(1)', 'len(shared.queue)'],
  counter: ["shared.counter['a'] += 1", "shared.counter['a']"],
  defaults: ["shared.defaults['a'] += 1", "shared.defaults['a']"],
  ordered: ['shared.ordered[1] = 1', 'len(shared.ordered)'],
  chained: ['shared.chained[1] = 1', 'len(shared.chained)'],
  nested: ["shared.nested['x']['y'].append(1)", "len(shared.nested['x']['y'])"],
  unique: ['shared.unique.add(1)', 'len(shared.unique)'],
  cached: ['', "shared.cached('k')"],
  metaclass: ['shared.Meta.n += 1', 'shared.Kept.n'],
  instance: ['', 'next(shared.steps)'],
  function_attribute: ['shared.tagged.n += 1', 'shared.tagged.n'],
  module_attribute: ["shared.size = getattr(shared, 'size', 4) + 1", 'shared.size'],
  globals_: ["globals()['SIZE'] = globals().get('SIZE', 4) + 1", 'SIZE'],
  environment: ["os.environ['N'] = str(int(os.environ.get('N', '4')) + 1)", "int(os.environ['N'])"],
  path: ["sys.path.append('x')", "5 + sys.path.count('x') - 1"],
  module_list: ['layers.append(nn.Identity())', 'len(layers)'],
  layer_attribute: ['layer.size = getattr(layer, "size", 4) + 1', 'layer.size'],
  layer_size: ['layer.out_features += 1', 'layer.out_features'],
  parameter: ['layer.bias = None if layer.bias is not None else 1', '5 if layer.bias is None else 6'],
  mode: ['layer.train(not layer.training)', '6 if layer.training else 5'],
  gradient: ['layer.weight.requires_grad_(not layer.weight.requires_grad)', '6 if layer.weight.requires_grad else 5'],
  buffer: ["layer.register_buffer(f'b{len(list(layer.buffers()))}', torch.zeros(1))", '4 + len(list(layer.buffers()))'],
  torch_class: ["nn.Linear.size = getattr(nn.Linear, 'size', 4) + 1", 'nn.Linear.size'],
  default_dtype: [
    'torch.set_default_dtype(torch.float64 if torch.get_default_dtype() == torch.float32 else torch.float32)',
    '5 if torch.get_default_dtype() == torch.float64 else 6',
  ],
  late_import: ['import late; late.size += 1', 'late.size'],
};

const NET = [
  'import os, sys, torch, torch.nn as nn, shared',
  'layers = nn.ModuleList([nn.Identity() for _ in range(4)])',
  'layer = nn.Linear(4, 4)',
  ...Object.entries(BUILDERS).map(([name, [statements, width]]) =>
    [`def ${name}():`, statements, `return nn.Linear(4, ${width}, bias=False)`]
      .filter((line) => line !== '')
      .join('\n    '),
  ),
].join('\n');

const FILES: Readonly<Record<string, string>> = {
  '/w/net.py': NET,
  '/w/shared.py': SHARED,
  '/w/late.py': 'size = 4\n',
};

async function makeAnalyzer(): Promise<Analyzer> {
  return new Analyzer({
    files: {
      readText: (file) => FILES[file],
      isFile: (file) => file in FILES,
      isDirectory: (folder) => Object.keys(FILES).some((file) => file.startsWith(`${folder}/`)),
    },
    parser: await loadPythonParser(),
    devices: [],
    searchPaths: ['/w'],
    openBytes: () => {
      throw new Error('no bytes here');
    },
    absolutePath: (given) => given,
    unreadable: () => undefined,
    startDeadline: () => () => false,
  });
}

function outputOf(analyzer: Analyzer, name: string, inputs: AnalyzeRequest['inputs']): string {
  const result = analyzer.analyze({ target: `/w/net.py:${name}`, inputs, args: undefined, deviceIds: [] });
  if (result.kind === 'problem') return result.problems.map(({ message }) => message).join('; ');
  return printed(result.report);
}

function printed({ totals, outputs, problems }: Report): string {
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const type = outputs[0]?.type;
  const shape = type !== undefined && 'shape' in type ? type.shape?.map(printDim).join('x') : undefined;
  return [`${printDim(totals.paramCount)} -> ${shape ?? '?'}`, ...errors].join('; ');
}

it('keeps builders apart, in any order and however often they are read', async () => {
  const analyzer = await makeAnalyzer();
  const names = Object.keys(BUILDERS);
  const wrong: string[] = [];
  for (const order of [names, [...names].reverse(), names]) {
    for (const name of order) {
      // Without an input it is deduced, which runs the model more than once.
      for (const inputs of [[{ name: undefined, dtype: undefined, shape: [1, 4] }], undefined]) {
        const output = outputOf(analyzer, name, inputs);
        if (output !== '20 -> 1x5') wrong.push(`${name}: ${output}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/**
 * Random packages whose modules register themselves, with random edits: what `show()` gives in a project that is kept is
 * what a fresh one gives. LAYERCOST_SEED and LAYERCOST_ROUNDS choose other ones.
 */
import { expect, test } from 'vitest';
import type { PythonProject } from '../../server/src/evaluation/project.ts';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject } from './support/pythonPrograms.ts';

const SEED = Number(process.env['LAYERCOST_SEED'] ?? 11);
const ROUNDS = Number(process.env['LAYERCOST_ROUNDS'] ?? 8);
const EDITS = 14;
const MODULES = 6;

type Random = (below: number) => number;

/** mulberry32. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const REGISTRY = `
from collections import defaultdict
REG = {}
SEEN = set()
BY = defaultdict(list)
def register(key):
    def wrap(f):
        REG[key] = f
        SEEN.add(f)
        BY[f.__module__].append(key)
        return f
    return wrap
class Base:
    kinds = 0
    def __init__(self, n=1): self.n = n
def show(): return str(len(REG))
`;

/** The parts of one module's text, each of which an edit may change. */
interface Source {
  imports: readonly number[];
  key: string;
  body: number;
  fallback: number;
  constant: number;
  top: string;
  shows: string;
}

function tops(random: Random): string {
  const other = random(MODULES);
  const choices = [
    'T = 0',
    'T = 0',
    'T = 0',
    'T = 0',
    'T = 0',
    'T = 0',
    'T = 0',
    'T = len(REG)',
    `T = 'k${other}' in REG`,
    'T = f()',
    'T = g.__doc__',
  ];
  const rare = [
    'T = sorted(REG)',
    `Base.kinds += 1; T = Base.kinds`,
    `T = REG.pop('k${other}', None) is None`,
    'T = Base().n',
  ];
  return random(16) === 0 ? (rare[random(rare.length)] ?? '') : (choices[random(choices.length)] ?? '');
}

function shows(random: Random): string {
  const other = random(MODULES);
  const choices = ['f()', 'f()', 'f()', 'g()', `REG[KEY]()`, `'k${other}' in REG`, `REG['k${other}']()`, 'sorted(REG)'];
  const rare = [
    'len(SEEN)',
    'f in SEEN',
    'Base.kinds',
    'BY[__name__]',
    `__import__('pkg').LAST`,
    `[REG.get('zz'), C().n]`,
  ];
  return random(3) === 0 ? (rare[random(rare.length)] ?? '') : (choices[random(choices.length)] ?? '');
}

function textOf({ imports, key, body, fallback, constant, top, shows: shown }: Source): string {
  return [
    'from .registry import register, REG, SEEN, BY, Base',
    ...imports.map((each) => `from .m${each} import f as f${each}, T as T${each}`),
    `KEY = '${key}'`,
    `K = ${constant}`,
    'class C(Base):',
    `    def __init__(self, n=${fallback}): self.n = n + ${body}`,
    '@register(KEY)',
    `def f(x=${fallback}): return x * 100 + ${body} + K`,
    `def g(y=${fallback}):`,
    `    "doc ${body}"`,
    `    return ${['y', ...imports.map((each) => `f${each}()`)].join(' + ')} + C().n`,
    top,
    `def show(): return str(${shown}) + str(T)`,
    '',
  ].join('\n');
}

function sourceOf(random: Random, at: number): Source {
  const imports = [...Array(at).keys()].filter(() => random(4) === 0);
  const isCircular = random(12) === 0 && at + 1 < MODULES;
  return {
    imports: isCircular ? [...imports, at + 1] : imports,
    key: `k${at}`,
    body: random(9),
    fallback: random(9),
    constant: random(9),
    top: tops(random),
    shows: shows(random),
  };
}

function edit(random: Random, source: Source, at: number): Source {
  const what = random(12);
  if (what < 4) return { ...source, body: random(9) };
  if (what < 7) return { ...source, fallback: random(9) };
  if (what < 10) return { ...source, shows: shows(random) };
  if (what === 10) return { ...source, constant: random(9), top: tops(random) };
  return { ...source, key: `k${random(3) === 0 ? random(MODULES) : at}` };
}

function shown(project: PythonProject, file: string): string {
  const { problems: ofModule } = project.module(file);
  const { value, problems } = project.run({ file }, (executor) =>
    executor.call(executor.getAttribute(project.module(file).module, 'show')),
  );
  return [
    typeof value === 'string' ? value : 'no text',
    ...[...ofModule, ...problems].map(({ message }) => message),
  ].join('\n');
}

test(`a kept project and a fresh one agree (LAYERCOST_SEED=${SEED} LAYERCOST_ROUNDS=${ROUNDS})`, async () => {
  let compared = 0;
  let partial = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED * 1000 + round;
    const random = randomOf(seed);
    const sources = [...Array(MODULES).keys()].map((at) => sourceOf(random, at));
    const order = sources.map((_, at) => at).sort(() => random(3) - 1);
    const files: Record<string, string> = {
      '/lib/pkg/__init__.py': `${order.map((at) => `from . import m${at}\n`).join('')}LAST = ${order.at(-1) ?? 0}\n`,
      '/lib/pkg/registry.py': REGISTRY,
      '/lib/user.py': 'import pkg\ndef show(): return str(sorted(pkg.registry.REG)) + str(pkg.m0.show())\n',
      ...Object.fromEntries(sources.map((source, at) => [`/lib/pkg/m${at}.py`, textOf(source)])),
    };
    const setup = { searchPaths: ['/lib'], smallestParted: 2, nativeModules: stdlibModules };
    const kept = await makeProject(files, setup);
    for (let step = 0; step < EDITS; step++) {
      const at = random(MODULES);
      const file = `/lib/pkg/m${at}.py`;
      const [own] = [sources[at]];
      if (own !== undefined) sources[at] = edit(random, own, at);
      files[file] = textOf(sources[at] ?? sourceOf(random, at));
      kept.setText(file, files[file]);
      const asked = [file, `/lib/pkg/m${random(MODULES)}.py`, ...(random(6) === 0 ? ['/lib/user.py'] : [])];
      for (const each of asked) {
        const now = shown(kept, each);
        if (kept.executor.modules.partials.isOn) partial++;
        expect(now, `seed ${seed}, step ${step}, ${each}`).toBe(shown(await makeProject(files, setup), each));
        compared++;
      }
    }
  }
  console.log(`${compared} comparisons, ${partial} of programs that left something out`);
  expect(partial).toBeGreaterThan(0);
});

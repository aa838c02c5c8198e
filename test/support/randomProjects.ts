/**
 * Small random projects of files that import each other, for differential tests: registries, star imports, `try: import`,
 * submodules, shared state, packages. randomText(random, 'a') -> the text of module `a`.
 */

/** Numbers from 0 to 1; the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Random = () => number;

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** The files that a project may have. `heads` is a module or a package. */
export const PROJECT_FILES = [
  'cfg.py',
  'reg.py',
  'a.py',
  'b.py',
  'heads.py',
  'heads/__init__.py',
  'heads/small.py',
  'pkg/__init__.py',
  'pkg/sub.py',
  'pkg/other.py',
  'net.py',
  'train.py',
] as const;

const MODULES = ['cfg', 'reg', 'a', 'b', 'heads', 'heads.small', 'pkg', 'pkg.sub', 'pkg.other'];

/** What follows `try:` on its line; what it raises is counted. */
function guarded(statement: string, name: string): string {
  const lines = statement.split('\n').map((line) => `    ${line}`);
  return `try:\n${lines.join('\n')}\nexcept Exception as e:\n    ERRORS.append(${JSON.stringify(name)} + type(e).__name__)`;
}

function randomStatement(random: Random, at: number): string {
  const module = pick(random, MODULES);
  const name = pick(random, ['W', 'V', 'L', 'f', 'setw', 'REG', 'C', 'Z']);
  const number = 1 + Math.floor(random() * 9);
  const key = pick(random, ['k', 'm', 'n']);
  const statements = [
    `import ${module}`,
    `import ${module}`,
    `import ${module} as q\nW = q.W + ${number}`,
    `from ${module} import ${name}`,
    `from ${module} import W as V`,
    `from ${module} import *`,
    `from pkg import ${pick(random, ['sub', 'other', 'W'])}`,
    `from heads import ${pick(random, ['small', 'W', 'f'])}`,
    `import ${module}\n${module}.W = ${number}`,
    `import ${module}\n${module}.setw(${number})`,
    `import ${module}\n${module}.L.append(${number})`,
    `import ${module}\nW = ${module}.f() + len(${module}.L)`,
    `import ${module}\n${module}.C.size += ${number}`,
    `import reg\nreg.REG["${key}"] = W + ${number}`,
    `from reg import register\n@register\ndef made${number}(): return W * ${number}`,
    `import reg\nV = reg.REG.get("${key}", ${number}) + len(reg.REG)`,
    `import reg\nV = len(reg.REG) if "made${number}" in reg.REG else 0`,
    `import heads\nV = ${number} if hasattr(heads, "small") else heads.W`,
    `import pkg\nV = pkg.sub.W`,
    `class D${number}(C): size = ${number}`,
    `from ${module} import C as Base\nclass E${number}(Base): pass\nV = len(Base.known)`,
    `import sys\nV = ${number} if "${module}" in sys.modules else 1`,
    `def g(n=W): return n + len(L)\nV = g()`,
    `def late():\n    import ${module}\n    return ${module}.W\nV = late()`,
    `W = ${number}`,
    `W += ${number}`,
    `L.append(W)`,
    `globals()["Z"] = ${number}`,
    `del V`,
    `from . import ${pick(random, ['sub', 'other', 'small'])}`,
    `from .sub import W as V`,
    `from .. import cfg`,
    `import nowhere`,
    `from ${module} import missing`,
    `raise ${pick(random, ['ValueError', 'ImportError'])}("no")`,
  ];
  return guarded(pick(random, statements), `s${at}`);
}

/** A module's text: names that others use, and what it does with theirs. */
export function randomText(random: Random, module: string): string {
  const lines = [
    'ERRORS = []',
    `W = ${1 + Math.floor(random() * 6)}`,
    'V = 1',
    'L = [1]',
    'def f(): return W',
    'def setw(v):\n    global W\n    W = v',
    `class C:\n    size = 1\n    known = {}\n    def __init_subclass__(cls):\n        C.known[cls.__name__] = cls`,
  ];
  if (module === 'reg') lines.push('REG = {}', 'def register(f):\n    REG[f.__name__] = f\n    return f');
  if (random() < 0.1) lines.push('__all__ = ["W", "f"]');
  const count = Math.floor(random() * 5);
  for (let at = 0; at < count; at++) lines.push(randomStatement(random, at));
  return `${lines.join('\n')}\n`;
}

/** A file with models whose sizes rest on what its imports give. */
export function randomModelText(random: Random): string {
  const size = (text: string): string => `max(1, min(500, int(${text})))`;
  const statements = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, at) => randomStatement(random, at));
  const sizes = [
    'W',
    'V',
    'len(L)',
    'f()',
    'len(ERRORS) + 1',
    'C.size',
    'len(C.known) + 1',
    'cfg.W',
    'len(reg.REG) + 1',
  ];
  return [
    'import torch.nn as nn',
    ...['ERRORS = []', 'W = 2', 'V = 3', 'L = [1]', 'def f(): return W', 'def setw(v):\n    global W\n    W = v'],
    'class C:\n    size = 1\n    known = {}\n    def __init_subclass__(cls):\n        C.known[cls.__name__] = cls',
    guarded('import cfg, reg', 'i'),
    ...statements,
    '# layercost: input=1x4',
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    `        self.a = nn.Linear(4, ${size(pick(random, sizes))})`,
    `        self.b = nn.Linear(4, ${size(pick(random, sizes))})`,
    '    def forward(self, x):',
    random() < 0.3
      ? '        cfg.W += 1; return self.a(x), self.b(x), nn.Linear(4, cfg.W)(x)'
      : '        return self.a(x), self.b(x)',
    '',
    'def build():',
    ...(random() < 0.5 ? ['    import cfg', `    cfg.W = ${1 + Math.floor(random() * 9)}`] : []),
    '    return Net()',
    '',
  ].join('\n');
}

/**
 * What bounds cut off: code that never ends or takes too much is stopped, told at its place, and nothing else is lost.
 * `^` marks where the problem must stand; the rest of the module still runs.
 */
import { describe, expect, test } from 'vitest';
import type { Bounds } from '../../server/src/evaluation/bounds.ts';
import { PyUnknown } from '../../server/src/evaluation/values.ts';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

interface Case {
  readonly text: string;
  readonly printed: string;
  /** "message @ source text at its place" */
  readonly problem: string;
  readonly bounds?: Partial<Bounds>;
}

const SMALL: Partial<Bounds> = { steps: 20_000, loopRounds: 2000, collectionSize: 10_000 };

const cases: Readonly<Record<string, Case>> = {
  'an endless loop': {
    text: 'print(1)\nwhile True:\n    pass\nprint(2)',
    printed: '1\n2\n',
    problem: 'Stopped after 2000 rounds of a loop. @ True',
  },
  'an endless loop that goes on after exceptions': {
    text: 'while True:\n    try:\n        1 / 0\n    except:\n        continue\n    finally:\n        x = 1\nprint(x)',
    printed: '1\n',
    problem: 'Stopped after 20000 steps. @ 1 / 0',
    bounds: { loopRounds: 1_000_000 },
  },
  'endless recursion': {
    text: 'def f(n):\n    return f(n + 1)\nf(0)\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped at 250 nested calls. @ f(n + 1)',
  },
  'recursion that catches everything': {
    text: 'def f():\n    try:\n        return f()\n    except BaseException:\n        return 1\nprint("a")\nprint(f())\nprint("b")',
    printed: 'a\nb\n',
    problem: 'Stopped at 250 nested calls. @ f()',
  },
  'recursion through native functions and special methods': {
    text: 'class A:\n    def __repr__(self):\n        return str([self])\nrepr(A())\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped at 250 nested calls. @ str([self])',
  },
  'a loop over ten billion': {
    text: 'layers = []\nfor i in range(10**10):\n    layers.append(i)\nprint(len(layers))',
    printed: '2000\n',
    problem: 'Stopped after 2000 rounds of a loop. @ range(10**10)',
  },
  'an endless generator made to a list': {
    text: 'def g():\n    n = 0\n    while True:\n        n += 1\n        yield n\nx = list(g())\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after 2000 rounds of a loop. @ True',
  },
  'an endless iterator made to a list': {
    text: 'x = list(iter(int, 1))\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after 2000 items of an iterator. @ list(iter(int, 1))',
  },
  'an endless comprehension': {
    text: 'x = [i for i in iter(int, 1)]\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after 2000 items of an iterator. @ iter(int, 1)',
  },
  'a comprehension over ten billion': {
    text: 'x = [[] for i in range(10**10)]\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after 2000 rounds of a loop. @ range(10**10)',
  },
  'a list that doubles in place': {
    text: 's = [1]\nfor i in range(100):\n    s += s\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a collection of 16384 items. @ s += s',
  },
  'a list that is extended by itself': {
    text: 's = [1]\nfor i in range(100):\n    s.extend(s)\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a collection of 16384 items. @ s.extend(s)',
  },
  'lists that are kept': {
    text: 'kept = []\nfor i in range(1000):\n    kept.append([i] * 1000)\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after making values of more than 1 MB. @ kept.append([i] * 1000)',
    bounds: { memoryBytes: 2 ** 20 },
  },
  'lists of lists that print each other': {
    text: 's = []\nfor i in range(40):\n    s = [s, s]\nx = repr(s)\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a text of 12284 characters. @ repr(s)',
  },
  'classes that inherit from each other without an end': {
    text: 'A = object\nfor i in range(1500):\n    A = type("A", (A,), {})\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a class with 1001 bases. @ type("A", (A,), {})',
    bounds: { steps: 1_000_000 },
  },
  'a class that makes itself': {
    text: 'class A:\n    def __init__(self):\n        self.a = A()\nA()\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped at 250 nested calls. @ A()',
  },
};

/** Expressions whose result is not made as it is too large, and what stands for it: nothing ends. */
const tooLarge: Readonly<Record<string, string>> = {
  '[0] * 10**10': 'a list of 10000000000 items, which is too large to be made',
  '(0,) * 10**10': 'a tuple of 10000000000 items, which is too large to be made',
  '"a" * 10**9': 'a text of 1000000000 items, which is too large to be made',
  'b"a" * 10**9': 'bytes of 1000000000 items, which is too large to be made',
  'list(range(10**12))': 'a range of 1000000000000 items, which is too large to be made',
  'set(range(10**12))': 'a range of 1000000000000 items, which is too large to be made',
  'sorted(range(10**12))': 'a range of 1000000000000 items, which is too large to be made',
  'functools.reduce(lambda a, b: a + a, range(100), "ab")': 'a text of 16384 items, which is too large to be made',
  'functools.reduce(lambda a, b: a + a, range(100), [1])': 'a list of 16384 items, which is too large to be made',
  'functools.reduce(lambda a, b: f"{a}{a}", range(100), "ab")': 'a text of 16384 items, which is too large to be made',
  'functools.reduce(lambda a, b: "%s%s" % (a, a), range(100), "ab")':
    'a text of 16384 items, which is too large to be made',
  'functools.reduce(lambda a, b: "{}{}.".format(a, a), range(100), "ab")':
    'a text of 12286 items, which is too large to be made',
  'functools.reduce(lambda a, b: re.sub("a", "aa", a), range(100), "a")':
    'a text of 10002 items, which is too large to be made',
  'functools.reduce(lambda a, b: a.replace(b"a", b"aa"), range(100), b"a")':
    'bytes of 12290 items, which is too large to be made',
  'functools.reduce(lambda a, b: a * a, range(100), 7)': 'an integer too large to keep',
  'functools.reduce(lambda a, b: a + a, range(9_000), 1 << 130_000)': 'an integer too large to keep',
  '1 << (1 << 40)': 'an integer too large to keep',
  'f"{1:>99999999}"': 'formatting to a width of more than 65536',
  '"%99999999d" % 1': 'a width beyond 65536',
  '"a".ljust(10**11)': 'a text of more than two million characters',
  '{functools.reduce(lambda a, b: (a, a), range(100), ())}': 'the hash of a nested value of more than 200,000 parts',
  'next(itertools.product([1, 2], repeat=10**9))': 'a product of 1000000000 items, which is too large to be made',
};

describe('bounds', () => {
  test.each(Object.entries(tooLarge))('%s is unknown', async (expression, reason) => {
    const text = `import functools, itertools, re\nx = ${expression}\nprint("on")`;
    const bounds = { ...SMALL, steps: 1_000_000, loopRounds: 1_000_000, memoryBytes: 2 ** 26 };
    const project = await makeProject({ '/work/main.py': text }, { bounds, nativeModules: stdlibModules });
    const { printed, state } = runProgram(project, '/work/main.py');
    const { problems, module } = state;
    expect(problems).toEqual([]);
    expect(printed).toBe('on\n');
    const value = module.names.get('x');
    expect(value instanceof PyUnknown ? value.reason : value).toBe(reason);
  });

  test.each(Object.entries(cases))('%s', async (_, { text, printed, problem, bounds }) => {
    const project = await makeProject({ '/work/main.py': text }, { bounds: { ...SMALL, ...bounds } });
    const result = runProgram(project, '/work/main.py');
    expect(result.printed).toBe(printed);
    expect(result.state.wasBounded).toBe(true);
    const shown = result.state.problems.map(({ message, location }) => {
      return `${message} @ ${location.kind === 'text' ? text.slice(location.start, location.end) : '?'}`;
    });
    expect(shown).toEqual([problem]);
  });

  test('deep expressions and deep data end at the stack at worst', async () => {
    const text = `x = ${'['.repeat(3000)}${']'.repeat(3000)}\nprint("a")\ny = []\nfor i in range(100000):\n    y = [y]\nz = repr(y)\nprint("b")`;
    const project = await makeProject({ '/work/main.py': text });
    expect(runProgram(project, '/work/main.py').printed.endsWith('b\n')).toBe(true);
  });

  test('the host stops a module, which then runs again when asked again', async () => {
    const project = await makeProject({ '/work/main.py': 'n = 0\nwhile n < 50000:\n    n += 1\nprint(n)' });
    const stopped = project.module('/work/main.py', { shouldStop: () => true });
    expect(stopped.module.names.get('n')).toBeUndefined();
    expect(runProgram(project, '/work/main.py').printed).toBe('50000\n');
  });

  test('the host stops a run', async () => {
    const project = await makeProject({ '/work/main.py': 'def f():\n    while True:\n        pass' });
    const { module } = project.module('/work/main.py');
    let asked = 0;
    const result = project.run({ shouldStop: () => ++asked > 3 }, (executor) =>
      executor.call(executor.getAttribute(module, 'f')),
    );
    expect(result.value).toBeUndefined();
    expect(result.wasBounded).toBe(true);
    expect(result.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'execution-bound: Stopped, as there was no more time for it.',
    ]);
  });

  test('a mistake in native code is a problem of that run alone', async () => {
    const project = await makeProject({ '/work/main.py': 'x = 1' });
    const result = project.run({ file: '/work/main.py' }, () => {
      throw new TypeError('undefined is not a function');
    });
    expect(result.problems.map(({ code }) => code)).toEqual(['internal-error']);
    expect(runProgram(project, '/work/main.py').state.module.names.get('x')).toBe(1);
  });
});

/**
 * What bounds cut off: code that never ends or takes too much is stopped, told at its place, and nothing else is lost.
 * `^` marks where the problem must stand; the rest of the module still runs.
 */
import { describe, expect, test } from 'vitest';
import type { Bounds } from '../../server/src/evaluation/bounds.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

interface Case {
  readonly text: string;
  readonly printed: string;
  /** "message @ source text at its place" */
  readonly problem: string;
  readonly bounds?: Partial<Bounds>;
}

const SMALL: Partial<Bounds> = { steps: 20_000, loopRounds: 2000, collectionSize: 10_000, totalItems: 50_000 };

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
  'a list of ten billion': {
    text: 'x = [0] * 10**10\nprint(x)',
    printed: '?\n',
    problem: 'Stopped before making a collection of 10000000000 items. @ [0] * 10**10',
  },
  'a text of a billion': {
    text: 'x = "a" * 10**9\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a collection of 1000000000 items. @ "a" * 10**9',
  },
  'a huge range made to a list': {
    text: 'x = list(range(10**12))\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped after 20000 steps. @ list(range(10**12))',
  },
  'a text that doubles': {
    text: 's = "ab"\nfor i in range(100):\n    s += s\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a collection of 16384 items. @ s += s',
  },
  'lists that double': {
    text: 's = [1]\nfor i in range(100):\n    s = s + s\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped before making a collection of 16384 items. @ s + s',
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
  'a class that makes itself': {
    text: 'class A:\n    def __init__(self):\n        self.a = A()\nA()\nprint("on")',
    printed: 'on\n',
    problem: 'Stopped at 250 nested calls. @ A()',
  },
};

describe('bounds', () => {
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

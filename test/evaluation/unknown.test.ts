/**
 * What is unknown flows on, and decisions about it are noted: each case is a program over `u` (unknown), what it prints,
 * and the assumptions that it rests on with the source text that they stand at.
 */
import { describe, expect, test } from 'vitest';
import { PyUnknown } from '../../server/src/evaluation/values.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

interface Case {
  readonly text: string;
  readonly printed: string;
  readonly assumptions?: readonly string[];
}

const nativeModules = [{ name: 'lib', members: () => new Map([['u', new PyUnknown('a secret')]]) }];

const cases: Readonly<Record<string, Case>> = {
  'operators, attributes, calls, subscripts': {
    text: 'print(u + 1, 2 * u, -u, u.a.b, u(1), u[0], u < 3, u == 3, not u, [u][0], f"{u}", u is None, 1 in u)',
    printed: '? ? ? ? ? ? ? ? ? ? ? ? ?\n',
  },
  'what is certain all the same': {
    text: 'print(u and False, True or u, u or True, [1, u] == [2, u], (u,) == (), 3 in [3, u], u in [], len([u, u]))',
    printed: 'False True True False False True False 2\n',
  },
  'unpacking gives every name the unknown': {
    text: 'a, (b, *c), d = u\nprint(a, b, c, d)',
    printed: '? ? ? ?\n',
  },
  'exec of a text that is not known may bind any name': {
    text: 'exec(u)\nprint(a)\ndef f():\n    return b\nprint(f(), len("x"))',
    printed: '?\n? 1\n',
    assumptions: ['exec() runs text that is made while running, which is left out. @ exec(u)'],
  },
  'exec of a text that is not known may set any key of its dict, and no other name': {
    text: 'd = {"x": 1}\nexec(u, d)\nprint(d["x"], d["y"], d.get("z"))\ntry:\n    c\nexcept NameError:\n    print("not c")',
    printed: '1 ? ?\nnot c\n',
    assumptions: ['exec() runs text that is made while running, which is left out. @ exec(u, d)'],
  },
  'exec of a known text binds what Python would': {
    text: 'exec("n = 3\\nclass A: w = n")\nd = {"k": 2}\nexec("m = k * 2", d)\ndef f():\n    x = 1\n    exec("x = 5")\n    return x\nclass B:\n    exec("z = 4")\nprint(n, A.w, d["m"], f(), B.z)\nexec("q = 6", globals())\nprint(q)',
    printed: '3 3 4 1 4\n6\n',
  },
  'writing to an unknown does nothing': {
    text: 'u.x = 1\nu[0] = 2\ndel u.x\nu += 1\nprint(u)',
    printed: '?\n',
  },
  'an if is not taken': {
    text: 'if u:\n    print("then")\nelse:\n    print("else")',
    printed: 'else\n',
    assumptions: ['`u` is not known (a secret); taken as false. @ u'],
  },
  'an if that raises is not taken, an else that raises is': {
    text: 'if u > 3:\n    raise ValueError\nif u:\n    print("then")\nelse:\n    raise ValueError',
    printed: 'then\n',
    assumptions: [
      '`u > 3` is not known (a secret); taken as false. @ u > 3',
      '`u` is not known (a secret); taken as true. @ u',
    ],
  },
  'something unknown is something': {
    text: 'if u is None:\n    print("none")\nprint("some" if u is not None else "none")',
    printed: 'some\n',
    assumptions: [
      '`u is None` is not known (a secret); taken as false. @ u is None',
      '`u is not None` is not known (a secret); taken as true. @ u is not None',
    ],
  },
  'conditions about training, tracing and devices are false': {
    text: 'training = u\nif training and 1:\n    print("train")\nif not u.is_scripting():\n    print("eager")\nif u or u.is_cuda:\n    print("?")',
    printed: 'eager\n',
    assumptions: [
      '`training and 1` is not known (a secret); taken as false. @ training and 1',
      '`not u.is_scripting()` is not known (a secret); taken as true. @ not u.is_scripting()',
      '`u or u.is_cuda` is not known (a secret); taken as false. @ u or u.is_cuda',
    ],
  },
  'loops over an unknown run no times': {
    text: 'for x in u:\n    print("never")\nelse:\n    print("else")\nwhile u:\n    print("never")',
    printed: 'else\n',
    assumptions: [
      'A loop over an unknown value ran no times (a secret). @ u',
      'The condition of this loop is not known (a secret); taken as false. @ u',
    ],
  },
  'comprehensions over an unknown are unknown': {
    text: 'print([x for x in u], {x for x in u}, {x: 1 for x in u}, [x for x in [1] if u], sum(x for x in u))',
    printed: '? ? ? ? ?\n',
  },
  'a class with an unknown base': {
    text: 'class A(u.Base):\n    y = 1\n    def f(self):\n        return self.missing, self.y, super().f()\na = A(1, 2, k=3)\nprint(a.f(), a(), A.other, isinstance(a, A), hasattr(a, "x"))',
    printed: '(?, 1, ?) ? ? True ?\n',
  },
  'an unknown context manager does nothing': {
    text: 'with u.ctx() as c, u:\n    print(c)',
    printed: '?\n',
  },
  'an unknown decorator makes the name unknown': {
    text: '@u.jit\ndef f(): return 1\nprint(f, f())',
    printed: '? ?\n',
  },
  'unknown arguments': {
    text: 'def f(*a, **k): return len(a), len(k)\nprint(f(u, u), f(k=u), f(*u))\nprint(f(**u))',
    printed: '(2, 0) (0, 1) ?\n(0, 0)\n',
    assumptions: [
      'A call of f with an unknown number of arguments was left out (a secret). @ f(*u)',
      'Unknown keyword arguments were left out (a secret). @ u',
    ],
  },
  'an unknown exception class catches nothing, and is raised as Exception': {
    text: 'try:\n    try:\n        1 / 0\n    except u.Error:\n        print("never")\nexcept ZeroDivisionError:\n    print("zero")\ntry:\n    raise u.Error("x")\nexcept Exception as e:\n    print("raised")',
    printed: 'zero\nraised\n',
  },
  'assertions hold': {
    text: 'assert u, "no"\nassert u == 3\nprint("on")',
    printed: 'on\n',
  },
  'a match on an unknown takes the case that fits anything': {
    text: 'match u:\n    case 1:\n        print("one")\n    case [a, b]:\n        print("pair")\n    case _:\n        print("any")',
    printed: 'any\n',
    assumptions: ['It is not known whether this case matches (a secret); it was passed over. @ u'],
  },
  'a guard against what an unknown may be does not raise': {
    text: 'x = None\nif u and x.shape:\n    print("never")\nprint("on")',
    printed: 'on\n',
    assumptions: ['`u and x.shape` is not known (a secret); taken as false. @ u and x.shape'],
  },
  'unknown keys and indices': {
    text: 'd = {"a": 1}\nl = [1, 2]\nprint(d[u], l[u], l[u:], d.get(u), {u: 1}, {u})\nd[u] = 2\nl[u] = 3\nprint(d, l)',
    printed: "? ? ? ? ? ?\n{'a': 1} [1, 2]\n",
    assumptions: [
      'An entry under an unknown key was left out (a secret). @ d[u]',
      'An assignment to an unknown index was left out (a secret). @ l[u]',
    ],
  },
  'generators over an unknown': {
    text: 'def g():\n    yield from u\n    yield 1\nprint(list(g()))',
    printed: '[1]\n',
    assumptions: ['`yield from` an unknown value yielded nothing (a secret). @ yield from u'],
  },
};

describe('unknown values', () => {
  test.each(Object.entries(cases))('%s', async (_, { text, printed, assumptions = [] }) => {
    const source = `from lib import u\n${text}`;
    const project = await makeProject({ '/work/main.py': source }, { nativeModules });
    const { printed: actual, state } = runProgram(project, '/work/main.py');
    expect(actual).toBe(printed);
    const shown = state.assumptions.map(
      ({ message, range }) => `${message} @ ${range === undefined ? '?' : source.slice(range.start, range.end)}`,
    );
    expect(shown).toEqual(assumptions);
    expect(state.problems).toEqual([]);
  });
});

/**
 * Versions and rollback: what a run changes is taken back, what a file's loading did to others is taken back when the
 * file changes, and only what was made from a changed file runs again.
 */
import { describe, expect, test } from 'vitest';
import { NativeFunction, PyList, type Value } from '../../server/src/evaluation/values.ts';
import type { PythonProject } from '../../server/src/evaluation/project.ts';
import { makeProject } from './support/pythonPrograms.ts';

/** Calls a function of a module by text, in a run of its own, and gives what it printed and its repr. */
function evaluate(project: PythonProject, file: string, text: string): string {
  const { module } = project.module(file);
  const { value, problems } = project.run({ file }, (executor) => {
    const result = project.evaluateText(module, text);
    return result === undefined ? '' : executor.repr(result);
  });
  return value ?? problems.map(({ message }) => message).join('; ');
}

describe('rollback', () => {
  test('runs do not disturb each other', async () => {
    const text = [
      'import other',
      'registry = []',
      'cache = {}',
      'count = 0',
      'class A:',
      '    made = 0',
      '    items = set()',
      'def counter():',
      '    n = 0',
      '    def inc():',
      '        nonlocal n',
      '        n += 1',
      '        return n',
      '    return inc',
      'tick = counter()',
      'def change(x):',
      '    global count',
      '    count += 1',
      '    registry.append(x)',
      '    cache[x] = registry',
      '    A.made += 1',
      '    A.items.add(x)',
      '    change.calls = getattr(change, "calls", 0) + 1',
      '    other.state["k"] = x',
      '    other.value = x',
      '    a.attr = x',
      '    a.__dict__["direct"] = x',
      '    return (count, registry, len(cache), A.made, len(A.items), change.calls, tick(), other.state, other.value, a.attr)',
      'a = A()',
    ].join('\n');
    const project = await makeProject({ '/work/main.py': text, '/work/other.py': 'state = {}\nvalue = 0' });
    const once = "(1, ['x'], 1, 1, 1, 1, 1, {'k': 'x'}, 'x', 'x')";
    expect(evaluate(project, '/work/main.py', 'change("x")')).toBe(once);
    expect(evaluate(project, '/work/main.py', 'change("x")')).toBe(once);
    expect(evaluate(project, '/work/main.py', '(count, registry, cache, A.made, A.items, tick(), a.__dict__)')).toBe(
      '(0, [], {}, 0, set(), 1, {})',
    );
    expect(evaluate(project, '/work/main.py', '(other.state, other.value, hasattr(change, "calls"))')).toBe(
      '({}, 0, False)',
    );
  });

  test('a failed run is taken back too', async () => {
    const text = 'items = []\ndef f():\n    items.append(1)\n    raise ValueError("no")';
    const project = await makeProject({ '/work/main.py': text });
    expect(evaluate(project, '/work/main.py', 'f()')).toBe('ValueError: no');
    expect(evaluate(project, '/work/main.py', 'items')).toBe('[]');
  });

  test('registration runs again for each version of a file', async () => {
    const api =
      'MODELS = {}\ndef register(f):\n    if f.__name__ in MODELS:\n        raise ValueError(f.__name__)\n    MODELS[f.__name__] = f\n    return f';
    const model = (name: string): string => `from api import register\n@register\ndef ${name}(): return "${name}"`;
    const project = await makeProject({ '/work/api.py': api, '/work/a.py': model('a'), '/work/b.py': model('b') });
    const models = (file: string): string => evaluate(project, file, 'list(__import__("api").MODELS)');
    project.module('/work/a.py');
    project.module('/work/b.py');
    // Each file is a program: what another one registers is none of its business.
    expect(models('/work/a.py')).toBe("['a']");
    expect(models('/work/b.py')).toBe("['b']");
    project.setText('/work/a.py', model('a2'));
    expect(project.module('/work/a.py').problems).toEqual([]);
    expect(models('/work/a.py')).toBe("['a2']");
    expect(project.module('/work/b.py').problems).toEqual([]);
    expect(models('/work/b.py')).toBe("['b']");
    project.setText('/work/a.py', undefined);
    project.module('/work/a.py');
    expect(models('/work/a.py')).toContain("'a'");
  });

  test('what was made from a changed file runs again, the rest stays', async () => {
    const project = await makeProject({
      '/work/base.py': 'SIZE = 1',
      '/work/middle.py': 'from base import SIZE\nTWICE = SIZE * 2',
      '/work/main.py': 'import middle\nimport apart\nresult = middle.TWICE + apart.N',
      '/work/apart.py': 'N = 100',
    });
    expect(evaluate(project, '/work/main.py', 'result')).toBe('102');
    const apart = project.module('/work/apart.py').module.names;
    project.setText('/work/base.py', 'SIZE = 5');
    expect(evaluate(project, '/work/main.py', 'result')).toBe('110');
    expect(project.module('/work/apart.py').module.names).toBe(apart);
  });

  test('functions of unchanged files see the new version', async () => {
    const project = await makeProject({
      '/work/lib.py': 'def f(): return 1',
      '/work/main.py': 'import lib\ndef g(): return lib.f()',
    });
    expect(evaluate(project, '/work/main.py', 'g()')).toBe('1');
    project.setText('/work/lib.py', 'def f(): return 2');
    expect(evaluate(project, '/work/main.py', 'g()')).toBe('2');
  });

  test('a module that was missing comes', async () => {
    const files: Record<string, string> = { '/work/main.py': 'from late import x\ny = x' };
    const project = await makeProject(files);
    expect(evaluate(project, '/work/main.py', 'y')).toBe('?');
    project.setText('/work/late.py', 'x = 3');
    expect(evaluate(project, '/work/main.py', 'y')).toBe('3');
    project.setText('/work/late.py', undefined);
    expect(evaluate(project, '/work/main.py', 'y')).toBe('?');
  });

  test('a module that loads within a run stays, without what the run did', async () => {
    const project = await makeProject({
      '/work/main.py':
        'import lazy\nseen = []\ndef f():\n    seen.append(1)\n    lazy.items.append(2)\n    return (seen, lazy.items, lazy.loads)',
      '/work/lazy.py': 'import shared\nshared.count.append(1)\nitems = []\nloads = shared.count',
      '/work/shared.py': 'count = []',
    });
    expect(evaluate(project, '/work/main.py', 'f()')).toBe('([1], [2], [1])');
    expect(evaluate(project, '/work/main.py', 'f()')).toBe('([1], [2], [1])');
    expect(evaluate(project, '/work/main.py', '(seen, lazy.items)')).toBe('([], [])');
  });

  test('a module whose loading built on what a run changed is dropped with the run', async () => {
    const project = await makeProject({
      '/work/main.py':
        'import shared\ndef f():\n    shared.names.append("run")\n    import lazy\n    return lazy.copy\ndef g():\n    import lazy\n    return lazy.copy',
      '/work/lazy.py': 'import shared\nshared.names.append("lazy")\ncopy = list(shared.names)',
      '/work/shared.py': 'names = []',
    });
    expect(evaluate(project, '/work/main.py', 'f()')).toBe("['run', 'lazy']");
    expect(evaluate(project, '/work/main.py', 'shared.names')).toBe('[]');
    expect(evaluate(project, '/work/main.py', 'g()')).toBe("['lazy']");
  });

  test('an edit elsewhere in the file keeps places right', async () => {
    const text = 'def f():\n    raise ValueError("here")\n';
    const project = await makeProject({ '/work/main.py': text });
    const placeOf = (): string => {
      const { module, syntax } = project.module('/work/main.py');
      const { problems } = project.run({ file: '/work/main.py' }, (executor) =>
        executor.call(executor.getAttribute(module, 'f')),
      );
      const location = problems[0]?.location;
      return location?.kind === 'text' ? syntax.text.slice(location.start, location.end) : '?';
    };
    expect(placeOf()).toBe('raise ValueError("here")');
    project.setText('/work/main.py', `x = "something longer"\n\n${text}`);
    expect(placeOf()).toBe('raise ValueError("here")');
  });
});

describe('hooks', () => {
  test('calls and expressions are heard with their places', async () => {
    const text =
      'class T:\n    def __add__(self, o): return self\ndef g(x): return x\ndef f():\n    t = g(T())\n    return t + t';
    const project = await makeProject({ '/work/main.py': text });
    const { module } = project.module('/work/main.py');
    const heard: string[] = [];
    const place = ({ start, end }: { readonly start: number; readonly end: number }): string => text.slice(start, end);
    project.run(
      {
        hooks: {
          onCallResult: (range, callee) => heard.push(`call ${place(range)}: ${project.executor.typeOf(callee).name}`),
          onExpressionResult: (range) => heard.push(`expression ${place(range)}`),
        },
      },
      (executor) => executor.call(executor.getAttribute(module, 'f')),
    );
    expect(heard).toEqual(['call T(): type', 'call g(T()): function', 'expression t + t']);
  });

  test('the call stack starts at the call that is being evaluated', async () => {
    const text = 'def outer():\n    return inner(len("abc"))\ndef inner(n):\n    return [n, probe()]\nresult = 1';
    const source = `from native import probe\n${text}`;
    const probe = new NativeFunction('probe', (runtime) => {
      const stack = runtime.callStack().filter(({ file }) => file === '/work/main.py');
      return new PyList(stack.map(({ start, end }) => source.slice(start, end)));
    });
    const nativeModules = [{ name: 'native', members: (): ReadonlyMap<string, Value> => new Map([['probe', probe]]) }];
    const project = await makeProject({ '/work/main.py': source }, { nativeModules });
    expect(evaluate(project, '/work/main.py', 'outer()')).toBe("[3, ['probe()', 'inner(len(\"abc\"))']]");
  });
});

/**
 * Imports between files that Python would end, or that our own modules take part in: packages, relative ones, what is missing, and the fallbacks of `try`.
 * Each case is a set of files and what running /work/main.py prints, with the problems that it notes.
 */
import { describe, expect, test } from 'vitest';
import { makeProject, runProgram } from './support/pythonPrograms.ts';
import type { NativeModuleDefinition } from '../../server/src/evaluation/nativeModule.ts';

const nativeModules: readonly NativeModuleDefinition[] = [
  { name: 'lib', members: () => new Map([['known', 1]]) },
  { name: 'lib.sub.deep', members: () => new Map([['x', 'deep']]) },
];

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly printed: readonly string[];
  readonly problems?: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'a module and a name of it': {
    files: {
      '/work/main.py': 'import util\nfrom util import f as g\nprint(util.f(1), g(2), util.__name__)',
      '/work/util.py': 'def f(x): return x + 1',
    },
    printed: ['2 3 util'],
  },
  'relative imports': {
    files: {
      '/work/main.py': 'from pkg.inner.mod import total\nprint(total)',
      '/work/pkg/__init__.py': 'base = 10',
      '/work/pkg/other.py': 'o = 3',
      '/work/pkg/inner/__init__.py': 'from .mod import total as again',
      '/work/pkg/inner/mod.py':
        'from .. import base\nfrom ..other import o\nfrom . import sib\nfrom .sib import s\ntotal = base + o + s + sib.s',
      '/work/pkg/inner/sib.py': 's = 1',
    },
    printed: ['15'],
  },
  'dotted imports bind the top package': {
    files: {
      '/work/main.py': 'import pkg.a.b\nimport pkg.a.c as c\nprint(pkg.a.b.x, c.y, pkg.a.c.y)',
      '/work/pkg/__init__.py': '',
      '/work/pkg/a/__init__.py': '',
      '/work/pkg/a/b.py': 'x = 1',
      '/work/pkg/a/c.py': 'y = 2',
    },
    printed: ['1 2 2'],
  },
  'namespace packages, folders without __init__': {
    files: {
      '/work/main.py': 'from space.one import x\nimport space.two as two\nprint(x, two.y)',
      '/work/space/one.py': 'x = 1',
      '/work/space/two.py': 'from .one import x\ny = x + 1',
    },
    printed: ['1 2'],
  },
  'a name of __init__ hides the submodule of the same name': {
    files: {
      '/work/main.py': 'from pkg import swish\nprint(swish(2))\nfrom pkg import relu\nprint(relu.f(3))',
      '/work/pkg/__init__.py': 'from .swish import swish',
      '/work/pkg/swish.py': 'def swish(x): return x * 2',
      '/work/pkg/relu.py': 'def f(x): return x * 3',
    },
    printed: ['4', '9'],
  },
  'star imports, with and without __all__': {
    files: {
      '/work/main.py':
        'from a import *\nfrom b import *\nprint(x, y, lazy)\nprint("_p" in globals(), "z" in globals())',
      '/work/a.py': 'from c import lazy\nx = 1\n_p = 2',
      '/work/b.py': '__all__ = ["y"]\ny = 3\nz = 4',
      '/work/c.py': 'lazy = "lazy"',
    },
    printed: ['1 3 lazy', 'False False'],
  },
  'a missing module is unknown, and noted at its import': {
    files: { '/work/main.py': 'import nowhere\nfrom nothing.at.all import x\ny = nowhere.f(1)\nprint(y is x)' },
    printed: ['?'],
    problems: [
      'information unresolved-import The module `nowhere` was not found; what is taken from it is unknown. @ nowhere',
      'information unresolved-import The module `nothing.at.all` was not found; what is taken from it is unknown. @ x',
    ],
  },
  'a missing name of a known module': {
    files: { '/work/main.py': 'from a import nope\nprint(nope)', '/work/a.py': 'x = 1' },
    printed: ['?'],
    problems: ["warning unresolved-import cannot import name 'nope' from 'a'. @ nope"],
  },
  'a try that catches ImportError takes its fallback': {
    files: {
      '/work/main.py': [
        'try:\n    import nowhere\nexcept ImportError as e:\n    print(e)\n    nowhere = None',
        'try:\n    from a import nope\nexcept ImportError as e:\n    print(e)',
        'try:\n    from broken import x\nexcept (ValueError, ImportError):\n    print("broken")',
        'try:\n    import a\nexcept ModuleNotFoundError:\n    print("no")\nelse:\n    print(a.x, nowhere)',
        'def f():\n    try:\n        import gone\n        return True\n    except Exception:\n        return False',
        'print(f())',
      ].join('\n'),
      '/work/a.py': 'x = 1',
      '/work/broken.py': 'raise ImportError("needs more")',
    },
    printed: ["No module named 'nowhere'", "cannot import name 'nope' from 'a'", 'broken', '1 None', 'False'],
  },
  'modelled modules win over files elsewhere, and unknown names of them are unknown': {
    files: {
      '/work/main.py':
        'import lib\nimport lib.sub.deep\nfrom lib.sub import deep\nfrom lib import other\nimport lib.unmodelled\nprint(lib.known, lib.sub.deep.x, deep.x, other, lib.unmodelled)',
      '/other/lib.py': 'print("never")',
    },
    printed: ['1 deep deep ? ?'],
  },
  'imports in functions, and beside the file': {
    files: {
      '/work/main.py': 'from scripts.run import go\ngo()',
      '/work/scripts/run.py': 'def go():\n    import beside\n    from beside import v\n    print(beside.v, v)',
      '/work/scripts/beside.py': 'v = 7',
    },
    printed: ['7 7'],
  },
  'a module with __getattr__': {
    files: {
      '/work/main.py': 'import m\nfrom m import dynamic\nprint(m.x, m.other, dynamic)',
      '/work/m.py': 'x = 1\ndef __getattr__(name):\n    return "made " + name',
    },
    printed: ['1 made other made dynamic'],
  },
  'a module whose statement fails keeps the others': {
    files: {
      '/work/main.py': 'import m\nprint(m.before, m.after, m.broken)',
      '/work/m.py': 'before = 1\nbroken = 1 / 0\nafter = 2',
    },
    printed: ['1 2 ?'],
  },
  'names after an unknown star import may exist': {
    files: { '/work/main.py': 'from nowhere import *\nprint(len("abc"), something)\nprint(undefined_too)' },
    printed: ['3 ?', '?'],
    problems: [
      'information unresolved-import The module `nowhere` was not found; what is taken from it is unknown. @ *',
    ],
  },
  'the main block does not run by itself': {
    files: { '/work/main.py': 'print(__name__)\nif __name__ == "__main__":\n    print("never")' },
    printed: ['main'],
  },
};

describe('imports', () => {
  test.each(Object.entries(cases))('%s', async (_, { files, printed, problems = [] }) => {
    const project = await makeProject(files, { nativeModules });
    const result = runProgram(project, '/work/main.py');
    expect(result.printed).toBe(`${printed.join('\n')}\n`);
    const text = files['/work/main.py'] ?? '';
    const shown = result.state.problems.map(({ severity, code, message, location }) => {
      const place = location.kind === 'text' ? text.slice(location.start, location.end) : '';
      return `${severity} ${code} ${message} @ ${place}`;
    });
    expect(shown).toEqual(problems);
  });
});

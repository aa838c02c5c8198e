/**
 * Which module defines what a package passes on, told by its texts alone; what they leave open is left open.
 */
import { expect, it } from 'vitest';
import { PythonProject } from '../../server/src/evaluation/project.ts';
import { PyUnknown } from '../../server/src/evaluation/values.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
  [
    'a star import with a literal __all__',
    { __init__: 'from .a import *', a: '__all__ = ["f"]\ndef f(): ...' },
    '/r/p/a.py',
  ],
  ['a name imported as it is', { __init__: 'from .a import f', a: 'def f(): ...' }, '/r/p/a.py'],
  [
    'the last one that gives it',
    { __init__: 'from .a import f\nfrom .b import f', a: 'def f(): ...', b: 'class f: ...' },
    '/r/p/b.py',
  ],
  ['its own definition', { __init__: 'def f(): ...' }, '/r/p/__init__.py'],
  ['another name', { __init__: 'from .a import g as f', a: 'def g(): ...' }, undefined],
  [
    'an __all__ that grows',
    { __init__: 'from .a import *', a: '__all__ = ["f"]\n__all__ += ["g"]\ndef f(): ...' },
    undefined,
  ],
  [
    'modules that do not mention it',
    {
      __init__: 'from .a import *\nfrom .b import *\nfrom .c import *',
      a: '__all__ = ["f"]\ndef f(): ...',
      b: '__all__ = [\n    "g",  # a comment\n    \'h\',\n]\ndef g(): ...',
      c: '__all__ = ()\n',
    },
    '/r/p/a.py',
  ],
  [
    'a module that does not mention it but computes its __all__',
    { __init__: 'from .a import *\nfrom .b import *', a: '__all__ = ["f"]\ndef f(): ...', b: '__all__ = names()' },
    undefined,
  ],
  ['no __all__', { __init__: 'from .a import *', a: 'def f(): ...' }, undefined],
  [
    'a certain one after an open one',
    { __init__: 'from .b import *\nfrom .a import *', a: '__all__ = ["f"]\ndef f(): ...', b: 'x = 1' },
    '/r/p/a.py',
  ],
  [
    'an open one after a certain one',
    { __init__: 'from .a import *\nfrom .b import *', a: '__all__ = ["f"]\ndef f(): ...', b: 'x = 1' },
    undefined,
  ],
  ['a later assignment', { __init__: 'from .a import f\nf = wrap(f)', a: 'def f(): ...' }, undefined],
  [
    'a star under a condition',
    { __init__: 'from .a import f\nif x:\n    from .b import *', a: 'def f(): ...' },
    undefined,
  ],
  ['a circle', { __init__: 'from .a import f', a: 'from . import f' }, undefined],
  ['a module that is missing', { __init__: 'from .gone import f' }, undefined],
];

it.each(CASES)('%s', async (_, texts, expected) => {
  const files = new Map(Object.entries(texts).map(([name, text]) => [`/r/p/${name}.py`, text]));
  const project = new PythonProject({
    files: {
      readText: (file) => files.get(file),
      isFile: (file) => files.has(file),
      isDirectory: (path) => path === '/r/p',
    },
    searchPaths: ['/r'],
    nativeModules: [],
    parser: await loadPythonParser(),
  });
  const module = project.moduleByName('p');
  expect(module).not.toBeInstanceOf(PyUnknown);
  if (module instanceof PyUnknown) return;
  expect(project.definingModule(module, 'f')?.file).toBe(expected);
});

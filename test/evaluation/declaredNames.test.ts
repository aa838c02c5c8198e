/**
 * Names that a package makes only when they are asked for are found by what it tells type checkers.
 */
import { expect, it } from 'vitest';
import { PythonProject } from '../../server/src/evaluation/project.ts';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { loadPythonParser } from '../support/pythonParser.ts';
import { memoryFiles, runProgram } from './support/pythonPrograms.ts';

const LAZY = `
import sys, types
from typing import TYPE_CHECKING
class Lazy(types.ModuleType):
    pass
if TYPE_CHECKING:
`;
const END = '\nelse:\n    sys.modules[__name__] = Lazy(__name__)\n';

const CASES: readonly (readonly [title: string, texts: Readonly<Record<string, string>>, printed: string])[] = [
  [
    'by its name and by another',
    { p: `${LAZY}    from .a import f, g as h${END}`, 'p/a': 'def f(): return 1\ndef g(): return 2\n' },
    '1 2',
  ],
  [
    'through packages that do the same, by literal __all__ or by a definition',
    {
      p: `${LAZY}    from .models import *${END}`,
      'p/models': `${LAZY}    from .a import *\n    from .b import *${END}`,
      'p/models/a': '__all__ = ["f"]\ndef f(): return 3\ndef h(): return "not this"\n',
      'p/models/b': 'def h(): return 4\n',
    },
    '3 4',
  ],
  [
    'in a try of a dependency',
    {
      p: `${LAZY}    try:\n        from .a import f\n    except ImportError:\n        pass\n    from .a import h${END}`,
      'p/a': 'def f(): return 5\ndef h(): return 6\n',
    },
    '5 6',
  ],
  ['not where it is nowhere declared', { p: `${LAZY}    from .a import *${END}`, 'p/a': 'x = 1\n' }, '? ?'],
  [
    'not in the place of what runs',
    {
      p: `${LAZY}    from .a import f, h\ndef f(): return 7\ndef h(): return 8\n`,
      'p/a': 'def f(): return 9\ndef h(): return 9\n',
    },
    '7 8',
  ],
];

it.each(CASES)('%s', async (_, texts, printed) => {
  const isPackage = (name: string): boolean => Object.keys(texts).some((other) => other.startsWith(`${name}/`));
  const files = Object.entries(texts).map(([name, text]): readonly [string, string] => [
    `/r/${name}${isPackage(name) ? '/__init__' : ''}.py`,
    text,
  ]);
  const main = 'from p import f, h\nprint(f(), h())\n';
  const project = new PythonProject({
    files: memoryFiles({ ...(Object.fromEntries(files) as Record<string, string>), '/r/main.py': main }),
    searchPaths: ['/r'],
    nativeModules: stdlibModules,
    parser: await loadPythonParser(),
  });
  expect(runProgram(project, '/r/main.py').printed).toBe(`${printed}\n`);
});

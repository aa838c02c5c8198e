/**
 * Programs that start within a package whose modules register themselves, and that leave out what they do not import:
 * after each edit, what `show()` gives is what a fresh project gives, whether something was left out or not.
 */
import { describe, expect, test } from 'vitest';
import type { PythonProject } from '../../server/src/evaluation/project.ts';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject } from './support/pythonPrograms.ts';

type Files = Readonly<Record<string, string>>;

const REGISTRY = `
MODELS = {}
TAGS = set()
def register(name=None):
    def wrap(f):
        key = name or f.__name__
        if key in MODELS: raise ValueError(key)
        MODELS[key] = f
        TAGS.add(key + '!')
        return f
    return wrap
def find(name): return MODELS[name]
def list_models(): return sorted(MODELS)
`;

const PACKAGE: Files = {
  '/lib/zoo/__init__.py': 'from . import registry\nfrom .nets import *\nVERSION = 3',
  '/lib/zoo/registry.py': REGISTRY,
  '/lib/zoo/nets/__init__.py': 'from .a import *\nfrom .b import *\nfrom .c import *\nfrom . import d',
  '/lib/zoo/nets/a.py': `
from ..registry import register, MODELS, TAGS
class Net:
    size = 1
    def __init__(self, width=10): self.width = width
@register()
def net_a(**kw): return Net(**kw)
def show(): return f'{net_a().width} {MODELS["net_a"]().width}'
`,
  '/lib/zoo/nets/b.py': `
from ..registry import register, MODELS
from .a import Net, net_a
@register('bee')
def net_b(): return Net(width=20)
def show(): return f'{net_b().width} {net_a().width} {MODELS["bee"]().width}'
`,
  '/lib/zoo/nets/c.py': `
from ..registry import register
@register()
def net_c(): return 1
def show(): return 'c'
`,
  '/lib/zoo/nets/d.py': `
from .a import Net
from ..registry import register
@register()
def net_d(): return Net.size
def show(): return str(net_d())
`,
};

async function fresh(files: Files): Promise<PythonProject> {
  return makeProject(files, { searchPaths: ['/lib'], smallestParted: 3, nativeModules: stdlibModules });
}

/** What `show()` gives in the program of a file, or the exception. */
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

interface Case {
  /** Files of the package that are otherwise. */
  readonly files?: Files;
  readonly file: string;
  /** What the edit replaces in the text of `edited`, or of `file`. */
  readonly edit: readonly [string, string];
  readonly edited?: string;
  readonly shown: string;
  readonly isPartial: boolean;
}

const a = PACKAGE['/lib/zoo/nets/a.py'] ?? '';
const c = PACKAGE['/lib/zoo/nets/c.py'] ?? '';
const inA = (from: string, to: string): Files => ({ '/lib/zoo/nets/a.py': a.replace(from, to) });
const SHOW_A = `f'{net_a().width} {MODELS["net_a"]().width}'`;

const cases: Readonly<Record<string, Case>> = {
  'a constant default': { file: '/lib/zoo/nets/a.py', edit: ['=10', '=17'], shown: '17 17', isPartial: true },
  'a body': {
    file: '/lib/zoo/nets/a.py',
    edit: ['self.width = width', 'self.width = width + 1'],
    shown: '11 11',
    isPartial: true,
  },
  'a body in a module that is imported': {
    file: '/lib/zoo/nets/b.py',
    edited: '/lib/zoo/nets/a.py',
    edit: ['= width', '= width * 2'],
    shown: '40 20 40',
    isPartial: true,
  },
  'a class attribute, which others might read while they load': {
    file: '/lib/zoo/nets/a.py',
    edit: ['size = 1', 'size = 2'],
    shown: '10 10',
    isPartial: false,
  },
  'the key under which a function registers': {
    file: '/lib/zoo/nets/b.py',
    edit: [`register('bee')`, `register('wasp')`],
    shown: "no text\nKeyError: 'bee'",
    isPartial: false,
  },
  'all models are listed': {
    file: '/lib/zoo/nets/a.py',
    edit: [SHOW_A, 'str((len(MODELS), sorted(MODELS), "bee!" in TAGS, len(TAGS)))'],
    shown: `(4, ['bee', 'net_a', 'net_c', 'net_d'], True, 4)`,
    isPartial: false,
  },
  'a model of another module is found': {
    file: '/lib/zoo/nets/a.py',
    edit: [SHOW_A, 'str(MODELS["bee"]().width)'],
    shown: '20',
    isPartial: false,
  },
  'a name that no module registers is looked for': {
    file: '/lib/zoo/nets/a.py',
    edit: [SHOW_A, 'str(("nobody" in MODELS, MODELS.get("none"), "net_a" in MODELS))'],
    shown: '(False, None, True)',
    isPartial: true,
  },
  'the package itself is imported in a function': {
    file: '/lib/zoo/nets/a.py',
    edit: [`    return f'`, `    return f'`],
    files: inA(`def show(): return ${SHOW_A}`, 'def show():\n    import zoo\n    return str((zoo.VERSION, 1))'),
    shown: '(3, 1)',
    isPartial: false,
  },
  'another module is imported in a function': {
    file: '/lib/zoo/nets/a.py',
    edit: [`return ${SHOW_A}`, 'from .b import net_b; return str(net_b().width)'],
    shown: '20',
    isPartial: false,
  },
  'the function that others call while they load': {
    file: '/lib/zoo/registry.py',
    files: { '/lib/zoo/registry.py': `${REGISTRY}def show(): return str(list_models())\n` },
    edit: ['name or f.__name__', '(name or f.__name__) + "2"'],
    shown: `['bee2', 'net_a2', 'net_c2', 'net_d2']`,
    isPartial: false,
  },
  'a module that counts the models when it loads': {
    file: '/lib/zoo/nets/c.py',
    files: {
      '/lib/zoo/nets/c.py': c
        .replace('register\n', 'register, MODELS\nCOUNT = len(MODELS)\n')
        .replace(`'c'`, 'str(COUNT)'),
    },
    edit: ['return 1', 'return 2'],
    shown: '2',
    isPartial: false,
  },
  'a module that sees by a key what ran before': {
    file: '/lib/zoo/nets/c.py',
    files: {
      '/lib/zoo/nets/c.py': c
        .replace('register\n', 'register, MODELS\nHAS = "bee" in MODELS\n')
        .replace(`'c'`, 'str(HAS)'),
    },
    edit: ['return 1', 'return 2'],
    shown: 'True',
    isPartial: false,
  },
  'subclasses are asked for': {
    file: '/lib/zoo/nets/a.py',
    files: { '/lib/zoo/nets/d.py': 'from .a import Net\nclass Big(Net): pass\n' },
    edit: [SHOW_A, 'str(len(Net.__subclasses__()))'],
    shown: '1',
    isPartial: false,
  },
  'a module changes an attribute of another one': {
    file: '/lib/zoo/nets/a.py',
    files: { '/lib/zoo/nets/d.py': 'from .a import Net\nNet.size = 5\n' },
    edit: [SHOW_A, 'str(Net.size)'],
    shown: '5',
    isPartial: false,
  },
  'a view of the registry': {
    file: '/lib/zoo/nets/a.py',
    files: {
      '/lib/zoo/registry.py': `from types import MappingProxyType\n${REGISTRY}VIEW = MappingProxyType(MODELS)\n`,
      ...inA('MODELS, TAGS', 'MODELS, TAGS, VIEW'),
    },
    edit: [SHOW_A, 'str(len(VIEW))'],
    shown: '4',
    isPartial: false,
  },
  'a function tells its documentation while another module loads': {
    file: '/lib/zoo/nets/a.py',
    files: {
      ...inA('self.width = width', '"""one"""'),
      '/lib/zoo/nets/d.py':
        'from .a import Net\nfrom ..registry import register\n@register(Net.__init__.__doc__)\ndef d(): pass\n',
      '/lib/zoo/registry.py': REGISTRY,
    },
    edit: ['"""one"""', '"""two"""'],
    shown: '',
    isPartial: false,
  },
};

describe('after an edit, as a fresh project', () => {
  for (const [name, { files, file, edit, edited = file, shown: expected, isPartial }] of Object.entries(cases)) {
    test(name, async () => {
      const before = { ...PACKAGE, ...files };
      const project = await fresh(before);
      shown(project, file);
      const [from, to] = edit;
      const text = (before[edited] ?? '').replace(from, to);
      project.setText(edited, text);
      const now = shown(project, file);
      expect(now).toBe(shown(await fresh({ ...before, [edited]: text }), file));
      if (expected !== '') expect(now).toBe(expected);
      expect(project.executor.modules.partials.isOn).toBe(isPartial);
    });
  }

  test('a module that was left out changes, and a program that needs all of it', async () => {
    const files: Record<string, string> = {
      ...PACKAGE,
      '/lib/user.py': 'import zoo\ndef show(): return str(zoo.registry.list_models())\n',
    };
    const project = await fresh(files);
    const edit = (file: string, from: string, to: string): void => {
      files[file] = (files[file] ?? '').replace(from, to);
      project.setText(file, files[file]);
    };
    const compare = async (file: string): Promise<string> => {
      const now = shown(project, file);
      expect(now).toBe(shown(await fresh(files), file));
      return now;
    };
    expect(await compare('/lib/user.py')).toBe(`['bee', 'net_a', 'net_c', 'net_d']`);
    edit('/lib/zoo/nets/a.py', '=10', '=11');
    expect(await compare('/lib/zoo/nets/a.py')).toBe('11 11');
    expect(project.executor.modules.partials.isOn).toBe(true);
    edit('/lib/zoo/nets/c.py', 'register()', `register('sea')`);
    expect(await compare('/lib/zoo/nets/a.py')).toBe('11 11');
    expect(project.executor.modules.partials.isOn).toBe(false);
    expect(await compare('/lib/user.py')).toBe(`['bee', 'net_a', 'net_d', 'sea']`);
    edit('/lib/zoo/nets/b.py', '=20', '=21');
    expect(await compare('/lib/zoo/nets/b.py')).toBe('21 11 21');
    expect(project.executor.modules.partials.isOn).toBe(true);
    expect(await compare('/lib/zoo/nets/c.py')).toBe('c');
    expect(await compare('/lib/user.py')).toBe(`['bee', 'net_a', 'net_d', 'sea']`);
    expect(await compare('/lib/zoo/nets/b.py')).toBe('21 11 21');
  });
});

/** Imports in, the module that each means out, and what the importer is told to rest on; no text is read or run. */
import { expect, it } from 'vitest';
import { Journal } from '../../server/src/evaluation/journal.ts';
import { KnownModules } from '../../server/src/evaluation/knownModules.ts';
import { ModuleTrails } from '../../server/src/evaluation/moduleTrails.ts';
import type { PyModule, PyUnknown } from '../../server/src/evaluation/values.ts';

const FILES = ['/w/net.py', '/w/pkg/__init__.py', '/w/pkg/part.py', '/w/pkg/sub/__init__.py', '/w/space/deep.py'];

function makeModules(trails = new ModuleTrails()): KnownModules {
  const natives = ['torch.nn', 'torch.utils.checkpoint'];
  return new KnownModules(
    {
      files: {
        readText: () => expect.fail('a text was read'),
        isFile: (path) => FILES.includes(path),
        isDirectory: (path) => FILES.some((file) => file.startsWith(`${path}/`)),
      },
      searchPaths: ['/w'],
      nativeModules: natives.map((name) => ({ name, members: () => expect.fail('a module was filled') })),
      parser: { parse: () => expect.fail('a text was parsed') },
    },
    trails,
    new Journal(),
  );
}

function told(known: KnownModules, found: PyModule | PyUnknown): string {
  if (found.kind === 'unknown') return `${found.reason}; ${known.missingName(found) ?? 'no file is missing'}`;
  return `${known.entryOf(found)?.kind ?? 'lost'} ${found.name} in ${known.packageOf(found)}`;
}

it.each([
  ['net', 'file net in '],
  ['pkg', 'file pkg in pkg'],
  ['pkg.part', 'file pkg.part in pkg'],
  ['space', 'namespace space in space'],
  ['space.deep', 'file space.deep in space'],
  ['torch.nn', 'native torch.nn in torch'],
  ['torch', 'native torch in '],
  ['torch.utils', 'native torch.utils in torch'],
  ['torch.nn.other', 'the module `torch.nn.other` is not modelled; no file is missing'],
  ['pkg.gone', 'the module `pkg.gone` was not found; pkg.gone'],
  ['xml', 'the module `xml` is not modelled; no file is missing'],
  ['..', 'the module `..` was not found; ..'],
])('import %s is %s', (name, expected) => {
  const known = makeModules();
  expect(told(known, known.importModule(name, undefined))).toBe(expected);
});

it.each([
  ['/w/pkg/part.py', 1, '', 'file pkg in pkg'],
  ['/w/pkg/part.py', 1, 'sub', 'file pkg.sub in pkg.sub'],
  ['/w/pkg/sub/__init__.py', 2, 'part', 'file pkg.part in pkg'],
  ['/w/pkg/part.py', 0, 'net', 'file net in '],
  ['/w/pkg/part.py', 1, 'gone', 'the module `pkg.gone` was not found; pkg.gone'],
])('in %s, import from level %i %j is %s', (file, level, name, expected) => {
  const known = makeModules();
  const { module } = known.moduleOfFile(file);
  expect(told(known, known.importRelative(module, level, name))).toBe(expected);
});

it('gives one module for one file, however it is asked for', () => {
  const known = makeModules();
  const part = known.importModule('pkg.part', undefined);
  const package_ = known.moduleOfFile('/w/pkg/__init__.py').module;
  expect(known.moduleOfFile('/w/pkg/part.py').module).toBe(part);
  expect(known.submodule(package_, ['/w/pkg'], 'part')).toBe(part);
  expect(known.importRelative(package_, 1, 'part')).toBe(part);
  expect(known.submodule(package_, ['/w'], 'space')).toBeUndefined();
});

it('tells who asked where it looked', () => {
  const trails = new ModuleTrails();
  const known = makeModules(trails);
  const net = known.moduleOfFile('/w/net.py');
  const { trail } = trails.collect(() => trails.making(net, () => known.importModule('gone', undefined)));
  const probes = [...trail.lookups].flat().map(({ path, kind, isThere }) => `${kind} ${path} ${isThere}`);
  expect(probes).toEqual(['file /w/gone/__init__.py false', 'file /w/gone.py false', 'directory /w/gone false']);
  expect([...net.lookups].flat()).toEqual([...trail.lookups].flat());
});

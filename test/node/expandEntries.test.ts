/**
 * Configurations of a folder, and the models that their entries name: files on disk in, targets and problems out.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandEntries } from '../../server/src/node/expandEntries.ts';
import { findConfiguration } from '../../server/src/node/findConfiguration.ts';
import { devices, makeAnalyzer } from '../support/makeAnalyzer.ts';

const knownDeviceIds = devices().map(({ id }) => id);
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost ü-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** A file with models of these names; one that ends with "!" needs an argument. */
function models(...names: readonly string[]): string {
  const classes = names.map((name) => {
    const parameters = name.endsWith('!') ? 'self, width' : 'self';
    return `
class ${name.replace('!', '')}(nn.Module):
    def __init__(${parameters}):
        super().__init__()
        self.fc = nn.Linear(4, 2)
    def forward(self, x):
        return self.fc(x)
`;
  });
  return `from torch import nn\n${classes.join('')}`;
}

const ENTRIES: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  entries: readonly unknown[],
  wanted: readonly string[],
])[] = [
  [
    'models that are named',
    { 'a b/ü.py': models('Net'), 'x.onnx': '' },
    [
      { model: './a b/ü.py:Net' },
      { model: 'a b/ü.py', name: 'first' },
      { model: 'torchvision.models:resnet50' },
      { model: 'x.onnx' },
    ],
    ['a b/ü.py:Net', 'first -> a b/ü.py', 'torchvision.models:resnet50', 'x.onnx'],
  ],
  [
    'a glob, by code points',
    {
      'models/b.py': models('BNet', 'Block'),
      'models/Z.py': models('ZNet', 'ANet'),
      'models/deep/er/ä.py': models('CNet'),
      'models/empty.py': '',
      'models/broken.py': `${models('DNet')}\ndef f(:\n`,
      'other.py': models('ENet'),
    },
    [{ model: 'models/**/*.py:*Net' }],
    ['models/Z.py:ZNet', 'models/Z.py:ANet', 'models/b.py:BNet', 'models/broken.py:DNet', 'models/deep/er/ä.py:CNet'],
  ],
  [
    'a named glob, and a glob without names for the first model of each file',
    { 'a.py': models('A', 'B'), 'b.py': 'x = 1\n', 'e/x.onnx': '', 'e/y.onnx': '' },
    [{ model: '*.py', name: 'zoo' }, { model: 'e/*.onnx' }],
    ['zoo:a.py -> a.py', 'e/x.onnx', 'e/y.onnx'],
  ],
  [
    'names by pattern in one file; braces and classes',
    { 'a.py': models('ANet', 'BNet', 'CNet', 'Other') },
    [{ model: 'a.py:[AB]Net' }, { model: '{a,b}.py:{CNet,Other}' }],
    ['a.py:ANet', 'a.py:BNet', 'a.py:CNet', 'a.py:Other'],
  ],
  [
    'a model once: who names it comes before globs, an earlier glob before later ones',
    { 'a.py': models('ANet', 'BNet', 'CNet') },
    [{ model: 'a.py:A*', name: 'first' }, { model: 'a.py:*' }, { model: './a.py:BNet', name: 'own' }],
    ['first:a.py:ANet -> a.py:ANet', 'a.py:CNet', 'own -> a.py:BNet'],
  ],
  [
    'models that need arguments where there are some',
    { 'a.py': models('ANet!', 'BNet') },
    [{ model: 'a.py:A*', args: { width: 1 } }, { model: 'a.py:*' }],
    ['a.py:ANet', 'a.py:BNet'],
  ],
  [
    'not what is left out of walks',
    {
      '.gitignore': 'build/\n*_old.py\n!keep_old.py\n',
      'a.py': models('Net'),
      'x_old.py': models('Net'),
      'keep_old.py': models('Net'),
      'sub/.gitignore': '/local.py\n',
      'sub/local.py': models('Net'),
      'sub/deeper/local.py': models('Net'),
      'build/b.py': models('Net'),
      '.hidden/c.py': models('Net'),
      'node_modules/m/d.py': models('Net'),
      '.venv/lib/e.py': models('Net'),
      'myenv/pyvenv.cfg': '',
      'myenv/lib/f.py': models('Net'),
    },
    [{ model: '**/*.py:Net*' }],
    ['a.py:Net', 'keep_old.py:Net', 'sub/deeper/local.py:Net'],
  ],
  [
    'a problem for each that matches nothing',
    { 'a.py': models('Net'), 'b.py': 'x = 1\n' },
    [
      { model: 'missing.py' },
      { model: 'missing/*.py:*' },
      { model: 'a.py:*Transformer' },
      { model: 'b*.py' },
      { model: '.' + '/a.py:Net' },
    ],
    [
      'a.py:Net',
      'unreadable-file: The model "missing.py" cannot be read: there is no such file.',
      'no-match: The model "missing/*.py:*" matches no file.',
      'no-match: The model "a.py:*Transformer" matches one file, and none has a model called "*Transformer".',
      'no-match: The model "b*.py" matches one file, and none has a model.',
    ],
  ],
];

describe('entries name', () => {
  it.each(ENTRIES)('%s', async (_title, files, entries, wanted) => {
    write({ ...files, 'layercost.json': JSON.stringify({ entries }) });
    const found = findConfiguration(folder, { knownDeviceIds });
    expect(found?.problems).toEqual([]);
    if (found?.configuration === undefined) throw new Error('no configuration');
    const expanded = expandEntries(found.configuration, await makeAnalyzer([]));
    expect([
      ...expanded.models.map(({ name, target }) => (name === target ? name : `${name} -> ${target}`)),
      ...expanded.problems.map(({ code, message }) => `${code}: ${message}`),
    ]).toEqual(wanted);
  });

  it('files over links no more than once, and ends where links go round', async () => {
    write({ 'a/net.py': models('Net'), 'layercost.json': '{ "entries": [{ "model": "**/*.py:*" }] }' });
    symlinkSync(folder, path.join(folder, 'a/round'));
    const configuration = findConfiguration(folder, { knownDeviceIds })?.configuration;
    if (configuration === undefined) throw new Error('no configuration');
    const { models: found } = expandEntries(configuration, await makeAnalyzer([]));
    expect(found.map(({ absoluteTarget }) => absoluteTarget)).toEqual([`${path.join(folder, 'a/net.py')}:Net`]);
  });

  it('files of the folder above', async () => {
    write({
      'net.py': models('Net'),
      'ci/layercost.json': '{ "entries": [{ "model": "../*.py:*" }, { "model": "../net.py" }] }',
    });
    const configuration = findConfiguration(path.join(folder, 'ci'), { knownDeviceIds })?.configuration;
    if (configuration === undefined) throw new Error('no configuration');
    const { models: found, problems } = expandEntries(configuration, await makeAnalyzer([]));
    expect(problems).toEqual([]);
    expect(found.map(({ target }) => target)).toEqual(['../net.py:Net', '../net.py']);
  });
});

const FOUND: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  from: string,
  file: string | undefined,
  codes: readonly string[],
])[] = [
  ['in the folder itself', { 'layercost.json': '{}' }, '.', 'layercost.json', []],
  ['in a folder above', { 'layercost.json': '{}', 'a/b/net.py': '' }, 'a/b', 'layercost.json', []],
  ['the nearest one', { 'layercost.json': '{}', 'a/layercost.json': '{}' }, 'a', 'a/layercost.json', []],
  [
    'past a pyproject.toml of others',
    { 'layercost.json': '{}', 'a/pyproject.toml': '[project]' },
    'a',
    'layercost.json',
    [],
  ],
  [
    'a table in pyproject.toml',
    { 'layercost.json': '{}', 'a/pyproject.toml': '[tool.layercost]' },
    'a',
    'a/pyproject.toml',
    [],
  ],
  [
    'two in one folder',
    { 'layercost.json': '{}', 'pyproject.toml': '[tool.layercost]\n' },
    '.',
    'layercost.json',
    ['two-configurations'],
  ],
  ['a broken one', { 'layercost.json': '{' }, '.', 'layercost.json', ['configuration-syntax']],
  ['one that is no text', { 'layercost.json': '\xff' }, '.', 'layercost.json', ['unreadable-file']],
  ['none where a folder has the name', { 'layercost.json/x': '' }, '.', undefined, []],
];

describe('the configuration is found', () => {
  it.each(FOUND)('%s', (_title, files, from, file, codes) => {
    write(files);
    if (files['layercost.json'] === '\xff')
      writeFileSync(path.join(folder, 'layercost.json'), Buffer.from([0xff, 0xfe]));
    const found = findConfiguration(path.join(folder, from), { knownDeviceIds });
    expect(found?.file).toBe(file === undefined ? undefined : path.join(folder, file));
    expect(found?.problems.map(({ code }) => code) ?? []).toEqual(codes);
  });
});

/**
 * Every command over files that are broken, huge, deeply nested, of another kind than their name says, or no files at all.
 * Each ends with 0, 1 or 2 and says why; 101 is for mistakes of ours.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../server/src/cli/commandLine.ts';

// A machine that is shared may be slow.
vi.setConfig({ testTimeout: 300_000 });

const root = path.join(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
const NET = 'from torch import nn\nnet = nn.Linear(4, 4)\n';
const DEEP = 100_000;
/** Parts of one chain, such as 1 + 1 + 1. */
const LONG = 20_000;
const nested = (open: string, inner: string, close: string): string =>
  `${open.repeat(DEEP)}${inner}${close.repeat(DEEP)}`;

let base: string;

beforeAll(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'layercost-hostile-')));
  vi.stubEnv('XDG_CACHE_HOME', path.join(base, 'user'));
  vi.stubEnv('LAYERCOST_CACHE_DIR', path.join(base, 'cache'));
});

afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(root);
  rmSync(base, { recursive: true, force: true });
});

/** Makes what has a name; text or bytes where a value is no function. */
type Content = string | Uint8Array | ((file: string) => void);

function place(folder: string, files: Readonly<Record<string, Content>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'function') content(file);
    else writeFileSync(file, content);
  }
}

const folderCalled: Content = (file) => mkdirSync(file);
const pipe: Content = (file) => void execFileSync('mkfifo', [file]);
const link =
  (target: string): Content =>
  (file) =>
    symlinkSync(target, file);
const sparse =
  (byteLength: number): Content =>
  (file) => {
    writeFileSync(file, '');
    truncateSync(file, byteLength);
  };
/** The name stays when whoever listened is gone. */
const socket: Content = (file) => {
  const listener = createServer();
  listener.listen(file);
  listener.unref();
};
/** The same bytes on every run. */
const noise = (byteLength: number): Uint8Array =>
  Uint8Array.from({ length: byteLength }, (_, at) => (at * 7919 + (at >> 3) * 31) % 256);

interface Ran {
  readonly exitCode: number | null | undefined;
  readonly said: string;
}

let folderCount = 0;

function freshFolder(files: Readonly<Record<string, Content>>): string {
  const folder = path.join(base, `case${++folderCount}`);
  mkdirSync(folder);
  place(folder, files);
  return folder;
}

async function run(folder: string, argv: readonly string[]): Promise<Ran> {
  process.chdir(folder);
  const said: string[] = [];
  const write = (text: string): { readonly kind: 'ok' } => {
    said.push(text);
    return { kind: 'ok' };
  };
  const exitCode = await runCommandLine(argv, { folder: dist, writeOut: write, writeError: write });
  return { exitCode, said: said.join('') };
}

/** The built program, which a test can stop: for what might be waited for. */
function runBuilt(folder: string, argv: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(dist, 'cli.js'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 280_000,
    maxBuffer: 2 ** 28,
  });
  return { exitCode: status, said: `${stdout}${stderr}` };
}

function holds({ exitCode, said }: Ran, context: string): void {
  const start = `${context}: ${said.slice(0, 2000)}`;
  expect(said, start).not.toMatch(/internal error, please|\[internal-error\]|\n {4}at /);
  expect([0, 1, 2], start).toContain(exitCode);
  expect(said, context).not.toBe('');
}

describe('a configuration', () => {
  const value = (text: string): string => `{"entries": [${text}]}`;
  const CONFIGURATIONS: Readonly<Record<string, Content>> = {
    empty: '',
    'a mark alone': '\uFEFF',
    'a mark and a list': '\uFEFF[]',
    null: 'null',
    'a number': '1e999',
    'a text': '"text"',
    'a brace': '{',
    'nested lists': nested('[', '', ']'),
    'nested objects': nested('{"a":', '1', '}'),
    'nested lists that do not end': '['.repeat(DEEP),
    'nested entries': value(nested('[', '', ']')),
    'a comment that does not end': '/* ',
    'a NUL': '{"entries": [{"model": "net.py\0"}]}',
    'a NUL in escapes': '{"entries": [{"model": "n\\u0000et.py:Net"}]}',
    'half a character': '{"entries": [{"model": "\\ud800.py"}]}',
    'bytes that are no text': Uint8Array.of(0xff, 0xfe, 0x7b, 0x00),
    'one long line': `{"a": "${'x'.repeat(5_000_000)}"}`,
    'a long model': value(`{"model": "${'a'.repeat(100_000)}.py"}`),
    'a name that is too long': value(`{"model": "${'a'.repeat(300)}.py:Net"}`),
    'a path that is too long': value(`{"model": "${'a/'.repeat(240)}a.py"}`),
    'a folder above the root': value(`{"model": "${'../'.repeat(100)}net.py"}`),
    'a hostile glob': value('{"model": "{a,b}{c,d}[!x/**/*.py:*[*"}'),
    'a glob of nothing': value('{"model": "**/(.py"}'),
    'wrong types': value('{"model": [], "args": 5, "input": {}, "devices": "t4", "allowUnknown": "no", "budgets": []}'),
    'wrong types in a budget': value('{"model": "net.py:net", "budgets": {"params": [], "latency": 5, "growth": "x"}}'),
    'entries that are none': '{"entries": {"a": 1}}',
    'entries of null': '{"entries": [null, 1, "a", [], true]}',
    'keys of an object':
      '{"__proto__": {"entries": []}, "constructor": 1, "toString": 2, "entries": [{"__proto__": 1}]}',
    'numbers of no size': value(
      '{"model": "net.py:net", "budgets": {"params": 1e999, "macs": -1, "peakMemory": "1e400 GB"}}',
    ),
    'arguments that nest': value(`{"model": "net.py:net", "args": ${'[{"a":'.repeat(20)}1${'}]'.repeat(20)}}`),
    'Python arguments that nest': value(`{"model": "net.py:net", "args": "${nested('(', '', ')')}"}`),
    'an input of no end': value('{"model": "net.py:net", "input": "99999999999999999999999x1"}'),
    'search paths of no place':
      '{"searchPaths": ["\\u0000", "/dev/null", "../../../../..", ""], "entries": [{"model": "net.py:net"}]}',
    'a cell that nests': value(`{"cell": "${'['.repeat(5000)}"}`),
    'a link to itself': link('layercost.json'),
    'a link to nothing': link('nowhere.json'),
    'a link to a folder': link('.'),
    'a folder': folderCalled,
    'a terabyte': sparse(2 ** 40),
  };
  it.each(Object.entries(CONFIGURATIONS))('that is %s', async (title, content) => {
    const folder = freshFolder({ 'net.py': NET, 'layercost.json': content });
    for (const argv of [
      ['check'],
      ['check', '--format', 'sarif', '--config', 'layercost.json'],
      ['analyze', 'net.py'],
      ['baseline', '--output', 'out.json'],
      ['init'],
    ]) {
      holds(await run(folder, argv), `${argv.join(' ')} with ${title}`);
    }
  });

  const TABLE = '[tool.layercost]\n';
  const PROJECTS: Readonly<Record<string, Content>> = {
    'nested lists': `${TABLE}entries = ${nested('[', '', ']')}`,
    'nested tables': `${TABLE}a = ${nested('{a=', '1', '}')}`,
    'a deep key': `${TABLE}${'a.'.repeat(DEEP)}a = 1`,
    'a deep header': `[tool.layercost.${'a.'.repeat(DEEP)}a]`,
    'a text that does not end': `${TABLE}a = """${'"'.repeat(10)}`,
    'a key of no end': '[tool.layercost',
    'one long line': `${TABLE}a = "${'x'.repeat(5_000_000)}"`,
    'a NUL': `${TABLE}a = "\0"`,
    'bytes that are no text': Uint8Array.of(0xff, 0xfe, 0x5b, 0x00),
    'a mark': `\uFEFF${TABLE}entries = []`,
    'wrong types': `${TABLE}entries = 1979-05-27T07:32:00Z\ndevices = 0x1F\nsearchPaths = nan`,
    'keys of an object': `${TABLE}__proto__ = 1\n[tool.layercost.constructor]\na = inf`,
    'a table twice': `${TABLE}a = 1\n${TABLE}`,
    'a link to itself': link('pyproject.toml'),
    'a link to nothing': link('nowhere.toml'),
    'a folder': folderCalled,
  };
  it.each(Object.entries(PROJECTS))('in a pyproject.toml that is %s', async (title, content) => {
    const folder = freshFolder({ 'net.py': NET, 'pyproject.toml': content });
    for (const argv of [['check'], ['analyze', 'net.py']]) {
      holds(await run(folder, argv), `${argv.join(' ')} with ${title}`);
    }
  });
});

describe('a model', () => {
  const statement = (text: string): string => `${NET}x = ${text}\n`;
  const MODELS: Readonly<Record<string, Content>> = {
    'empty.py': '',
    'mark.py': `\uFEFF${NET}`,
    'nul.py': NET.replace('nn\n', 'nn\0\n'),
    'bytes.py': Uint8Array.of(0x69, 0xff, 0xfe),
    'binary.py': noise(5000),
    'encoding.py': '# coding: no-such-encoding\n' + NET,
    'line.py': statement(`"${'a'.repeat(5_000_000)}"`),
    'brackets.py': statement(nested('[', '', ']')),
    'open.py': statement('('.repeat(DEEP)),
    'minus.py': statement(`${'-'.repeat(LONG)}1`),
    'plus.py': statement(`1${'+1'.repeat(LONG)}`),
    'power.py': statement(`1${'**1'.repeat(10_000)}`),
    'compare.py': statement(`1${'<1'.repeat(LONG)}`),
    'and.py': statement(`1${' and 1'.repeat(LONG)}`),
    'not.py': statement(`${'not '.repeat(LONG)}1`),
    'condition.py': statement(`${'1 if 1 else '.repeat(LONG)}1`),
    'lambda.py': statement(`${'lambda:'.repeat(LONG)}1`),
    'attributes.py': statement(`nn${'.a'.repeat(LONG)}`),
    'calls.py': statement(`nn${'()'.repeat(LONG)}`),
    'indices.py': statement(`nn${'[0]'.repeat(LONG)}`),
    'text.py': statement(`f"${'{'.repeat(50_000)}`),
    'blocks.py': `${NET}${Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}if 1:\n`).join('')}${' '.repeat(1500)}pass\n`,
    'branches.py': `${NET}if x:\n pass\n${'elif x:\n pass\n'.repeat(5000)}`,
    'decorators.py': `${NET}${'@net\n'.repeat(1000)}def f(): pass\n`,
    'digits.py': statement('9'.repeat(DEEP)),
    'escapes.py': statement('"\\N{NO SUCH NAME}\\ud800\\xZZ\\u12"'),
    'loop.py': link('loop.py'),
    'dangling.py': link('nowhere.py'),
    'folder.py': folderCalled,
    'device.py': link('/dev/zero'),
    'huge.py': sparse(2 ** 40),
    'socket.py': socket,
    'empty.onnx': '',
    'text.onnx': 'import torch\n',
    'binary.onnx': noise(5000),
    'zeros.onnx': new Uint8Array(5000),
    'fields.onnx': new Uint8Array(100_000).fill(0x3a),
    'loop.onnx': link('loop.onnx'),
    'folder.onnx': folderCalled,
    'device.onnx': link('/dev/zero'),
    'huge.onnx': sparse(2 ** 40),
    'loop.txt': link('loop.txt'),
    'folder.json': folderCalled,
    'brackets.json': nested('[', '', ']'),
    'objects.json': nested('{"cell":', '1', '}'),
    'line.txt': '|'.repeat(5_000_000),
    'huge.txt': sparse(2 ** 40),
    'binary.txt': noise(5000),
    [`${'a'.repeat(252)}.py`]: NET,
  };
  const names = [
    ...Object.keys(MODELS),
    `${'b'.repeat(300)}.py`,
    `${'b/'.repeat(3000)}b.py`,
    'net.py/inner.py',
    'n\0.py',
  ];
  let folder: string;

  beforeAll(() => {
    folder = freshFolder({ ...MODELS, 'net.py': NET });
    const entries = names
      .filter((name) => /\.(?:py|onnx)$/.test(name))
      .map((model) => ({ model, budgets: { params: '1k' } }));
    writeFileSync(path.join(folder, 'layercost.json'), JSON.stringify({ entries }));
  });

  it.each(names)('%s, analyzed', async (name) => {
    for (const target of [name, `${name}:Net`]) holds(await run(folder, ['analyze', target]), target.slice(0, 100));
    holds(await run(folder, ['analyze', name, '--format', 'json']), name.slice(0, 100));
  });

  it('of these costs its own entry, and the others are checked', () => {
    const { exitCode, said } = runBuilt(folder, ['check', '--no-cache']);
    holds({ exitCode, said }, 'check');
    expect(exitCode).toBe(2);
    expect(said).toContain('"loop.py" cannot be read: its links lead in a circle');
    expect(said).toContain('cannot be read: its name is too long');
    expect(said).toContain('"device.py" cannot be read: this is a pipe, a device or a socket, not a file');
    expect(said).toMatch(/mark\.py +pass +parameters +20 +1k/);
  });

  it('among them is found by a glob, which follows no links', async () => {
    const inner = freshFolder({ 'net.py': NET, 'loop.py': link('loop.py'), up: link('.'), 'empty.py': '' });
    writeFileSync(
      path.join(inner, 'layercost.json'),
      '{"entries": [{"model": "**/*.py:net", "budgets": {"params": 20}}]}',
    );
    const { exitCode, said } = await run(inner, ['check']);
    expect(said).toContain('net.py');
    expect(exitCode).toBe(0);
  });

  it('that imports what cannot be read says which', () => {
    const imports = ['loop', 'pipe', 'bytes', 'brackets', 'a'.repeat(300)].map((name) => `import ${name}\n`).join('');
    const inner = freshFolder({
      'net.py': `${imports}${NET}`,
      'loop.py': link('loop.py'),
      'pipe.py': pipe,
      'bytes.py': Uint8Array.of(0xff),
      'brackets.py': nested('[', '', ']'),
      'layercost.json': '{"entries": [{"model": "net.py:net", "budgets": {"params": 20}}]}',
    });
    for (const argv of [
      ['analyze', 'net.py'],
      ['check', '--no-cache', '--format', 'json'],
    ]) {
      const ran = runBuilt(inner, argv);
      holds(ran, argv.join(' '));
      expect(ran.said).toContain('loop.py');
    }
  });
});

describe('what may be waited for', () => {
  const PIPES: Readonly<Record<string, Content>> = {
    'net.py': NET,
    'pipe.py': pipe,
    'pipe.onnx': pipe,
    'pipe.txt': pipe,
    'inner/layercost.json': pipe,
    'inner/pyproject.toml': pipe,
    'inner/net.py': NET,
    'ignored/.gitignore': pipe,
    'ignored/net.py': NET,
    'ignored/layercost.json': '{"entries": [{"model": "*.py:net", "budgets": {"params": 20}}]}',
  };
  const COMMANDS: readonly (readonly [exitCode: number, folder: string, argv: readonly string[]])[] = [
    [2, '.', ['analyze', 'pipe.py']],
    [2, '.', ['analyze', 'pipe.onnx']],
    [2, '.', ['analyze', 'pipe.txt']],
    [2, '.', ['predict', '--batch', 'pipe.txt', '--out', 'out']],
    [2, '.', ['predict', '--batch', 'net.py', '--out', 'pipe.txt']],
    [2, '.', ['export', '--features', '--cells', 'pipe.txt']],
    [2, '.', ['diff', '--baseline', 'pipe.txt', 'net.py:net']],
    [2, '.', ['merge', 'pipe.txt']],
    [2, '.', ['baseline', 'net.py:net', '--output', 'pipe.txt']],
    [2, 'inner', ['check']],
    [2, 'inner', ['check', '--config', 'layercost.json']],
    [2, 'inner', ['init']],
    [2, 'ignored', ['check', '--report', 'json=../pipe.txt']],
    [0, 'ignored', ['check', '--no-cache']],
  ];
  let folder: string;
  beforeAll(() => {
    folder = freshFolder(PIPES);
  });

  it.each(COMMANDS)('is not: %i of %s, %j', (exitCode, inner, argv) => {
    const ran = runBuilt(path.join(folder, inner), argv);
    holds(ran, argv.join(' '));
    expect(ran).toMatchObject({ exitCode });
  });

  it('is not in a cache either', () => {
    const cache = path.join(folder, 'cache');
    const argv = ['check', '--cache-dir', cache];
    const checked = freshFolder({
      'net.py': NET,
      'layercost.json': '{"entries": [{"model": "*.py:net", "budgets": {"params": 20}}]}',
    });
    const first = runBuilt(checked, argv);
    expect(first.exitCode).toBe(0);
    for (const name of ['answers', 'manifests']) {
      const inner = path.join(cache, 'v2', name);
      for (const file of execFileSync('ls', [inner], { encoding: 'utf8' }).trim().split('\n')) {
        rmSync(path.join(inner, file));
        execFileSync('mkfifo', [path.join(inner, file)]);
      }
    }
    expect(runBuilt(checked, argv)).toEqual(first);
  });
});

describe('lines', () => {
  const LINES: Readonly<Record<string, string | Uint8Array>> = {
    'nested lists': nested('[', '', ']'),
    'nested cells': nested('{"cell":', '1', '}'),
    'a deep member': `{"cell": "|none~0|", "x": ${nested('[', '', ']')}}`,
    'one long line': `{"cell": "${'x'.repeat(5_000_000)}"}`,
    'bytes that are no text': Uint8Array.of(0xff, 0xfe, 0x0a, 0x00),
    'wrong types':
      '{"cell": 5}\n{"cell": null, "dataset": 1e999}\n[]\n{}\nnull\n{"cell": {"matrix": 1, "operations": {}}}\n',
    'keys of an object': '{"__proto__": {"cell": "|none~0|"}, "cell": {"__proto__": 1}, "dataset": "toString"}\n',
    nothing: '',
  };
  it.each(Object.entries(LINES))('that are %s come back, each with what is wrong', async (title, text) => {
    const folder = freshFolder({ 'lines.txt': text });
    for (const argv of [
      ['predict', '--batch', 'lines.txt', '--out', 'out'],
      ['export', '--features', '--cells', 'lines.txt', '--out', 'out'],
    ]) {
      const { exitCode, said } = await run(folder, argv);
      expect(said, title).not.toMatch(/internal error/);
      expect(exitCode, title).toBe(0);
    }
  });
});

describe('reports of others', () => {
  const head = '"formatVersion": 1';
  const REPORTS: Readonly<Record<string, Content>> = {
    empty: '',
    'nested lists': nested('[', '', ']'),
    'nested models': `{${head}, "models": ${nested('[', '', ']')}}`,
    'nested entries': `{${head}, "entryCount": ${nested('[', '', ']')}, "entries": []}`,
    'infinite figures': `{${head}, "models": [{"name": "a", "target": "a", "inputs": [], "totals": {"macs": 1e999}}]}`,
    'keys of an object': `{${head}, "__proto__": 1, "models": [{"__proto__": []}], "entries": [{"constructor": 1}]}`,
    'of no version': '{"formatVersion": 1e999}',
    'a link to itself': link('report.json'),
    'a folder': folderCalled,
    'a terabyte': sparse(2 ** 40),
  };
  it.each(Object.entries(REPORTS))('that are %s', async (title, content) => {
    const folder = freshFolder({ 'report.json': content, 'net.py': NET });
    place(folder, {
      'layercost.json': '{"entries": [{"model": "net.py:net", "budgets": {"growth": {"params": "5 %"}}}]}',
    });
    for (const argv of [
      ['merge', 'report.json'],
      ['check', '--baseline', 'report.json'],
      ['diff', '--baseline', 'report.json'],
    ]) {
      holds(await run(folder, argv), `${argv.join(' ')} with ${title}`);
    }
  });
});

describe('weights of others', () => {
  const WEIGHTS: Readonly<Record<string, Content>> = {
    empty: '',
    'nested lists': nested('[', '', ']'),
    'of wrong types': '{"featureVersion": [], "networks": {}, "outputs": 1e999, "space": null}',
    'a link to itself': link('model.json'),
    'a folder': folderCalled,
    'a terabyte': sparse(2 ** 40),
  };
  it.each(Object.entries(WEIGHTS))('that are %s', async (title, content) => {
    const folder = freshFolder({ 'model/model.json': content, 'cells.txt': '|none~0|\n' });
    const ran = await run(folder, ['predict', '--batch', 'cells.txt', '--model', 'model', '--out', 'out']);
    holds(ran, title);
    expect(ran.said).toMatch(/\[(?:no-weights|weights-\w+)\]/);
  });
});

it('a working folder that is gone is said, whatever was asked', () => {
  const folder = freshFolder({});
  const script = `rmdir "${folder}"; exec "${process.execPath}" "${path.join(dist, 'cli.js')}" "$@"`;
  for (const argv of [['check'], ['analyze', 'net.py'], ['init'], ['diff'], ['devices']]) {
    mkdirSync(folder, { recursive: true });
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...argv], {
      cwd: folder,
      encoding: 'utf8',
    });
    holds({ exitCode: status, said: `${stdout}${stderr}` }, argv.join(' '));
  }
});

it('a folder of repositories that lead in circles is walked once', async () => {
  const folder = freshFolder({ 'a/net.py': NET, 'a/b': link('..'), 'a/c': link('c') });
  cpSync(path.join(root, 'examples/tiny_cnn.onnx'), path.join(folder, 'a/tiny.onnx'));
  holds(await run(folder, ['init']), 'init');
});

/**
 * What becomes of output that cannot be written: a full disk under stdout or a report is 2 and one line on stderr, a reader
 * that went away is no error, and nothing that was written in part is a success.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../server/src/cli/commandLine.ts';
import type { WriteResult } from '../../server/src/node/writeAll.ts';

vi.setConfig({ testTimeout: 300_000 });

const root = path.join(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
const CELL = '|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|';
const REPORT_FORMATS = ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'];
const FULL = 'error: stdout cannot be written: the disk is full\n';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost-full-'));
  const net = 'from torch import nn\nnet = nn.Linear(4, 4)\n';
  writeFileSync(path.join(folder, 'net.py'), net);
  writeFileSync(path.join(folder, 'cells.txt'), `${CELL}\n`);
  writeConfiguration();
  cpSync(path.join(root, 'examples/tiny_cnn.onnx'), path.join(folder, 'tiny.onnx'));
  vi.stubEnv('LAYERCOST_CACHE_DIR', path.join(folder, 'cache'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'user'));
  run(['check', '--report', 'json=part.json'], '>/dev/null');
  run(['baseline', '--output', 'baseline.json'], '>/dev/null');
});

// `init --force` writes another.
beforeEach(writeConfiguration);

function writeConfiguration(): void {
  const entries = [{ model: 'net.py:net', budgets: { params: 5 } }];
  writeFileSync(path.join(folder, 'layercost.json'), JSON.stringify({ entries }));
}

afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
});

/** `redirection` as a shell has it. */
function run(argv: readonly string[], redirection: string): { status: number | null; stdout: string; stderr: string } {
  const script = `exec "$0" "$@" ${redirection}`;
  return spawnSync('sh', ['-c', script, process.execPath, path.join(dist, 'cli.js'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
}

const COMMANDS: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['check', '--help'],
  ['devices'],
  ['devices', '--format', 'json'],
  ['analyze', 'net.py'],
  ['analyze', 'net.py', '--format', 'json'],
  ['analyze', 'tiny.onnx'],
  ['analyze', 'missing.py', '--format', 'json'],
  ['analyze', 'cells.txt'],
  ['analyze', '--cell', CELL],
  ['init', '--force'],
  ['predict', '--batch', 'cells.txt'],
  ['export', '--features', '--cells', 'cells.txt'],
  ['baseline', '--output', 'other.json'],
  ...REPORT_FORMATS.flatMap((format) => [
    ['check', '--format', format],
    ['merge', 'part.json', '--format', format],
    ['diff', '--baseline', 'baseline.json', '--format', format],
  ]),
];

/** Asks the program itself: a system without /dev/full has the commands below, which fail in this process. */
describe('a full disk under stdout', () => {
  const isThere = readdirSync('/dev').includes('full');
  it(`is 2 and one line, of the program${isThere ? '' : ' (left out here: there is no /dev/full)'}`, () => {
    for (const argv of isThere
      ? [['analyze', 'net.py'], ['check'], ['predict', '--batch', 'cells.txt'], ['--help']]
      : []) {
      expect(run(argv, '>/dev/full'), argv.join(' ')).toMatchObject({ status: 2, stderr: FULL });
    }
    // Where stderr is full as well, the code alone can say so.
    if (isThere) expect(run(['check'], '>/dev/full 2>&1').status).toBe(2);
    if (isThere) expect(run(['analyze', 'missing.py'], '2>/dev/full').status).toBe(2);
  });

  const direct = COMMANDS.filter(([name = '']) => !['predict', 'export'].includes(name));
  it.each(direct.map((argv) => [argv.join(' '), argv] as const))('is 2 and one line: %s', async (_, argv) => {
    process.chdir(folder);
    const said: string[] = [];
    const full = (): WriteResult => ({ kind: 'fault', reason: 'the disk is full' });
    const exitCode = await runCommandLine(argv, {
      folder: dist,
      writeOut: full,
      writeError(text) {
        said.push(text);
        return { kind: 'ok' };
      },
    });
    expect({ exitCode, said: said.join('') }).toEqual({ exitCode: 2, said: FULL });
  });

  it('is 2 where it is a report', () => {
    const { status, stderr } = run(['check', '--report', 'json=/dev/full'], '>/dev/null');
    const isKnown = readdirSync('/dev').includes('full');
    if (isKnown) expect(stderr).toBe('error: /dev/full cannot be written: the disk is full\n');
    expect(status).toBe(2);
  });
});

describe('a reader that goes away', () => {
  it.each([
    [0, ['devices']],
    [0, ['analyze', 'net.py']],
    [1, ['check']],
    [0, ['predict', '--batch', 'cells.txt']],
    [0, ['export', '--features', '--cells', 'cells.txt']],
    [2, ['sing']],
  ])('is no error: %i of %j', (status, argv) => {
    // The pipe's reader is gone before the first byte comes.
    const script = '{ sleep 1; "$0" "$@" 2>err; echo $? >code; } | true';
    spawnSync('sh', ['-c', script, process.execPath, path.join(dist, 'cli.js'), ...argv], { cwd: folder });
    const stderr = readFileSync(path.join(folder, 'err'), 'utf8');
    expect(readFileSync(path.join(folder, 'code'), 'utf8').trim(), stderr).toBe(String(status));
    if (status !== 2) expect(stderr).toBe('');
  });
});

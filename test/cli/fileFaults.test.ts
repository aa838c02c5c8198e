/**
 * Commands while the file system refuses one call: each call on the folder of a project in its turn. The exit code is 0, 1 or 2,
 * what is said has no stack, and what passes passes with the figures that it has without the fault. Every test run refuses the
 * first and the last of equal calls with one code; LAYERCOST_ALL_FAULTS=1 refuses every call with every code.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../server/src/cli/commandLine.ts';
import { checkFromJson } from '../../server/src/gate/checkJson.ts';
import { withFault, type Fault, type FileCall } from '../support/faultyFiles.ts';

vi.mock('node:fs', async (original) => {
  const { faultyFiles } = await import('../support/faultyFiles.ts');
  return faultyFiles(await original());
});

// Each call of each command is refused once, or once a code.
vi.setConfig({ testTimeout: 300_000 });

const root = path.join(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
const CELL = '|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|';
const CODES = ['EIO', 'EACCES', 'ELOOP', 'ENAMETOOLONG', 'EMFILE', 'EPERM', 'ENOSPC', 'EROFS', 'ENOTDIR', 'EISDIR'];
/** In the folder of a test. */
const CACHES = /^(?:cache|user)\//;
const HAS_ALL = process.env['LAYERCOST_ALL_FAULTS'] === '1';

/** Which calls are refused, with which codes. */
function faultsOf(calls: readonly FileCall[], isMeant: (call: FileCall) => boolean): readonly Fault[] {
  const keys = calls.map(({ name, path: place }) => `${name} ${place.replace(/\.\w+\.tmp$/, '')}`);
  const chosen = new Set(keys.flatMap((key) => [keys.indexOf(key), keys.lastIndexOf(key)]));
  return [...calls.entries()]
    .filter(([at, call]) => isMeant(call) && (HAS_ALL || chosen.has(at)))
    .flatMap(([at], index) => (HAS_ALL ? CODES : [CODES[index % CODES.length] ?? '']).map((code) => ({ at, code })));
}

const NET = `from torch import nn
from parts import width

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, width)

    def forward(self, x):
        return self.fc(x)
`;

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'layercost-faults-')));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'user'));
  vi.stubEnv('LAYERCOST_CACHE_DIR', path.join(folder, 'cache'));
});

afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
});

/** The project as it is before every run. */
function writeProject(): string {
  const project = path.join(folder, 'project');
  process.chdir(root);
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
  mkdirSync(path.join(project, 'zoo'), { recursive: true });
  const entries = [
    { model: 'net.py:Net', input: '1x4', budgets: { params: 15 } },
    { model: 'tiny.onnx', budgets: { params: '1M' } },
    { model: 'zoo/*.py:*Net', input: '1x4', budgets: { params: '1M' } },
  ];
  const files = {
    'layercost.json': JSON.stringify({ entries }),
    'net.py': NET,
    'parts.py': 'width = 3\n',
    'zoo/small.py': NET.replace('Net', 'SmallNet').replace('from parts import width', 'width = 5'),
    '.gitignore': 'build/\n',
    'cells.txt': `${CELL}\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(project, name), text);
  cpSync(path.join(root, 'examples/tiny_cnn.onnx'), path.join(project, 'tiny.onnx'));
  process.chdir(project);
  return project;
}

interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(argv: readonly string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await runCommandLine(argv, {
    folder: dist,
    writeOut(text) {
      said.stdout += text;
      return { kind: 'ok' };
    },
    writeError(text) {
      said.stderr += text;
      return { kind: 'ok' };
    },
  });
  return { exitCode, ...said };
}

interface Sweep {
  /** Before each run. */
  readonly prepare?: () => unknown;
  readonly isMeant?: (call: FileCall) => boolean;
}

/** The calls that the command makes, refused one at a time: what to hold against the run without a fault. */
async function sweep(
  argv: readonly string[],
  hold: (ran: Ran, call: FileCall, fault: Fault) => void,
  { prepare = () => undefined, isMeant = () => true }: Sweep = {},
): Promise<number> {
  writeProject();
  await prepare();
  const { calls } = await withFault(folder, undefined, () => run(argv));
  const faults = faultsOf(calls, isMeant);
  for (const fault of faults) {
    const call = calls[fault.at];
    if (call === undefined) continue;
    writeProject();
    await prepare();
    const { value } = await withFault(folder, fault, () => run(argv));
    const context = `${fault.code} at ${call.name} ${call.path}: ${value.stderr}${value.stdout}`;
    expect([0, 1, 2], context).toContain(value.exitCode);
    expect(`${value.stdout}${value.stderr}`, context).not.toMatch(/internal.error|\n {4}at /);
    // Nothing ends otherwise without a word.
    if (value.exitCode !== 0) expect(`${value.stdout}${value.stderr}`, context).not.toBe('');
    hold(value, call, fault);
  }
  return faults.length;
}

const paramCounts = (json: string): ReadonlyMap<string, number | undefined> => {
  const report = checkFromJson(json);
  if (report.kind === 'invalid') throw new Error(report.message);
  return new Map(
    report.value.entries.flatMap(({ name, status, totals }) =>
      status === 'pass' ? [[name, totals?.paramCount] as const] : [],
    ),
  );
};

describe('one refused call', () => {
  it.each([
    ['without a cache', ['check', '--format', 'json', '--no-cache']],
    ['with an empty cache', ['check', '--format', 'json']],
  ])('of check, %s, costs one entry, and what passes has its figures', async (_, argv) => {
    writeProject();
    const whole = await run(argv);
    expect(whole.exitCode).toBe(0);
    const expected = paramCounts(whole.stdout);
    const count = await sweep(argv, ({ exitCode, stdout }, { name, path: place }, { code }) => {
      const context = `${code} at ${name} ${place}`;
      if (stdout === '') {
        // Not even the configuration could be found.
        expect(exitCode, context).toBe(2);
        return;
      }
      for (const [entry, figure] of paramCounts(stdout)) expect(figure, context).toBe(expected.get(entry));
      // A cache only ever saves time.
      if (CACHES.test(place)) expect({ exitCode, stdout }, context).toEqual({ exitCode: 0, stdout: whole.stdout });
    });
    expect(count).toBeGreaterThan(50);
  });

  it('of check with a full cache changes nothing where it is the cache that is refused', async () => {
    writeProject();
    const argv = ['check', '--format', 'json'];
    const whole = await run(argv);
    await sweep(
      argv,
      ({ exitCode, stdout }, { name, path: place }, { code }) => {
        expect({ exitCode, stdout }, `${code} at ${name} ${place}`).toEqual({ exitCode: 0, stdout: whole.stdout });
      },
      { prepare: () => run(argv), isMeant: ({ path: place }) => CACHES.test(place) },
    );
  });

  it.each([
    ['analyze', ['analyze', 'net.py:Net', '--input', '1x4', '--format', 'json']],
    ['analyze of an ONNX file', ['analyze', 'tiny.onnx', '--format', 'json']],
    ['analyze of cells', ['analyze', 'cells.txt', '--format', 'json']],
  ])('of %s leaves its figures, or says why there are none', async (_, argv) => {
    writeProject();
    const whole = await run(argv);
    expect(whole.exitCode).toBe(0);
    const figure = (stdout: string): unknown => /"paramCount": (\d+)/.exec(stdout)?.[1];
    await sweep(argv, ({ exitCode, stdout, stderr }, { name, path: place }, { code }) => {
      const context = `${code} at ${name} ${place}: ${stderr}`;
      if (exitCode === 0) expect([figure(whole.stdout), undefined], context).toContain(figure(stdout));
    });
  });

  const WRITERS: readonly (readonly [file: string, argv: readonly string[]])[] = [
    ['out.jsonl', ['predict', '--batch', 'cells.txt', '--out', 'out.jsonl']],
    ['out.jsonl', ['export', '--features', '--cells', 'cells.txt', '--out', 'out.jsonl']],
    ['layercost-baseline.json', ['baseline', '--no-cache', 'net.py:Net', '--input', '1x4']],
    ['out.sarif', ['check', 'net.py:Net', '--no-cache', '--report', 'sarif=out.sarif']],
    ['layercost.json', ['init', '--force']],
  ];
  it.each(WRITERS)('leaves %s whole or as it was: %j', async (file, argv) => {
    const project = writeProject();
    const target = path.join(project, file);
    const before = file === 'layercost.json' ? readFileSync(target, 'utf8') : 'precious';
    expect(await run(argv)).toMatchObject({ exitCode: 0 });
    await sweep(
      argv,
      ({ exitCode, stderr }, { name, path: place }, { code }) => {
        const context = `${code} at ${name} ${place}: ${stderr}`;
        const after = readFileSync(target, 'utf8');
        if (exitCode === 0) expect(after, context).not.toBe(before);
        else if (after !== before) expect(() => complete(file, after), context).not.toThrow();
        // What a refused removal leaves has no name that anything reads.
        const left = readdirSync(project).filter((each) => each.endsWith('.tmp'));
        if (!/^(?:rm|close)Sync$/.test(name)) expect(left, context).toEqual([]);
      },
      {
        prepare: () => {
          writeFileSync(target, before);
        },
      },
    );
  });
});

/** Throws where a part is missing. */
function complete(file: string, text: string): void {
  const plain = text.replace(/^\/\/.*\n/, '');
  const parts = file.endsWith('.jsonl') ? plain.trim().split('\n') : [plain];
  for (const part of parts) JSON.parse(part);
}

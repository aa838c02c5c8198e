/**
 * GitLab's template and the pre-commit hook as those run them, with the installed package: the script of the job by a
 * shell, `npx` and `layercost` on PATH; the hook's entry in a repository, for the files that it is meant for.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelHistory } from '../cli/modelHistory.ts';
import { junitErrors } from '../cli/reporters/publishedSchemas.ts';
import type { GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type PackedCommand } from '../support/packedCommand.ts';

const root = path.join(import.meta.dirname, '../..');
const programs = mkdtempSync(path.join(tmpdir(), 'layercost-programs-'));

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };

let command: PackedCommand;
let history: GitSandbox;

beforeAll(() => {
  command = installPackedCommand();
  history = modelHistory();
  const script = (name: string, text: string): void => {
    writeFileSync(path.join(programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(programs, name), 0o755);
  };
  script('layercost', `exec node "${command.file}" "$@"`);
  // npx --yes layercost@VERSION ARGUMENTS
  script('npx', `echo "$2" >> "${programs}/asked"; shift 2; exec layercost "$@"`);
}, 120_000);

afterAll(() => {
  history.remove();
  command.remove();
  rmSync(programs, { recursive: true, force: true });
});

beforeEach(() => {
  history.git('checkout', '--quiet', '--force', 'wider');
  for (const name of readdirSync(history.folder)) {
    if (/^layercost-/.test(name)) rmSync(path.join(history.folder, name));
  }
});

function configure(budgets: object): void {
  const entry = {
    name: 'student',
    model: 'models/größe/net.py:Net',
    input: '1x3x32x32',
    args: { classes: 100 },
    budgets,
  };
  writeFileSync(path.join(history.folder, 'layercost.json'), JSON.stringify({ entries: [entry] }));
}

function shell(
  script: string,
  variables: Readonly<Record<string, string>> = {},
): { status: number | null; output: string } {
  const env = {
    PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}`,
    LAYERCOST_CACHE_DIR: path.join(programs, 'cache'),
    ...variables,
  };
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', script], {
    cwd: history.folder,
    env,
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

interface Job {
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: { readonly junit: string };
  };
}

describe('ci/layercost.gitlab-ci.yml', () => {
  const { layercost: job } = parse(readFileSync(path.join(root, 'ci/layercost.gitlab-ci.yml'), 'utf8')) as {
    readonly layercost: Job;
  };
  const run = (base: string): ReturnType<typeof shell> =>
    shell(job.script.join('\n'), { ...job.variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
  const read = (file: string): string => readFileSync(path.join(history.folder, file), 'utf8');

  it('ends with 1 where something grew too much, with all its reports', async () => {
    configure({ growth: { params: '+5 %' } });
    const { status } = run(history.git('rev-parse', 'start').trim());
    expect(status).toBe(1);
    expect(await junitErrors(read(job.artifacts.reports.junit))).toEqual([]);
    expect(read(job.artifacts.reports.junit)).toContain('failures="1"');
    expect(JSON.parse(read('layercost-diff.json'))).toMatchObject({ formatVersion: 1 });
    expect(JSON.parse(read('layercost-check.json'))).toMatchObject({ verdict: 'fail' });
    expect(read('layercost-diff.md')).toContain('**student**');
    expect(readFileSync(path.join(programs, 'asked'), 'utf8')).toContain(
      `layercost@${job.variables['LAYERCOST_VERSION']}`,
    );
    expect(job.artifacts.when).toBe('always');
  });

  it('ends with 0 where all is met', () => {
    configure({ growth: { params: '+500 %' } });
    expect(run('start').status).toBe(0);
  });

  it('ends with 2 where the base is missing, and says so in the report', () => {
    configure({ growth: { params: '+500 %' } });
    const { status, output } = run('0'.repeat(39) + '1');
    expect(status).toBe(2);
    expect(output).toContain('[unknown-revision]');
    expect(read(job.artifacts.reports.junit)).toContain('unreadable-base');
  });

  it('asks for the version of this package', () => {
    expect(job.variables['LAYERCOST_VERSION']).toBe(version);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const [hook] = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly files: string;
    readonly language: string;
  }[];

  it.each([
    [{ params: '7K' }, 0],
    [{ params: '6K' }, 1],
    [{ params: 'many' }, 2],
  ])('with budgets %j it ends with %i', (budgets, exitCode) => {
    configure(budgets);
    expect(shell(hook?.entry ?? '').status).toBe(exitCode);
  });

  it('takes arguments, as for growth since a branch', () => {
    configure({ growth: { params: '+5 %' } });
    const { status, output } = shell(`${hook?.entry ?? ''} --base start`);
    expect(output).toContain('[growth-params]');
    expect(status).toBe(1);
  });

  it('runs for models and configurations alone', () => {
    const matches = (file: string): boolean => new RegExp(hook?.files ?? '').test(file);
    const names = ['models/größe/net.py', 'net.pyi', 'a b.onnx', 'layercost.json', 'x/pyproject.toml'];
    expect(names.filter(matches)).toEqual(names);
    expect(['README.md', 'my-layercost.json', 'net.pyc', 'onnx'].filter(matches)).toEqual([]);
  });

  it('asks for the version of this package, and needs nothing built', () => {
    expect(hook?.entry).toBe(`npx --yes layercost@${version} check`);
    expect(hook?.language).toBe('system');
  });
});

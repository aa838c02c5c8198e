/**
 * GitLab's template and the pre-commit hook as those run them, with the packed package from a registry on 127.0.0.1: the
 * script of the job by a shell; the hook's script from a clone of this repository, for the files that it is meant for.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelHistory } from '../cli/modelHistory.ts';
import { junitErrors } from '../cli/reporters/publishedSchemas.ts';
import type { GitSandbox } from '../node/git/gitSandbox.ts';
import { startFakeRegistry, type FakeRegistry } from './fakeRegistry.ts';
import { gitlabJob, hook, hookClone, root, runGitlabJob, runHook, type ScriptOutcome } from './runPipelines.ts';
import { installPackedCommand, type PackedCommand } from '../support/packedCommand.ts';

const programs = mkdtempSync(path.join(tmpdir(), 'layercost-programs-'));

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };

let command: PackedCommand;
let history: GitSandbox;
let registry: FakeRegistry;
let clone: string;

beforeAll(async () => {
  command = installPackedCommand();
  history = modelHistory();
  registry = await startFakeRegistry(command.archive);
  clone = hookClone(programs);
}, 120_000);

afterAll(async () => {
  await registry.close();
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

describe('ci/layercost.gitlab-ci.yml', () => {
  const run = (base: string, variables: Readonly<Record<string, string>> = {}): Promise<ScriptOutcome> =>
    runGitlabJob(history.folder, base, { LAYERCOST_REGISTRY: registry.url, ...variables });
  const read = (file: string): string => readFileSync(path.join(history.folder, file), 'utf8');

  it('ends with 1 where something grew too much, with all its reports', async () => {
    configure({ growth: { params: '+5 %' } });
    const { status } = await run(history.git('rev-parse', 'start').trim());
    expect(status).toBe(1);
    expect(await junitErrors(read(gitlabJob.artifacts.reports.junit))).toEqual([]);
    expect(read(gitlabJob.artifacts.reports.junit)).toContain('failures="1"');
    expect(JSON.parse(read('layercost-diff.json'))).toMatchObject({ formatVersion: 1 });
    expect(JSON.parse(read('layercost-check.json'))).toMatchObject({ verdict: 'fail' });
    expect(read('layercost-diff.md')).toContain('**student**');
    expect(gitlabJob.artifacts.when).toBe('always');
  });

  it('ends with 0 where all is met', async () => {
    configure({ growth: { params: '+500 %' } });
    expect((await run('start')).status).toBe(0);
  });

  it('ends with 2 where the base is missing, and says so in the report', async () => {
    configure({ growth: { params: '+500 %' } });
    const { status, log: output } = await run('0'.repeat(39) + '1');
    expect(status).toBe(2);
    expect(output).toContain('[unknown-revision]');
    expect(read(gitlabJob.artifacts.reports.junit)).toContain('unreadable-base');
  });

  it('asks for the version of this package', () => {
    expect(gitlabJob.variables['LAYERCOST_VERSION']).toBe(version);
  });

  it.each(['latest', '^0.1.0', '0.1.0 evil', '-g', ''])('takes no version but an exact one: %j', async (given) => {
    const { status, log } = await run('start', { LAYERCOST_VERSION: given });
    expect(status).toBe(2);
    expect(log).toContain('is not an exact version');
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const run = (args: readonly string[] = []): Promise<ScriptOutcome> =>
    runHook(clone, history.folder, args, { LAYERCOST_REGISTRY: registry.url });

  it.each([
    [{ params: '7K' }, 0],
    [{ params: '6K' }, 1],
    [{ params: 'many' }, 2],
  ])('with budgets %j it ends with %i', async (budgets, exitCode) => {
    configure(budgets);
    expect((await run()).status).toBe(exitCode);
  });

  it('installs the program once, beside itself', () => {
    expect(readdirSync(path.join(clone, '.git'))).toEqual([`layercost-${version}`]);
    expect(registry.requests.filter((url) => url.endsWith('.tgz')).length).toBeGreaterThan(0);
  });

  it('takes arguments, as for growth since a branch', async () => {
    configure({ growth: { params: '+5 %' } });
    const { status, log } = await run(['--base', 'start']);
    expect(log).toContain('[growth-params]');
    expect(status).toBe(1);
  });

  it('runs for models and configurations alone', () => {
    const matches = (file: string): boolean => new RegExp(hook.files).test(file);
    const names = ['models/größe/net.py', 'net.pyi', 'a b.onnx', 'layercost.json', 'x/pyproject.toml'];
    expect(names.filter(matches)).toEqual(names);
    expect(['README.md', 'my-layercost.json', 'net.pyc', 'onnx'].filter(matches)).toEqual([]);
  });
});

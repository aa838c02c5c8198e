/**
 * The action, GitLab's template, the pre-commit hook and the command itself look at a checkout that tries to be run by them
 * (hostileCheckout.ts): nothing of it runs, no token leaves, and nobody asks the registry that it names.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { installPackedCommand, type PackedCommand } from '../support/packedCommand.ts';
import { startFakeGithub, TOKEN, type FakeGithub } from './fakeGithub.ts';
import { startFakeRegistry, type FakeRegistry } from './fakeRegistry.ts';
import { hostileCheckout, version, type HostileCheckout } from './hostileCheckout.ts';
import { runAction, type Outcome } from './runAction.ts';
import { hookClone, runGitlabJob, runHook } from './runPipelines.ts';

const runner = mkdtempSync(path.join(tmpdir(), 'layercost-runner-'));

let command: PackedCommand;
let registry: FakeRegistry;
/** The one that the checkout names. */
let hostileRegistry: FakeRegistry;
let github: FakeGithub;
let hostile: HostileCheckout;

beforeAll(async () => {
  command = installPackedCommand();
  registry = await startFakeRegistry(command.archive);
  hostileRegistry = await startFakeRegistry();
  github = await startFakeGithub();
  hostile = hostileCheckout(hostileRegistry.url);
}, 120_000);

afterAll(async () => {
  await Promise.all([registry.close(), hostileRegistry.close(), github.close()]);
  hostile.remove();
  command.remove();
  rmSync(runner, { recursive: true, force: true });
});

beforeEach(() => {
  for (const { requests } of [registry, hostileRegistry]) requests.splice(0);
});

function expectNothingRan(): void {
  expect(hostile.loot()).toEqual([]);
  expect(hostileRegistry.requests).toEqual([]);
  expect(existsSync(path.join(hostile.repository.folder, '.cache'))).toBe(false);
}

/** Secrets as jobs have them, beside the token of the action's input. */
const SECRETS = { GITHUB_TOKEN: TOKEN, CI_JOB_TOKEN: TOKEN, NPM_TOKEN: TOKEN, ACTIONS_RUNTIME_TOKEN: TOKEN };

function runHostileAction(program?: string): Promise<Outcome> {
  return runAction({
    temp: runner,
    workspace: hostile.repository.folder,
    apiUrl: github.url,
    event: { pull_request: { number: 7, base: { sha: hostile.base } } },
    inputs: { token: TOKEN, registry: registry.url },
    environment: { ...hostile.environment, ...SECRETS },
    ...(program === undefined ? {} : { program }),
  });
}

it('the bait works: who trusts the checkout is run by it', async () => {
  const ownRegistry = await startFakeRegistry();
  const bait = hostileCheckout(ownRegistry.url);
  try {
    const { folder } = bait.repository;
    const trusting = { ...bait.environment, ...SECRETS };
    const PATH = process.env['PATH'] ?? '';
    spawnSync('npx', ['--yes', `layercost@${version}`], {
      cwd: folder,
      env: { PATH, HOME: runner, ...SECRETS },
    });
    expect(bait.loot().join('')).toContain(TOKEN);
    spawnSync('/usr/bin/env', ['node', '-e', '0'], { cwd: folder, env: trusting });
    spawnSync('/bin/bash', ['-c', 'true'], { cwd: folder, env: trusting });
    spawnSync('git', ['status'], { cwd: folder, env: { PATH } });
    const names = bait.loot().map((text) => text.split(':')[0]);
    expect(names).toEqual(expect.arrayContaining(['bin-node', 'evil.sh']));
  } finally {
    bait.remove();
    await ownRegistry.close();
  }
});

it('the action compares, checks and comments, and runs nothing of it', async () => {
  const { status, log, outputs, summary } = await runHostileAction();
  expectNothingRan();
  expect(log).toContain('a comment was made');
  expect([status, outputs['status']]).toEqual([0, 'pass']);
  expect(summary).toContain('1 changed');
  expect(github.comments[0]?.body).toContain('1 passed of 1 entry');
  expect(registry.requests.some((url) => url.endsWith('.tgz'))).toBe(true);
}, 120_000);

/** A program that says what it was given. */
function spy(name: string): { readonly file: string; readonly seen: () => string } {
  const file = path.join(runner, `${name}.cjs`);
  const seen = path.join(runner, `${name}.json`);
  writeFileSync(
    file,
    `require('fs').appendFileSync(${JSON.stringify(seen)}, JSON.stringify({ env: process.env, argv: process.argv, execArgv: process.execArgv }) + '\\n');`,
  );
  return { file, seen: () => readFileSync(seen, 'utf8') };
}

it('the program of the action has no token, and no variable that nobody named', async () => {
  const program = spy('action');
  await runHostileAction(program.file);
  expectNothingRan();
  const lines = program.seen().trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).not.toContain(TOKEN);
    const { env, execArgv } = JSON.parse(line) as { readonly env: Record<string, string>; readonly execArgv: string[] };
    expect(execArgv).toEqual([]);
    expect(
      Object.keys(env).filter((name) => /^(GIT_|NODE_|npm_|GITHUB_|ACTIONS_|RUNNER_|BASH_ENV|ENV$)/i.test(name)),
    ).toEqual([]);
    expect(env['PATH']?.split(':').filter((folder) => folder.startsWith(hostile.repository.folder))).toEqual([]);
    expect(Object.values(env).filter((value) => value.startsWith(hostile.repository.folder))).toEqual([]);
  }
});

it("GitLab's job compares and checks, and runs nothing of it", async () => {
  const { folder } = hostile.repository;
  const variables = { ...hostile.environment, ...SECRETS, LAYERCOST_REGISTRY: registry.url };
  const { status, log } = await runGitlabJob(folder, hostile.base, variables);
  expectNothingRan();
  expect(log).toContain('1 entry: 1 passed');
  expect(status).toBe(0);
  for (const name of ['diff.json', 'diff.md', 'check.json', 'junit.xml'])
    rmSync(path.join(folder, `layercost-${name}`));
}, 120_000);

it('the pre-commit hook checks, and runs nothing of it', async () => {
  const variables = { ...hostile.environment, ...SECRETS, LAYERCOST_REGISTRY: registry.url };
  const { status, log } = await runHook(hookClone(runner), hostile.repository.folder, [], variables);
  expectNothingRan();
  expect(log).toContain('1 entry: 1 passed');
  expect(status).toBe(0);
}, 120_000);

it.each([
  ['diff', 'BASE'],
  ['check', '--base', 'BASE'],
  ['analyze', 'net.py'],
  ['init', '--force'],
])('%s %s: git, found by a PATH that leads into it, starts nothing of its configuration', (...args) => {
  const { folder } = hostile.repository;
  const configuration = readFileSync(path.join(folder, 'layercost.json'));
  // What makes Node itself load more is the business of whoever starts it.
  const environment = { ...hostile.environment, NODE_OPTIONS: '' };
  const given = args.map((each) => (each === 'BASE' ? hostile.base : each));
  const { status, stderr, stdout } = command.run(folder, given, environment);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('net.py');
  expect(hostile.loot()).toEqual([]);
  writeFileSync(path.join(folder, 'layercost.json'), configuration);
  rmSync(path.join(folder, '.cache'), { recursive: true, force: true });
});

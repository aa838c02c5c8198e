/**
 * The action's own steps, taken from action.yml and run by bash as a runner does, against a repository with a history and
 * an API that listens on 127.0.0.1: one comment, updated in place; outputs, summary and exit code.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { modelHistory } from '../cli/modelHistory.ts';
import type { GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type PackedCommand } from '../support/packedCommand.ts';
import { startFakeGithub, TOKEN, type FakeGithub } from './fakeGithub.ts';
import { action, root, runAction, type Outcome } from './runAction.ts';

let command: PackedCommand;
let history: GitSandbox;
let github: FakeGithub;
const runner = mkdtempSync(path.join(tmpdir(), 'layercost-runner-'));

beforeAll(async () => {
  command = installPackedCommand();
  history = modelHistory();
  github = await startFakeGithub();
}, 120_000);

afterEach(() => {
  github.comments.splice(0);
  github.requests.splice(0);
  github.refuseWith = undefined;
});

afterAll(async () => {
  await github.close();
  history.remove();
  command.remove();
  rmSync(runner, { recursive: true, force: true });
});

interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: unknown;
  readonly program?: string;
}

const pullRequest = (sha: string): unknown => ({ pull_request: { number: 7, base: { sha } } });

/** The steps of the action behind the first one, which has a test of its own (hostileCheckout.test.ts). */
function run({ inputs = {}, event = {}, program = command.file }: RunOptions): Promise<Outcome> {
  return runAction({
    temp: runner,
    workspace: history.folder,
    apiUrl: github.url,
    event,
    inputs: { token: TOKEN, check: 'false', ...inputs },
    program,
  });
}

it('makes one comment, and updates it from then on', async () => {
  const start = history.git('rev-parse', 'start').trim();
  const first = await run({ event: pullRequest(start) });
  expect(first.log).toContain('a comment was made');
  expect(first.status).toBe(0);
  expect(first.outputs['status']).toBe('pass');
  expect(github.comments).toHaveLength(1);
  const body = github.comments[0]?.body ?? '';
  expect(body.split('\n')[0]).toBe('<!-- layercost:default -->');
  expect(body).toContain('### Layer Cost: 1 changed, 1 removed');
  expect(first.summary).toContain('### Layer Cost: 1 changed, 1 removed');
  expect(JSON.parse(readFileSync(first.outputs['diff-json'] ?? '', 'utf8'))).toMatchObject({ formatVersion: 1 });
  expect(readFileSync(first.outputs['diff-markdown'] ?? '', 'utf8')).toContain('**student**');

  const second = await run({ event: pullRequest(history.git('rev-parse', 'longer').trim()) });
  expect(second.log).toContain('the comment was updated');
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).not.toBe(body);
  expect(github.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'POST', 'GET', 'PATCH']);
});

it('finds its comment behind a hundred others, and leaves what others wrote', async () => {
  const others = Array.from({ length: 130 }, (_, index) => ({ id: index + 1, body: `comment ${index}` }));
  const foreign = { id: 900, body: '<!-- layercost:default -->\nnot ours', isForeign: true };
  const own = { id: 901, body: '<!-- layercost:default -->\nours' };
  const ofAnotherKey = { id: 902, body: '<!-- layercost:nightly -->\nother' };
  github.comments.push(...others, foreign, own, ofAnotherKey);
  const { log } = await run({ event: pullRequest('start') });
  expect(log).toContain('the comment was updated');
  expect(github.comments).toHaveLength(133);
  expect(own.body).toContain('### Layer Cost');
  expect(foreign.body).toContain('not ours');
  expect(ofAnotherKey.body).toContain('other');
});

it('writes the summary alone where the token may not comment', async () => {
  github.refuseWith = 403;
  const { status, log, summary } = await run({ event: pullRequest('start') });
  expect(log).toContain('the token may not write');
  expect(summary).toContain('### Layer Cost');
  expect(status).toBe(0);
  expect((await run({ event: pullRequest('start'), inputs: { token: '' } })).status).toBe(0);
  expect((await run({ event: pullRequest('start'), inputs: { token: 'wrong' } })).log).toContain('it answers 401');
  expect(github.comments).toHaveLength(0);
});

it('does not comment on a push, or where it is switched off', async () => {
  const push = await run({ event: { before: history.git('rev-parse', 'start').trim() } });
  expect(push.summary).toContain('### Layer Cost');
  await run({ event: pullRequest('start'), inputs: { comment: 'false' } });
  const fresh = await run({ event: { before: '0'.repeat(40) } });
  expect(fresh.log).toContain('there is no base');
  expect(github.requests).toEqual([]);
});

it('fails with what cannot be read, unless that is switched off', async () => {
  const missing = await run({ inputs: { base: 'nowhere' } });
  expect([missing.status, missing.outputs['status'], missing.outputs['diff-json']]).toEqual([2, 'error', '']);
  expect((await run({ inputs: { base: 'nowhere', fail: 'false' } })).status).toBe(0);
});

it('takes inputs as they are, whatever they hold', async () => {
  const hostile = '$(touch pwned); `touch pwned` "\' && touch pwned #';
  const outcome = await run({
    inputs: { base: hostile, config: hostile, models: `${hostile}\nx.py`, devices: hostile, 'comment-key': hostile },
    event: pullRequest('start'),
  });
  expect(outcome.status).not.toBe(0);
  expect((await run({ inputs: { base: '--help' } })).log).toContain('"--help" cannot name a revision');
  expect((await run({ inputs: { base: 'start', 'working-directory': hostile } })).status).not.toBe(0);
  expect(existsSync(path.join(history.folder, 'pwned'))).toBe(false);
  expect(existsSync(path.join(root, 'pwned'))).toBe(false);
  expect(existsSync(path.join(runner, 'pwned'))).toBe(false);
});

it('hands on models, devices and the configuration, and joins the verdicts of both commands', async () => {
  const program = path.join(runner, 'program.mjs');
  const code = `import { appendFileSync, writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(path.join(runner, 'calls'))}, JSON.stringify(args.filter((each) => !each.includes(${JSON.stringify(runner)}))) + '\\n');
for (const each of args.filter((text) => /^(markdown|summary)=/.test(text))) writeFileSync(each.replace(/^\\w+=/, ''), '# ' + args[0]);
process.exitCode = args[0] === 'check' ? 1 : 0;`;
  writeFileSync(program, code);
  const outcome = await run({
    program,
    inputs: { check: 'true', config: 'a b.json', devices: 't4\na100', models: 'net.py:Net\n\n  other.onnx ' },
    event: pullRequest('abc'),
  });
  const calls = readFileSync(path.join(runner, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
  expect(calls.map((call) => call.filter((each) => each !== '--report').join(' '))).toEqual([
    'diff abc --config a b.json --device t4 --device a100 --format github -- net.py:Net other.onnx',
    'check --base=abc --config a b.json --device t4 --device a100 --format github',
  ]);
  expect([outcome.status, outcome.outputs['status']]).toEqual([1, 'fail']);
  expect(github.comments[0]?.body).toBe('<!-- layercost:default -->\n# diff\n\n# check');
  expect(outcome.summary).toContain('# diff\n# check');
});

it('holds budgets and growths against the base, in the same comment', async () => {
  const file = path.join(history.folder, 'layercost.json');
  const committed = readFileSync(file, 'utf8');
  const entry = { name: 'student', model: 'models/student net.py:Net', input: '1x3x32x32', args: { classes: 100 } };
  const configure = (budgets: object): void =>
    writeFileSync(file, JSON.stringify({ devices: ['t4'], entries: [{ ...entry, budgets }] }));
  const inputs = { check: 'true' };
  try {
    configure({ params: '7K', growth: { params: '+5 %', macs: '+1000 %' } });
    const failed = await run({ inputs, event: pullRequest('start') });
    expect([failed.status, failed.outputs['status']]).toEqual([1, 'fail']);
    expect(github.comments).toHaveLength(1);
    for (const text of [github.comments[0]?.body ?? '', failed.summary]) {
      expect(text).toContain('### Layer Cost: 1 changed');
      expect(text).toContain('### ❌ Layer Cost: 1 failed of 1 entry');
      expect(text).toContain('growth since start (');
      expect(text).toContain('budget 7K: 92 (1.3 %) over');
      expect(text).toContain('budget +5 % on 2.308K = 2.423K');
    }
    expect(failed.log).toMatch(
      /::error file=models\/student net\.py,line=\d+,title=Layer Cost%3A growth-params::student/,
    );
    for (const name of ['check-json', 'check-sarif', 'check-junit']) {
      expect(existsSync(failed.outputs[name] ?? '')).toBe(true);
    }
    expect((await run({ inputs: { ...inputs, fail: 'false' }, event: pullRequest('start') })).status).toBe(0);

    configure({ params: '8K', growth: { params: '+300 %' } });
    const passed = await run({ inputs, event: pullRequest('start') });
    expect([passed.status, passed.outputs['status']]).toEqual([0, 'pass']);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('### ✅ Layer Cost: 1 passed of 1 entry');

    const missing = await run({ inputs, event: pullRequest('nowhere') });
    expect([missing.status, missing.outputs['status']]).toEqual([2, 'error']);
    expect(github.comments[0]?.body).toContain('unknown-revision');
  } finally {
    writeFileSync(file, committed);
  }
});

it('puts nothing into a command, gives the token to the step that comments alone, and names every output', () => {
  const { steps } = action.runs;
  for (const step of steps) {
    expect(step.run).not.toContain('${{');
    expect(step['working-directory']).toBe('${{ runner.temp }}');
  }
  const withToken = steps.filter(({ env }) => JSON.stringify(env).includes('inputs.token'));
  expect(withToken.map(({ id }) => id)).toEqual(['comment']);
  const used = steps.flatMap((step) =>
    [...JSON.stringify([step.env, step.if ?? '']).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name),
  );
  expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
  for (const [name, { value }] of Object.entries(action.outputs)) {
    expect(value).toBe(`\${{ steps.layercost.outputs.${name} }}`);
  }
});

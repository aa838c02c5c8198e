// What the GitHub Action does (action.yml): compares with the base, checks the budgets, writes the job summary, keeps one
// comment on the pull request up to date, and sets outputs and exit code. Inputs come as LAYERCOST_* variables and are
// handed on as arguments of a process, never as text of a shell.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepComment } from './pullRequestComment.mjs';

const EXIT_OK = 0;
const EXIT_FAILED = 1;

const { env } = process;
const folder = mkdtempSync(path.join(env.RUNNER_TEMP || tmpdir(), 'layercost-'));
const workingDirectory = path.resolve(env.GITHUB_WORKSPACE || '.', env.LAYERCOST_WORKING_DIRECTORY || '.');
const event = readEvent(env.GITHUB_EVENT_PATH);
const base = env.LAYERCOST_BASE || baseOf(event);
// A revision that reads as an option would be one.
if (base.startsWith('-')) throw new Error(`"${base}" cannot name a revision`);

const common = [
  ...(env.LAYERCOST_CONFIG ? ['--config', env.LAYERCOST_CONFIG] : []),
  ...lines(env.LAYERCOST_DEVICES).flatMap((id) => ['--device', id]),
];

/** Runs a command of Layer Cost that prints annotations, with reports in files. */
function run(command, args, formats) {
  const files = Object.fromEntries(formats.map((format) => [format, path.join(folder, `${command}.${format}`)]));
  const reports = formats.flatMap((format) => ['--report', `${format}=${files[format]}`]);
  const [program, ...before] = layercost();
  const behind = args.models?.length > 0 ? ['--', ...args.models] : [];
  const given = [...before, command, ...args.first, ...common, '--format', 'github', ...reports, ...behind];
  const { status, error } = spawnSync(program, given, { cwd: workingDirectory, stdio: 'inherit' });
  if (error) console.log(`::error title=Layer Cost::${error.message}`);
  return { status: status ?? 2, files };
}

/** The installed package; a program that was built here, in our own tests. */
function layercost() {
  if (env.LAYERCOST_PROGRAM) return [process.execPath, env.LAYERCOST_PROGRAM];
  const manifest = path.join(path.dirname(fileURLToPath(import.meta.url)), '../package.json');
  const version = env.LAYERCOST_VERSION || JSON.parse(readFileSync(manifest, 'utf8')).version;
  if (!/^[\w.-]+$/.test(version)) throw new Error(`"${version}" is no version of an npm package`);
  return ['npx', '--yes', `layercost@${version}`];
}

const diff = base
  ? run('diff', { first: [base], models: lines(env.LAYERCOST_MODELS) }, ['json', 'markdown', 'summary'])
  : undefined;
const check =
  env.LAYERCOST_CHECK === 'false'
    ? undefined
    : run('check', { first: base ? [`--base=${base}`] : [] }, ['json', 'markdown', 'summary', 'sarif', 'junit']);
if (!diff) console.log('Layer Cost: there is no base to compare with; name one as "base"');

const summary = [diff?.files.summary, check?.files.summary].map(textOf).join('\n');
if (env.GITHUB_STEP_SUMMARY && summary.trim() !== '') appendFileSync(env.GITHUB_STEP_SUMMARY, `${summary}\n`);

const codes = [diff, check].flatMap((result) => (result ? [result.status] : []));
const status = codes.every((code) => code === EXIT_OK)
  ? 'pass'
  : codes.every((code) => code === EXIT_OK || code === EXIT_FAILED)
    ? 'fail'
    : 'error';
setOutputs({
  status,
  'diff-json': existing(diff?.files.json),
  'diff-markdown': existing(diff?.files.markdown),
  'check-json': existing(check?.files.json),
  'check-sarif': existing(check?.files.sarif),
  'check-junit': existing(check?.files.junit),
});

const pullRequest = event.pull_request?.number;
if (env.LAYERCOST_COMMENT !== 'false' && Number.isSafeInteger(pullRequest)) {
  const note = await keepComment({
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    repository: env.GITHUB_REPOSITORY ?? '',
    pullRequest,
    token: env.LAYERCOST_TOKEN ?? '',
    key: env.LAYERCOST_COMMENT_KEY || 'default',
    parts: [diff?.files.markdown, check?.files.markdown].map(textOf),
  });
  console.log(`Layer Cost: ${note}`);
}
process.exitCode = status === 'pass' || env.LAYERCOST_FAIL === 'false' ? 0 : Math.max(...codes);

function readEvent(file) {
  try {
    return file ? JSON.parse(readFileSync(file, 'utf8')) : {};
  } catch {
    return {};
  }
}

/** A pull request's base; what a branch was before a push, unless it is new. */
function baseOf({ pull_request: pull, before }) {
  if (typeof pull?.base?.sha === 'string') return pull.base.sha;
  return typeof before === 'string' && /[1-9a-f]/.test(before) ? before : '';
}

function lines(text) {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function textOf(file) {
  return file && existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function existing(file) {
  return file && existsSync(file) ? file : '';
}

/** Values are paths of our own making and words: none has a line break. */
function setOutputs(outputs) {
  if (!env.GITHUB_OUTPUT) return;
  appendFileSync(
    env.GITHUB_OUTPUT,
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
}

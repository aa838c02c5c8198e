// Second step of the GitHub Action (action.yml): compares with the base, checks the budgets, writes the job summary, and
// leaves reports, verdict and exit code for the next steps. It has no token, and the program that reads the checkout gets
// the variables that outsideProgram.mjs names. Inputs come as LAYERCOST_* variables and are handed on as arguments of a
// process, never as text of a shell.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { log, logError } from './log.mjs';
import { programEnvironment } from './outsideProgram.mjs';

const EXIT_OK = 0;
const EXIT_FAILED = 1;

const { env } = process;
const checkout = env.GITHUB_WORKSPACE || '.';
const folder = mkdtempSync(path.join(env.LAYERCOST_FOLDER, 'reports-'));
const workingDirectory = path.resolve(checkout, env.LAYERCOST_WORKING_DIRECTORY || '.');
const event = readEvent(env.GITHUB_EVENT_PATH);
const base = env.LAYERCOST_BASE || baseOf(event);
// A revision that reads as an option would be one.
if (base.startsWith('-')) throw new Error(`"${base}" cannot name a revision`);

const common = [
  ...(env.LAYERCOST_CONFIG ? ['--config', env.LAYERCOST_CONFIG] : []),
  ...lines(env.LAYERCOST_DEVICES).flatMap((id) => ['--device', id]),
];

/** Runs a command of the program that prints annotations, with reports in files. */
function run(command, args, formats) {
  const files = Object.fromEntries(formats.map((format) => [format, path.join(folder, `${command}.${format}`)]));
  const reports = formats.flatMap((format) => ['--report', `${format}=${files[format]}`]);
  const behind = args.models?.length > 0 ? ['--', ...args.models] : [];
  const given = [env.LAYERCOST_PROGRAM, command, ...args.first, ...common, '--format', 'github', ...reports, ...behind];
  const { status, error } = spawnSync(process.execPath, given, {
    cwd: workingDirectory,
    env: programEnvironment(env, { checkout, folder: env.LAYERCOST_FOLDER }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) logError(error.message);
  return { status: status ?? 2, files };
}

const diff = base
  ? run('diff', { first: [base], models: lines(env.LAYERCOST_MODELS) }, ['json', 'markdown', 'summary'])
  : undefined;
const check =
  env.LAYERCOST_CHECK === 'false'
    ? undefined
    : run('check', { first: base ? [`--base=${base}`] : [] }, ['json', 'markdown', 'summary', 'sarif', 'junit']);
if (!diff) log('Layer Cost: there is no base to compare with; name one as "base"');

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
  'exit-code': String(status === 'pass' ? EXIT_OK : Math.max(...codes)),
  'diff-json': existing(diff?.files.json),
  'diff-markdown': existing(diff?.files.markdown),
  'check-markdown': existing(check?.files.markdown),
  'check-json': existing(check?.files.json),
  'check-sarif': existing(check?.files.sarif),
  'check-junit': existing(check?.files.junit),
});

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

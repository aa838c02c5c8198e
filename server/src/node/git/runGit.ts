/**
 * Runs git's plumbing, and only to read: runGit('/work', ['rev-parse', 'HEAD']) -> { kind: 'ok', stdout }.
 * A repository may be hostile: no hook, filter, textconv, pager, monitor or transport that its configuration names is
 * started, no lock is taken, nothing is fetched, and git is never looked for in the folder that is analysed.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { lookAt } from '../regularFile.ts';

export type GitResult =
  | { readonly kind: 'ok'; readonly stdout: Buffer }
  | { readonly kind: 'not-installed' }
  /** More came than was allowed for. */
  | { readonly kind: 'too-large' }
  /** What git wrote to stderr, one line. */
  | { readonly kind: 'failed'; readonly message: string };

export interface GitOptions {
  /** More output than this ends the call with 'too-large'. */
  readonly maxBytes?: number;
  /** An open file that takes stdout. */
  readonly stdoutFile?: number;
}

const MAX_OUTPUT_BYTES = 512 * 2 ** 20;
const TIME_LIMIT_MS = 120_000;

/**
 * Settings that win over the repository's own. We call only commands that read objects (rev-parse, merge-base, ls-tree,
 * cat-file without --textconv and --filters), so that most of these could do nothing anyway.
 */
const SAFE_SETTINGS: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=false',
  'core.untrackedCache=false',
  // A bare repository that somebody committed into a repository has a configuration of its own.
  'safe.bareRepository=explicit',
];

export function runGit(folder: string, args: readonly string[], options: GitOptions = {}): GitResult {
  const program = findGit();
  if (program === undefined) return { kind: 'not-installed' };
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);
  const { status, signal, stdout, stderr, error } = spawnSync(program, [...settings, '--no-pager', ...args], {
    cwd: folder,
    env: gitEnvironment(process.env),
    stdio: ['ignore', options.stdoutFile ?? 'pipe', 'pipe'],
    maxBuffer: options.maxBytes ?? MAX_OUTPUT_BYTES,
    timeout: TIME_LIMIT_MS,
    windowsHide: true,
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOBUFS') return { kind: 'too-large' };
  if (error !== undefined) return { kind: 'failed', message: error.message };
  if (status === 0) return { kind: 'ok', stdout };
  const said = stderr.toString('utf8').trim().split('\n')[0] ?? '';
  return { kind: 'failed', message: said === '' ? `git ended with ${signal ?? `code ${String(status)}`}` : said };
}

/** Variables that point git at another repository (hooks set them), or make it start programs. */
const DROPPED =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|NAMESPACE|EXTERNAL_DIFF|PAGER|EDITOR|ASKPASS|SSH|SSH_COMMAND|PROXY_COMMAND|TRACE\w*|LITERAL_PATHSPECS|GLOB_PATHSPECS)$/i;

function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !DROPPED.test(name))),
    // Messages are quoted to people, and told apart by their English words.
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone would fetch what it lacks; versions before 2.44 obey the second alone.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

function isFile(file: string): boolean {
  const seen = lookAt(file);
  return seen.kind === 'ok' && seen.value.isFile();
}

let gitProgram: { readonly searchPath: string | undefined; readonly file: string | undefined } | undefined;

/** Looked for on PATH alone: Windows would take a git.exe of the working folder first. */
function findGit(): string | undefined {
  const searchPath = process.env['PATH'];
  if (gitProgram === undefined || gitProgram.searchPath !== searchPath) {
    const name = process.platform === 'win32' ? 'git.exe' : 'git';
    const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
    const file = folders.map((folder) => path.join(folder, name)).find((candidate) => isFile(candidate));
    gitProgram = { searchPath, file };
  }
  return gitProgram.file;
}

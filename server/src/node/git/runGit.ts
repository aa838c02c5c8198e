/**
 * Runs git's plumbing, and only to read: runGit('/work', ['rev-parse', 'HEAD']) -> { kind: 'ok', stdout }.
 * A repository may be hostile: no hook, filter, textconv, pager, monitor or transport that its configuration names is
 * started, no lock is taken, nothing is fetched, and git is never looked for in the repository that is analysed, to which
 * PATH leads where npx or an activated environment put a folder of it there.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { lookAt } from '../regularFile.ts';
import { repositoryRoot } from '../repositoryRoot.ts';

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
  'core.alternateRefsCommand=false',
  'core.sshCommand=false',
  'core.askPass=',
  'credential.helper=',
  'core.quotePath=false',
  'core.untrackedCache=false',
  // A bare repository that somebody committed into a repository has a configuration of its own.
  'safe.bareRepository=explicit',
];

export function runGit(folder: string, args: readonly string[], options: GitOptions = {}): GitResult {
  const program = findGit(folder);
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

/**
 * Variables of git that are kept: which settings a person has, and how far up git looks. The others point it at another
 * repository (hooks set them), make it start programs or load other ones.
 */
const KEPT =
  /^GIT_(CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/i;

function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !/^GIT_/i.test(name) || KEPT.test(name))),
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

const foundPrograms = new Map<string, string | undefined>();

/** Looked for on PATH alone, as Windows would take a git.exe of the working folder first, and outside of the repository. */
function findGit(folder: string): string | undefined {
  const searchPath = process.env['PATH'] ?? '';
  const repository = outermostRepository(folder);
  const key = `${repository ?? ''}\0${searchPath}`;
  if (!foundPrograms.has(key)) {
    const name = process.platform === 'win32' ? 'git.exe' : 'git';
    const file = searchPath
      .split(path.delimiter)
      .filter((each) => path.isAbsolute(each) && !isOfProject(realPath(each), repository))
      .map((each) => path.join(each, name))
      .find((candidate) => isFile(candidate));
    foundPrograms.set(key, file);
  }
  return foundPrograms.get(key);
}

/** npm and npx put node_modules/.bin of every folder upward on PATH. */
function isOfProject(folder: string, repository: string | undefined): boolean {
  return folder.split(path.sep).includes('node_modules') || (repository !== undefined && isWithin(folder, repository));
}

/**
 * Links resolved; a repository may bring another one along, so that the outermost counts. Undefined where that is a whole
 * disk or home, which hold this machine's own programs.
 */
function outermostRepository(folder: string): string | undefined {
  const home = homeFolder();
  let outermost = realPath(folder);
  for (let root = repositoryRoot(outermost); root !== undefined; root = repositoryRoot(path.dirname(root))) {
    if (isWithin(home, root)) break;
    outermost = root;
    if (root === path.dirname(root)) break;
  }
  return isWithin(home, outermost) ? undefined : outermost;
}

/** As the system has it: HOME may lead anywhere. */
function homeFolder(): string {
  try {
    return realPath(userInfo().homedir);
  } catch {
    return path.parse(process.execPath).root;
  }
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative));
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

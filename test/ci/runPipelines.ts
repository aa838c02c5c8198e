/**
 * Runs the job of ci/layercost.gitlab-ci.yml and the pre-commit hook as GitLab and pre-commit do.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const root = path.join(import.meta.dirname, '../..');

interface Job {
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: { readonly junit: string };
  };
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
  readonly language: string;
}

export const { layercost: gitlabJob } = parse(readFileSync(path.join(root, 'ci/layercost.gitlab-ci.yml'), 'utf8')) as {
  readonly layercost: Job;
};

export const [hook] = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly [Hook];

type Variables = Readonly<Record<string, string>>;

export interface ScriptOutcome {
  readonly status: number | null;
  readonly log: string;
}

/** `variables` win over the job's own, as those of a pipeline do. */
export function runGitlabJob(checkout: string, base: string, variables: Variables): Promise<ScriptOutcome> {
  const script = gitlabJob.script.join('\n');
  const given = { ...gitlabJob.variables, CI_PROJECT_DIR: checkout, CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
  return runScript(['/bin/sh', '-e', '-c', script], checkout, { ...given, ...variables });
}

/** What pre-commit clones: a folder for runHook, below `folder`. */
export function hookClone(folder: string): string {
  const clone = path.join(folder, 'clone');
  mkdirSync(path.join(clone, '.git'), { recursive: true });
  cpSync(path.join(root, 'ci'), path.join(clone, 'ci'), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(clone, 'package.json'));
  return clone;
}

/** A hook in the language "script" is a file of the clone, which is started in the checkout. */
export function runHook(
  clone: string,
  checkout: string,
  args: readonly string[],
  variables: Variables,
): Promise<ScriptOutcome> {
  if (hook.language !== 'script') throw new Error(`this runner does not know the language ${hook.language}`);
  return runScript([path.join(clone, hook.entry), ...args], checkout, variables);
}

async function runScript(
  [program = '', ...args]: readonly string[],
  cwd: string,
  variables: Variables,
): Promise<ScriptOutcome> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', ...variables };
  const child = spawn(program, args, { cwd, env });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => (log += text));
  }
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, log };
}

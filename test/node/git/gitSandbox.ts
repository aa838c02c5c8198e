/**
 * A git repository that a test makes: files in, commits out. Nothing of the person's own git settings gets in, and dates
 * stand still, so that the same files give the same commits.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface GitSandbox {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
  /** Commits everything that lies there, and gives the commit's name. */
  readonly commit: (message: string) => string;
  readonly remove: () => void;
}

/** `name` is the repository's folder, within a new one that is removed with it. */
export function gitSandbox(name: string, initArgs: readonly string[] = []): GitSandbox {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'layercost-git-')));
  const folder = path.join(parent, name);
  mkdirSync(folder);
  const git = (...args: readonly string[]): string => runGit(folder, args);
  git('init', '--quiet', '--initial-branch=main', ...initArgs);
  return {
    folder,
    git,
    write(files) {
      for (const [file, content] of Object.entries(files)) {
        const target = path.join(folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    },
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

export function runGit(folder: string, args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, env: GIT_ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' });
}

const GIT_ENVIRONMENT = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
};

// A repository as a team has it: one model, committed, and a configuration that holds it to budgets.
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryFolder } from '../package/packageExtension.mjs';

const CONFIGURATION = `{
  "devices": ["rtx-4090"],
  "entries": [
    {
      "name": "student",
      "model": "small_cnn.py:SmallCNN", // on the edge device
      "budgets": { "params": "142K" }
    }
  ]
}
`;

export function makeRepository(folder) {
  cpSync(path.join(repositoryFolder, 'examples/small_cnn.py'), path.join(folder, 'small_cnn.py'));
  writeFileSync(path.join(folder, 'layercost.json'), CONFIGURATION);
  const git = (...args) => execFileSync('git', args, { cwd: folder, env: ENVIRONMENT, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'A small network');
  return folder;
}

/** Nothing of the person's own git settings gets in. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

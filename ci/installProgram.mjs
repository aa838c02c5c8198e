// First step of the GitHub Action (action.yml): puts the program into a new folder outside of the checkout, and hands on
// where it lies. It has no token, and what it starts is npm in that folder.
import { appendFileSync } from 'node:fs';
import { logError } from './log.mjs';
import { installProgram, newFolder, ownVersion } from './outsideProgram.mjs';

const { env } = process;
const checkout = env.GITHUB_WORKSPACE || process.cwd();
try {
  const folder = newFolder(checkout, [env.RUNNER_TEMP]);
  const version = env.LAYERCOST_VERSION || ownVersion();
  const program = installProgram({ version, registry: env.LAYERCOST_REGISTRY, folder, checkout, env });
  appendFileSync(env.GITHUB_OUTPUT, `folder=${folder}\nprogram=${program}\n`);
} catch (error) {
  logError(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

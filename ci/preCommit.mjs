// The pre-commit hook after its shell: `layercost check` of the checkout with a program from outside of it, which is kept
// beside this script, in pre-commit's own clone, or is installed for this run alone where that lies in the checkout.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { log } from './log.mjs';
import { installProgram, isInside, newFolder, ownVersion, programEnvironment } from './outsideProgram.mjs';

const { env } = process;
const checkout = process.cwd();
const version = ownVersion();
const clone = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const place = isInside(clone, checkout) ? undefined : path.join(clone, '.git', `layercost-${version}`);
let temporary;
try {
  temporary = newFolder(checkout, []);
  const program = keptProgram() ?? install();
  const { status, error } = spawnSync(process.execPath, [program, 'check', ...process.argv.slice(2)], {
    cwd: checkout,
    env: programEnvironment(env, { checkout, folder: temporary }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) throw error;
  process.exitCode = status ?? 2;
} catch (error) {
  log(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
} finally {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
}

function keptProgram() {
  const program = place && path.join(place, 'node_modules/layercost/dist/cli.js');
  return program && existsSync(program) ? program : undefined;
}

function install() {
  const program = installProgram({ version, registry: env.LAYERCOST_REGISTRY, folder: temporary, checkout, env });
  if (place === undefined || !existsSync(path.dirname(place))) return program;
  try {
    renameSync(path.join(temporary, 'program'), place);
    return keptProgram();
  } catch {
    // Another disk, or another commit at the same time: the next run installs it again.
    return keptProgram() ?? program;
  }
}

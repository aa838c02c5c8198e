/**
 * The command line as people get it: `npm pack`, installed into a folder of its own, far from this repository.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PackedCommand {
  /** The installed program, as test/support/build.mjs built it before all tests. */
  readonly file: string;
  /** What npm pack made of this repository. */
  readonly archive: string;
  readonly run: (cwd: string, args: readonly string[], environment?: Readonly<Record<string, string>>) => CommandResult;
  readonly remove: () => void;
}

export function installPackedCommand(): PackedCommand {
  const folder = mkdtempSync(path.join(tmpdir(), 'layercost-installed-'));
  const npm = (args: readonly string[]): void => {
    execFileSync('npm', [...args], { cwd: root, stdio: 'pipe' });
  };
  npm(['pack', '--ignore-scripts', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(path.join(folder, 'package.json'), '{}');
  npm([
    'install',
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    path.join(folder, archive),
  ]);
  const file = path.join(folder, 'node_modules/layercost/dist/cli.js');
  return {
    file,
    archive: path.join(folder, archive),
    run(cwd, args, environment = {}) {
      const env = { ...process.env, NO_COLOR: '1', LAYERCOST_CACHE_DIR: path.join(folder, 'cache'), ...environment };
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd, env, encoding: 'utf8' });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

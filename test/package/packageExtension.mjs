// Builds and packs the extension: packageExtension() -> the path of dist/layercost.vsix.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

export function packageExtension() {
  execFileSync('npm', ['run', '--silent', 'package'], {
    cwd: repositoryFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path.join(repositoryFolder, 'dist/layercost.vsix');
}

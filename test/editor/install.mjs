// Installs the editor that the tests drive: code-server (a full VS Code that runs headless) and the Node that it
// wants, into .cache/editor-VERSION. Install scripts are skipped: nothing is compiled. Prints the folder.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));

/** Where the editor lies; keyed by its versions, so that a new version is a new install. */
export function editorFolder() {
  const versions = Object.values(manifest.dependencies).join('-');
  return path.resolve(here, '../../.cache', `editor-${versions}`);
}

export function installEditor() {
  const folder = editorFolder();
  const done = path.join(folder, 'installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(here, 'package.json'), path.join(folder, 'package.json'));
  install(folder, []);
  install(path.join(folder, 'node_modules/code-server/lib/vscode'), ['--omit=dev', '--omit=optional']);
  writeFileSync(done, new Date().toISOString());
  return folder;
}

function install(folder, options) {
  // code-server's own shrinkwrap is stale: a plain install works where `npm ci` fails.
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(installEditor());

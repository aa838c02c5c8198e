// From a one-character edit to finished hints, over the real protocol: torchvision's resnet.py and vision_transformer.py.
// `npm run build && node bench/editKeystroke.mjs [FOLDER WITH torchvision/]`; where no folder is given, the sources that
// `node test/corpus/fetch.mjs torchvision` fetched, or those of $LAYERCOST_PYTHON (python3). What is not found is left out, and said.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, ms, mib, printTable, root, temporaryFolder } from './support.mjs';
import { sourcesOfTorchvision } from './torchvisionSources.mjs';

const FILES = ['resnet.py', 'vision_transformer.py'];
const WARM_UP = 10;
const EDITS = 60;
/** A person's pause between two keys; longer than the server's own wait before it shows diagnostics. */
const PAUSE_MS = 250;
/** The default of the constructor: the last digit goes to and fro, and the hints of the last layer with it. */
const SPOT = 'num_classes: int = 1000';

/** The server as our extension starts it (client/src/serverProcess.ts). */
const SERVER = ['--max-semi-space-size=32', '--min-semi-space-size=16', 'dist/server.js', '--stdio'];

const { LspClient } = await import(
  await bundle(temporaryFolder(), 'client', `export * from './test/support/lspClient.ts';`)
);

const sources = sourcesOfTorchvision(process.argv[2]);
if (!existsSync(join(root, 'dist/server.js'))) {
  console.error('dist/server.js is missing: run `npm run build`');
  process.exitCode = 2;
} else if (sources.kind === 'missing') {
  console.log(`Left out: ${FILES.join(' and ')}, since ${sources.reason}.`);
} else {
  console.log(`torchvision in ${sources.folder}; ${EDITS} edits a file after ${WARM_UP} to warm up`);
  const rows = [];
  for (const file of FILES) {
    const path = join(sources.folder, 'torchvision/models', file);
    if (existsSync(path)) {
      // A first session, not measured, brings the files into the system's cache and makes the code cache.
      await measure(file, path, sources.folder, 1);
      rows.push(await measure(file, path, sources.folder, EDITS));
    } else console.log(`Left out: ${file}, which is not in ${sources.folder}.`);
  }
  printTable(['file', 'start to first hints', 'p50', 'p95', 'slowest', 'memory', 'hints', 'changed by the edit'], rows);
}

/** One server of its own for each file. */
async function measure(file, path, searchPath, edits) {
  const text = readFileSync(path, 'utf8');
  const at = text.indexOf(SPOT);
  if (at < 0) throw new Error(`${file} has no "${SPOT}"`);
  const before = text.slice(0, at + SPOT.length - 1).split('\n');
  const line = before.length - 1;
  const character = before.at(-1).length;
  const range = { start: { line, character }, end: { line, character: character + 1 } };
  const uri = pathToFileURL(path).href;

  const started = performance.now();
  const client = new LspClient(process.execPath, SERVER, root);
  const hints = () =>
    client.request('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } },
    });
  try {
    await client.request('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [],
      capabilities: {},
      initializationOptions: { python: { searchPaths: [searchPath] } },
    });
    client.notify('initialized', {});
    client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });
    let shown = await hints();
    const firstMs = performance.now() - started;
    const memory = residentBytes();

    const times = [];
    let changed = 0;
    for (let edit = 1; edit <= WARM_UP + edits; edit++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const start = performance.now();
      client.notify('textDocument/didChange', {
        textDocument: { uri, version: edit + 1 },
        contentChanges: [{ range, text: String(edit % 2) }],
      });
      const next = await hints();
      if (edit <= WARM_UP) {
        shown = next;
        continue;
      }
      times.push(performance.now() - start);
      if (JSON.stringify(next) !== JSON.stringify(shown)) changed++;
      shown = next;
    }
    times.sort((a, b) => a - b);
    await client.request('shutdown');
    client.notify('exit');
    await client.exited;
    return [
      file,
      ms(firstMs),
      ms(percentile(times, 0.5)),
      ms(percentile(times, 0.95)),
      ms(times.at(-1)),
      memory === undefined ? 'not known here' : mib(memory),
      String(shown.length),
      `${changed} of ${edits}`,
    ];
  } finally {
    client.kill();
  }
}

function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Memory of the server, where the system tells it (Linux): our child that runs dist/server.js. */
function residentBytes() {
  if (!existsSync('/proc/self/status')) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== process.pid) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dist/server.js')) continue;
      return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    } catch {
      // The process ended in between.
    }
  }
  return undefined;
}

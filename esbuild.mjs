// Bundles the programs (cli with its worker, language server, editor client) into dist/, with the files that they load:
// the wasm of the parser and of the predictor's kernels, all of models/devices as one devices.json, and trained models.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './server/kernels/compileKernels.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

// Bundled CommonJS libraries ask for Node's own modules by `require`, which ES modules lack.
const requireShim =
  "import { createRequire as layercostRequire } from 'node:module'; const require = layercostRequire(import.meta.url);";

const programs = [
  {
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.js',
    format: 'esm',
    banner: { js: `#!/usr/bin/env node\n${requireShim}` },
  },
  {
    entryPoints: ['server/src/lsp/nodeMain.ts'],
    outfile: 'dist/server.js',
    format: 'esm',
    banner: { js: requireShim },
  },
  {
    entryPoints: ['server/src/node/workerMain.ts'],
    outfile: 'dist/checkWorker.js',
    format: 'esm',
    banner: { js: requireShim },
  },
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.cjs', format: 'cjs', external: ['vscode'] },
];

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist'), { recursive: true });
await Promise.all([
  ...programs.map((program) =>
    build({
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      target: 'node20',
      minify: true,
      // Messages of our own bugs name our functions.
      keepNames: true,
      legalComments: 'none',
      // Its main file asks for its parts by a name that no bundler sees.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      logLevel: 'warning',
      define: { LAYERCOST_VERSION: JSON.stringify(version) },
      ...program,
    }),
  ),
  copyFile(
    path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    path.join(root, 'dist/web-tree-sitter.wasm'),
  ),
  copyFile(
    path.join(root, 'node_modules/tree-sitter-python/tree-sitter-python.wasm'),
    path.join(root, 'dist/tree-sitter-python.wasm'),
  ),
  joinDevices(),
  writeKernels(),
  copyModels(),
]);

async function joinDevices() {
  const folder = path.join(root, 'models/devices');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const devices = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))),
  );
  await writeFile(path.join(root, 'dist/devices.json'), JSON.stringify(devices));
}

async function writeKernels() {
  await writeFile(path.join(root, 'dist/kernels.wasm'), await compileKernels());
}

/** Trained models: every folder of models/ with a model.json. */
async function copyModels() {
  for (const name of await readdir(path.join(root, 'models'))) {
    const from = path.join(root, 'models', name);
    const files = await readdir(from);
    if (!files.includes('model.json')) continue;
    const to = path.join(root, 'dist/models', name);
    await mkdir(to, { recursive: true });
    const shipped = files.filter((file) => file === 'model.json' || file.endsWith('.safetensors'));
    await Promise.all(shipped.map((file) => copyFile(path.join(from, file), path.join(to, file))));
  }
}

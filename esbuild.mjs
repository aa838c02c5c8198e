// Bundles the programs (cli with its worker, language server with its own, editor client) into dist/, with what launches them and
// the files that they load:
// the wasm of the parser and of the predictor's kernels, all of models/devices as one devices.json, and trained models.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './server/kernels/compileKernels.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** Programs of Node's: dist/programs/NAME.js, and dist/NAME.js, which launches it with its code cache. */
const programs = {
  cli: 'server/src/cli/main.ts',
  server: 'server/src/lsp/nodeMain.ts',
  serverWorker: 'server/src/lsp/workerMain.ts',
  checkWorker: 'server/src/node/workerMain.ts',
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  // Identifiers stay: messages of our own bugs name our functions.
  charset: 'ascii',
  legalComments: 'none',
  alias: {
    // Its main file asks for its parts by a name that no bundler sees.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    // The other of its two forms waits at top level, which CommonJS cannot.
    'web-tree-sitter': path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs'),
  },
  logLevel: 'warning',
};

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist'), { recursive: true });
await Promise.all([
  ...Object.entries(programs).map(([name, entryPoint]) => buildProgram(name, entryPoint)),
  build({
    ...shared,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
  }),
  // The manifest above it says that .js files are ES modules; these are not.
  writeFile(path.join(root, 'dist/package.json'), JSON.stringify({ type: 'commonjs' })),
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

async function buildProgram(name, entryPoint) {
  const outfile = path.join(root, 'dist/programs', `${name}.js`);
  await build({
    ...shared,
    entryPoints: [entryPoint],
    outfile,
    banner: { js: "const layercostUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { LAYERCOST_VERSION: JSON.stringify(version), 'import.meta.url': 'layercostUrl' },
  });
  await writeFile(outfile, inAscii(await readFile(outfile, 'utf8')));
  const digest = createHash('sha256')
    .update(await readFile(outfile))
    .digest('hex')
    .slice(0, 16);
  await build({
    ...shared,
    entryPoints: ['server/src/node/launch.ts'],
    outfile: `dist/${name}.js`,
    banner: { js: '#!/usr/bin/env node' },
    define: { LAYERCOST_PROGRAM: JSON.stringify(name), LAYERCOST_PROGRAM_DIGEST: JSON.stringify(digest) },
  });
  await chmod(path.join(root, 'dist', `${name}.js`), 0o755);
}

/** Text in tagged templates stays as it was written; the launcher reads programs as ASCII. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

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

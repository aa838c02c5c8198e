// Bundles the three programs (cli, language server, editor client) and the wasm files that they load into dist/.
import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';

const isWatch = process.argv.includes('--watch');
const targets = [
  {
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.js',
    format: 'esm',
    banner: { js: '#!/usr/bin/env node' },
  },
  { entryPoints: ['server/src/lsp/nodeMain.ts'], outfile: 'dist/server.cjs', format: 'cjs' },
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.cjs', format: 'cjs', external: ['vscode'] },
];

await mkdir('dist', { recursive: true });
for (const target of targets) {
  if (!existsSync(target.entryPoints[0])) continue;
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: !isWatch,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    ...target,
  });
}
await copyFile('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/web-tree-sitter.wasm');
await copyFile('node_modules/tree-sitter-python/tree-sitter-python.wasm', 'dist/tree-sitter-python.wasm');

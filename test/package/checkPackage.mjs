// Packs the extension and checks what people would download: the files, no more, and the size. `npm run test:package`
import { readFileSync } from 'node:fs';
import { packageExtension } from './packageExtension.mjs';
import { readZipListing } from './zipListing.mjs';

const MAX_BYTES = 3_200_000;

const required = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/package.json',
  'extension/dist/server.js',
  'extension/dist/checkWorker.js',
  'extension/dist/serverWorker.js',
  'extension/dist/programs/server.js',
  'extension/dist/programs/checkWorker.js',
  'extension/dist/programs/serverWorker.js',
  'extension/dist/web-tree-sitter.wasm',
  'extension/dist/kernels.wasm',
  'extension/dist/tree-sitter-python.wasm',
  'extension/dist/devices.json',
  'extension/client/media/icon.png',
  'extension/syntaxes/layercost.schema.json',
];
/** What vsce adds by itself, and grammars. */
const allowed = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/syntaxes\/[^/]+\.json$/,
  /^extension\/dist\/models\/[\w-]+\/(model\.json|[\w-]+\.safetensors)$/,
];

const file = packageExtension();
const bytes = readFileSync(file);
const entries = readZipListing(bytes);
const names = entries.map(({ name }) => name);
for (const { name, size, compressedSize } of entries) {
  console.log(`${String(size).padStart(9)} ${String(compressedSize).padStart(9)}  ${name}`);
}

const failures = [
  ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
  ...names
    .filter((name) => !required.includes(name) && !allowed.some((pattern) => pattern.test(name)))
    .map((name) => `${name} must not ship`),
  ...(bytes.length < MAX_BYTES ? [] : [`${bytes.length} bytes; less than ${MAX_BYTES} are wanted`]),
];
console.log(`${file}: ${entries.length} files, ${bytes.length} bytes (limit ${MAX_BYTES})`);
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

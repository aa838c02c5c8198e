// Fetches pinned packages from PyPI into the ignored .cache/python/NAME-VERSION/, for tests that read real files.
// `node test/corpus/fetch.mjs` fetches all, `node test/corpus/fetch.mjs onnx` one. Needs python3 with pip; nothing is installed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Wheels for one platform where they hold compiled code, so that everyone reads the same files. */
const linux = ['--python-version', '3.12', '--platform', 'manylinux_2_28_x86_64', '--abi', 'cp312', '--abi', 'abi3'];
const packages = [
  { name: 'onnx', version: '1.23.2', options: linux },
  { name: 'torchvision', version: '0.29.1', options: linux },
  { name: 'timm', version: '1.0.31', options: [] },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = process.argv.slice(2);
const cache = join(root, '.cache', 'python');

for (const { name, version, options } of packages) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const target = join(cache, `${name}-${version}`);
  if (existsSync(target)) {
    console.log(`${name} ${version}: there`);
    continue;
  }
  const wheels = join(cache, `${name}-wheel`);
  const unpacked = join(cache, `${name}-unpacked`);
  try {
    mkdirSync(wheels, { recursive: true });
    const request = [`${name}==${version}`, '--no-deps', '--only-binary=:all:', '--quiet', '-d', wheels, ...options];
    execFileSync('python3', ['-m', 'pip', 'download', ...request], { stdio: ['ignore', 'ignore', 'pipe'] });
    const wheel = readdirSync(wheels).find((file) => file.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), unpacked], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    renameSync(unpacked, target);
    console.log(`${name} ${version}: fetched`);
  } catch (error) {
    const reason = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .at(-1);
    console.error(`${name} ${version}: could not be fetched, tests that need it say what they leave out (${reason})`);
    process.exitCode = 1;
  } finally {
    rmSync(wheels, { recursive: true, force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

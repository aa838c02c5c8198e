// All tests, in order: formatting, lint, types, build, the suites of vitest, the package, the real editor.
// Prints the sum at its end. Without a Chromium the editor's tests do not run, which is said, and fails under CI=true.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const results = path.join(root, '.cache/test-results.json');
mkdirSync(path.dirname(results), { recursive: true });

let passed = 0;
let failed = 0;

/** One step that passes or fails as a whole. */
function step(name, command, args) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) passed++;
  else failed++;
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'}`);
  return status === 0;
}

step('build', 'node', ['esbuild.mjs']);
step('formatting', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']);
step('lint', 'npx', ['eslint', '.', '--max-warnings', '0']);
step('types', 'npx', ['tsc', '--build']);
// Without network or pip, the suites that read real packages say what they leave out.
spawnSync('node', ['test/corpus/fetch.mjs'], { cwd: root, stdio: 'inherit' });
step('suites', 'npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`]);
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
passed += numPassedTests;
failed += numFailedTests;
step('package', 'npm', ['run', '--silent', 'test:package']);
step('editor', 'npm', ['run', '--silent', 'test:editor']);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

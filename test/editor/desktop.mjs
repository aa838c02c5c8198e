// The suite of the extension host in a desktop VS Code, for those who can download one: `npm run test:desktop`.
// Where the download fails it says so and ends with 1: the same suite runs without it by `npm run test:editor`.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests, runVSCodeCommand } from '@vscode/test-electron';
import { packageExtension, repositoryFolder } from '../package/packageExtension.mjs';
import { buildHostSuite } from './hostSuiteRunner.mjs';

const cachePath = path.join(repositoryFolder, '.cache/vscode-desktop');
const version = process.env.VSCODE_VERSION ?? 'stable';

const vscodeExecutablePath = await download();
process.exitCode = vscodeExecutablePath === undefined ? 1 : await runAll(vscodeExecutablePath);

async function download() {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath });
  } catch (error) {
    console.error(`NOT RUN: a desktop VS Code (${version}) could not be downloaded: ${error}`);
    console.error('The same suite runs in a VS Code from the npm registry: npm run test:editor');
    return undefined;
  }
}

async function runAll(executable) {
  const work = mkdtempSync(path.join(tmpdir(), 'layercost-desktop-'));
  const folders = [`--extensions-dir=${path.join(work, 'extensions')}`, `--user-data-dir=${path.join(work, 'data')}`];
  try {
    const vsix = packageExtension();
    await runVSCodeCommand(['--install-extension', vsix, ...folders], { version, cachePath });
    for (const file of ['examples/small_cnn.py', 'examples/tiny_cnn.onnx', 'test/editor/fixtures/shape_error.py']) {
      cpSync(path.join(repositoryFolder, file), path.join(work, 'models', path.basename(file)));
    }
    const { extension, tests } = buildHostSuite(path.join(work, 'suite'));
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      launchArgs: [path.join(work, 'models'), ...folders, '--disable-workspace-trust'],
    });
  } catch (error) {
    console.error(`FAILED: ${error}`);
    return 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

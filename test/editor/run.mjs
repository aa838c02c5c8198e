// The packaged extension in a real VS Code: `npm run test:editor`. Installs the editor once (into .cache/), builds and
// packs the extension, runs the suite of the extension host, then looks at the screen. Pictures: test/pictures/.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageExtension, repositoryFolder } from '../package/packageExtension.mjs';
import { Checks } from './checks.mjs';
import { findChromium, launchChromium } from './chromium.mjs';
import { startEditor } from './editorServer.mjs';
import { buildHostSuite, runHostSuite } from './hostSuiteRunner.mjs';
import { installEditor } from './install.mjs';
import { makeRepository } from './repository.mjs';
import { runScreens } from './screens.mjs';

const files = [
  'examples/cells.json',
  'examples/small_cnn.py',
  'examples/small_transformer.py',
  'examples/tiny_cnn.onnx',
  'test/editor/fixtures/shape_error.py',
];

const executable = findChromium();
if (executable === undefined || process.platform !== 'linux' || process.arch !== 'x64') {
  const reason = executable === undefined ? 'no Chromium was found (set CHROMIUM to its path)' : 'this needs Linux x64';
  console.log(`NOT RUN: the editor tests (hints, lens, hover, shape error, ONNX view on screen): ${reason}.`);
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
} else {
  process.exitCode = (await runAll(executable)) ? 0 : 1;
}

async function runAll(executablePath) {
  console.log('installing the editor and packing the extension ...');
  const editorFolder = installEditor();
  const vsix = packageExtension();
  const pictures = path.join(repositoryFolder, 'test/pictures');
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const checks = new Checks(pictures);
  const work = mkdtempSync(path.join(tmpdir(), 'layercost-files-'));
  const browser = await launchChromium(executablePath);
  try {
    await withEditor({ editorFolder, vsix, driver: true }, async ({ authority }) => {
      console.log('extension host');
      const suite = buildHostSuite(path.join(work, 'suite'));
      await checks.check('the suite of the extension host passes', undefined, () =>
        runHostSuite({ browser, authority, suite, folder: copyFiles(path.join(work, 'host')) }),
      );
    });
    await withEditor({ editorFolder, vsix, driver: false }, ({ authority }) =>
      runScreens({
        browser,
        authority,
        checks,
        pictures,
        copyFiles: () => copyFiles(mkdtempSync(path.join(work, 'models-'))),
        makeRepository: () => makeRepository(mkdtempSync(path.join(work, 'repository-'))),
      }),
    );
  } finally {
    await browser.close();
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`pictures: ${pictures}`);
  return checks.summary();
}

async function withEditor(options, body) {
  const editor = await startEditor(options);
  try {
    await body(editor);
  } finally {
    editor.stop();
  }
}

/** The editor saves by itself: it gets copies. */
function copyFiles(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(path.join(repositoryFolder, file), path.join(folder, path.basename(file)));
  return folder;
}

// Runs hostSuite/ inside of the editor's extension host, as @vscode/test-electron does: an empty extension stands in
// as the one under development, so that what runs is the installed package.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { remoteUri, workbenchUrl } from './editorServer.mjs';

const SUITE_LIMIT_MS = 120_000;

/** Bundles the suite into `folder`; returns the paths of the empty extension and of the module that exports run(). */
export function buildHostSuite(folder) {
  const extension = path.join(folder, 'helper');
  mkdirSync(extension, { recursive: true });
  const manifest = {
    name: 'layercost-test-helper',
    publisher: 'layercost',
    version: '0.0.1',
    engines: { vscode: '*' },
  };
  writeFileSync(path.join(extension, 'package.json'), JSON.stringify(manifest));
  const tests = path.join(extension, 'suite.js');
  buildSync({
    entryPoints: [fileURLToPath(new URL('hostSuite/index.ts', import.meta.url))],
    outfile: tests,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return { extension, tests };
}

/** Opens the workbench with the suite and waits for its exit code; throws with its log where it is not 0. */
export async function runHostSuite({ browser, authority, suite, folder }) {
  const page = await browser.newPage();
  const log = [];
  let timer;
  try {
    const code = await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no end in ${SUITE_LIMIT_MS} ms:\n${log.join('\n')}`)), SUITE_LIMIT_MS);
      const open = async () => {
        await page.exposeFunction('codeAutomationExit', resolve);
        await page.exposeFunction('codeAutomationLog', (type, args) => log.push(`${type}: ${args.join(' ')}`));
        const payload = [
          ['extensionDevelopmentPath', remoteUri(authority, suite.extension)],
          ['extensionTestsPath', remoteUri(authority, suite.tests)],
        ];
        await page.goto(workbenchUrl(authority, folder, payload));
      };
      open().catch(reject);
    });
    for (const line of log.filter((text) => text.includes('layercost:'))) console.log(`          ${line}`);
    if (code !== 0) throw new Error(`exit code ${code}:\n${log.join('\n')}`);
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}

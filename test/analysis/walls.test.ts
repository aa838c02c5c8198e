/**
 * The walls hold: a planted import that a folder must not have is refused by lint, and the allowed one is not.
 */
import { ESLint } from 'eslint';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

const PLANTED: readonly (readonly [folder: string, line: string, isRefused: boolean])[] = [
  ['graph', "import { readFileSync } from 'node:fs';", true],
  ['evaluation', "import * as vscode from 'vscode';", true],
  ['features', "import { Range } from 'vscode-languageserver';", true],
  ['graph', "import { allOperators } from '../operators/operatorTable.ts';", true],
  ['frontends/onnx', "import { trace } from '../torch/trace.ts';", true],
  ['analysis', "import { hoverAt } from '../features/hover.ts';", true],
  ['cli', "import { startServer } from '../lsp/server.ts';", true],
  ['operators', "import { printDim } from '../graph/dim.ts';", false],
  ['cli', "import path from 'node:path';", false],
];

it.each(PLANTED)('%s: %s is refused: %s', async (folder, line, isRefused) => {
  const eslint = new ESLint({ cwd: root });
  const config = (await eslint.calculateConfigForFile(path.join(root, `server/src/${folder}/planted.ts`))) as {
    readonly rules: Readonly<Record<string, unknown>>;
  };
  const plain = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.js'], rules: { 'no-restricted-imports': config.rules['no-restricted-imports'] as never } },
    ],
  });
  const [result] = await plain.lintText(`${line}\n`, { filePath: path.join(root, 'planted.js') });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(isRefused ? ['no-restricted-imports'] : []);
});

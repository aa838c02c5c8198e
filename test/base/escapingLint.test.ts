/**
 * Lint finds what goes round the escaping functions: each planted line is refused in the file that it is planted in, and
 * the right way to write it is not.
 */
import { ESLint } from 'eslint';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

const REFUSED: readonly (readonly [file: string, line: string])[] = [
  ['server/src/cli/commands/planted.ts', 'process.stdout.write(name);'],
  ['server/src/cli/commands/planted.ts', "process['stderr'].write(name);"],
  ['server/src/evaluation/planted.ts', 'console.log(name);'],
  ['server/src/lsp/planted.ts', 'console.error(name);'],
  ['client/src/planted.ts', 'console.log(name);'],
  ['server/src/cli/reporters/planted.ts', 'export const a = name as Printed;'],
  ['server/src/features/planted.ts', 'export const a = name as Markdown;'],
  ['server/src/features/planted.ts', "export const a = Markup.tagOf('markdown', same);"],
  [
    'server/src/cli/planted.ts',
    "import { printed } from '../base/escaping/printed.ts';\nexport const a = printed(name);",
  ],
  ['client/src/views/planted.ts', 'export const a = `<td>${name}</td>`;'],
  ['client/src/views/planted.ts', "export const a = '<td>' + name + '</td>';"],
  ['client/src/views/planted.ts', 'webview.html = name;'],
  ['client/src/views/planted.ts', 'element.innerHTML = name;'],
  ['server/src/features/plantedHover.ts', 'export const a = `### ${name}`;'],
  ['server/src/features/plantedHover.ts', 'export const a = `| ${name} | ${name} |`;'],
  ['server/src/features/plantedHover.ts', 'export const a = `**${name}**`;'],
  ['server/src/features/plantedHover.ts', 'export const a = `in \\`${name}\\``;'],
  ['server/src/cli/reporters/plantedMarkdown.ts', 'export const a = `\\n- ${name}`;'],
  ['server/src/cli/reporters/plantedMarkdown.ts', 'export const a = `<details>${name}`;'],
  ['ci/planted.mjs', 'console.log(name);'],
  ['ci/planted.mjs', 'process.stdout.write(name);'],
];

const ACCEPTED: readonly (readonly [file: string, line: string])[] = [
  ['server/src/cli/commands/planted.ts', 'export const a = printedLines([name]);'],
  ['client/src/views/planted.ts', 'export const a = inHtml`<td>${name}</td>`;'],
  ['client/src/views/planted.ts', 'webview.html = page.text;'],
  ['client/src/views/planted.ts', 'export const a = `${name} (${count})`;'],
  ['server/src/features/plantedHover.ts', 'export const a = inMarkdown`| **${name}** |`;'],
  ['server/src/features/plantedHover.ts', 'export const a = `${count} × a pass`;'],
  ['server/src/cli/reporters/plantedMarkdown.ts', 'export const a = inMarkdown`\\n- ${name}`;'],
  ['ci/planted.mjs', 'log(name);'],
];

/** The rule's findings in a line, as the configuration of its file has the rule. */
async function found(file: string, line: string): Promise<readonly (string | null)[]> {
  const eslint = new ESLint({ cwd: root });
  const config = (await eslint.calculateConfigForFile(path.join(root, file))) as {
    readonly rules: Readonly<Record<string, unknown>>;
    readonly languageOptions: { readonly parser?: unknown };
  };
  const plain = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts', '**/*.mjs'],
        // Without types: the rule reads syntax alone.
        languageOptions: file.endsWith('.ts') ? { parser: config.languageOptions.parser } : {},
        rules: { 'no-restricted-syntax': config.rules['no-restricted-syntax'] as never },
      },
    ],
  });
  const [result] = await plain.lintText(`${line}\n`, { filePath: path.join(root, path.basename(file)) });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

it.each(REFUSED)('%s: refuses %s', async (file, line) => {
  expect(new Set(await found(file, line))).toEqual(new Set(['no-restricted-syntax']));
});

it.each(ACCEPTED)('%s: accepts %s', async (file, line) => {
  expect(await found(file, line)).toEqual([]);
});

/**
 * A repository whose names, files, conditions and messages are attacks (test/support/hostileText.ts), through every command
 * and format of the built program, through hover, lens and diagnostics of the server, and into the client's page.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml, type ReportPage } from '../../client/src/views/reportHtml.ts';
import { junitErrors, sarifErrors } from './reporters/publishedSchemas.ts';
import { gitSandbox, type GitSandbox } from '../node/git/gitSandbox.ts';
import { ServerSession } from '../protocol/serverSession.ts';
import { actingCharacters, ATTACKS, markdownFaults, terminalFaults } from '../support/hostileText.ts';

const program = path.join(import.meta.dirname, '../../dist/cli.js');

/** Files cannot hold all of them. */
const FILE = 'a\u001b[31m b c `d` @team ![e](evil) <img>\u202e.py';
/** No target can be named so: only messages show it. */
const NO_TARGET = 'a\n::error::evil\u009b.py:Net';

const PYTHON_ATTACKS = ATTACKS.filter((text) => !/[\ud800-\udfff]/.test(text)).map((text) => JSON.stringify(text));

const NET = (width: number): string => `import torch
from nowhere import unknown
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict()
        for index, name in enumerate([${PYTHON_ATTACKS.join(', ')}]):
            self.parts[name.replace(".", "_")] = nn.Linear(4, ${width})

    def forward(self, x):
        for name in self.parts:
            self.parts[name](x)
        if unknown("\`](x)![x](http://evil.example/x.png)\`\\x1b[31m"):
            x = x + 1
        raise ValueError("\\x1b[2J\\n::error::message ##[add-matcher]m @team | \`b\` <img src=x>")


class Good(Net):
    def forward(self, x):
        if x.sum() > len("\`![x](http://evil.example/x.png)\`"):
            x = x * 2
        return [part(x) for part in self.parts.values()][0]
`;

let repository: GitSandbox;
let base: string;

beforeAll(() => {
  repository = gitSandbox('hostile');
  const entries = ['Net', 'Good'].flatMap((model, index) =>
    ATTACKS.slice(0, 8).map((name) => ({
      name: `${name}${index}`,
      model: `${FILE}:${model}`,
      input: '1x4',
      budgets: { params: '1', growth: { params: '+1 %' } },
    })),
  );
  const configuration = JSON.stringify({ entries: [...entries, { model: NO_TARGET }] });
  repository.write({ [FILE]: NET(3), 'layercost.json': configuration });
  base = repository.commit('start');
  repository.write({ [FILE]: NET(5) });
});

afterAll(() => repository.remove());

function run(...args: readonly string[]): {
  readonly text: string;
  readonly log: string;
  readonly status: number | null;
} {
  const env = { ...process.env, NO_COLOR: '1', LAYERCOST_CACHE_DIR: path.join(repository.folder, '.git/cache') };
  const options = { cwd: repository.folder, env, encoding: 'utf8' } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], options);
  return { text: stdout, log: stderr, status };
}

describe.each(['analyze', 'check', 'diff'])('layercost %s', (command) => {
  const args = {
    analyze: () => ['analyze', `${FILE}:Good`, '--input', '1x4'],
    check: () => ['check', '--base', base],
    diff: () => ['diff', base],
  }[command as 'analyze' | 'check' | 'diff'];
  const formats =
    command === 'analyze' ? ['text', 'json'] : ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'];

  it.each(formats)('%s', async (format) => {
    const { text, log, status } = run(...args(), '--format', format);
    expect(status).toBeLessThan(3);
    expect(text).toContain('evil');
    expect(terminalFaults(log)).toEqual([]);
    const faults = terminalFaults(text);
    if (format === 'github') {
      // Its own commands begin lines; nothing else does.
      expect(
        faults.filter(
          (fault) => !/^::(error|warning|notice) (file=[^,]*,line=\d+,)?title=Layer Cost[^,]*::/.test(fault),
        ),
      ).toEqual([]);
    } else expect(faults).toEqual([]);
    if (format === 'json') JSON.parse(text);
    if (format === 'sarif') {
      expect(sarifErrors(text)).toEqual([]);
      expect(text).not.toContain('](');
    }
    if (format === 'junit') expect(await junitErrors(text)).toEqual([]);
    if (format === 'markdown' || format === 'summary') expect(markdownFaults(text)).toEqual([]);
  });
});

it.each([[['analyze', NO_TARGET]], [['check', '--\u001b[31m\n::error::x']], [['nothing\u009b\n::x']]])(
  'what was typed wrongly is told without acting: %j',
  (args) => {
    const { log, status } = run(...args);
    expect(status).toBe(2);
    expect(log).toContain('\\x');
    expect(terminalFaults(log)).toEqual([]);
  },
);

it('the program is ASCII, as its launcher reads it, markup of ours too', () => {
  expect(readFileSync(path.join(program, '../programs/cli.js')).filter((byte) => byte > 0x7f)).toHaveLength(0);
  expect(run('diff', base, '--format', 'markdown').text).toContain(' → work tree');
});

it('init writes what it says, and acts on nothing', () => {
  const { text, log } = run('init', '--force');
  expect(terminalFaults(`${text}${log}`)).toEqual([]);
  repository.git('checkout', '--quiet', '--', 'layercost.json');
});

it("the client's page has no element from a name", () => {
  const report = JSON.parse(run('analyze', `${FILE}:Good`, '--input', '1x4', '--format', 'json').text) as ReportPage;
  const page = reportHtml(report, 't4', 'nonce').text;
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(
    page.match(
      /<(?!\/?(?:!DOCTYPE|html|head|meta|title|style|body|h1|p|br|div|b|span|ul|li|input|table|thead|tbody|tr|th|td|script)\b)[!/a-z][^>]*/gi,
    ),
  ).toBeNull();
  expect(page.match(/<(script|style|meta|input)\b/g)).toEqual(['<meta', '<meta', '<style', '<input', '<script']);
  expect(page.split('\n').flatMap(actingCharacters)).toEqual([]);
});

it('hover, lens, hints and diagnostics hold names alone', async () => {
  const session = new ServerSession();
  try {
    await session.initialize();
    const text = NET(3);
    const uri = session.open('net.py', text);
    const textDocument = { uri };
    const found = await session.diagnostics(uri, 1);
    expect(found.map(({ message }) => message).join('')).toContain('\\x1b[2J\\n::error::message');
    const lenses = await session.client.request<readonly { readonly command?: { readonly title: string } }[]>(
      'textDocument/codeLens',
      { textDocument },
    );
    const resolved = await Promise.all(
      lenses.map((lens) => session.client.request<(typeof lenses)[number]>('codeLens/resolve', lens)),
    );
    const labels = [
      ...found.map(({ message }) => message),
      ...resolved.map(({ command }) => command?.title ?? ''),
      ...(await session.hints(uri)),
    ];
    expect(labels.flatMap(actingCharacters)).toEqual([]);
    const hovers: string[] = [];
    for (const [line, content] of text.split('\n').entries()) {
      for (const character of new Set([0, 8, content.length - 1])) {
        const position = { line, character: Math.max(0, character) };
        const hover = await session.client.request<{ readonly contents: { readonly value: string } } | null>(
          'textDocument/hover',
          { textDocument, position },
        );
        if (hover !== null) hovers.push(hover.contents.value);
      }
    }
    expect(hovers.join('')).toContain('evil');
    expect(hovers.flatMap(markdownFaults)).toEqual([]);
    expect(hovers.join('')).not.toMatch(/!\[|\]\(/);
  } finally {
    session.dispose();
  }
});

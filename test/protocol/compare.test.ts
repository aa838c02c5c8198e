/**
 * What changed since a revision, over the bundled server: a line beside each model's lens, and the page behind it.
 */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ChangesAnswer } from '../../server/src/lsp/protocol.ts';
import { runGit } from '../node/git/gitSandbox.ts';
import { ServerSession, type Diagnostic } from './serverSession.ts';

const BLOCKS = `from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)
`;
/** Net has 8·8 + 8 + 8·2 + 2 = 90 parameters and 80 MACs. */
const NET = `from torch import nn
from blocks import Block


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.block = Block(width)
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        return self.head(self.block(x))
`;
const CONFIGURATION = '{ "entries": [{ "model": "net.py:Net", "input": "1x8" }] }\n';

const sessions: ServerSession[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** A session whose folder is a repository with one commit. */
async function started(configuration: object = {}): Promise<ServerSession> {
  const session = new ServerSession();
  sessions.push(session);
  session.write('blocks.py', BLOCKS);
  session.write('net.py', NET);
  session.write('layercost.json', CONFIGURATION);
  runGit(session.folder, ['init', '--quiet', '--initial-branch=main']);
  commit(session, 'start');
  session.client.configuration = configuration;
  await session.initialize({ configuration: true, workspace: { codeLens: { refreshSupport: true } } });
  return session;
}

function commit({ folder }: ServerSession, message: string): void {
  runGit(folder, ['add', '--all']);
  runGit(folder, ['commit', '--quiet', '-m', message]);
}

interface Lens {
  readonly command?: { readonly title: string; readonly command: string; readonly arguments: readonly unknown[] };
  readonly range: { readonly start: { readonly line: number } };
}

/** Lenses of changes, once `does` made the server ask for lenses again. */
async function afterRefresh(session: ServerSession, uri: string, does: () => unknown): Promise<readonly Lens[]> {
  const { client } = session;
  const from = client.notifications.length;
  does();
  await client.waitFor(
    (item) => item.method === 'workspace/codeLens/refresh' && client.notifications.indexOf(item) >= from,
  );
  return changeLenses(session, uri);
}

async function changeLenses({ client }: ServerSession, uri: string): Promise<readonly Lens[]> {
  const lenses = await client.request<readonly Lens[]>('textDocument/codeLens', { textDocument: { uri } });
  return lenses.filter(({ command }) => command?.command === 'layercost.showChanges');
}

const titles = (lenses: readonly Lens[]): readonly string[] =>
  lenses.map(
    ({ range, command }) => `${range.start.line}: ${command?.title.replace(/^[+-][^,]* roofline [^,]*, /, '') ?? ''}`,
  );

/** Net's head gets a third class, and with `back` its two again. */
function editHead(session: ServerSession, uri: string, back?: 'back'): void {
  session.edit(uri, { line: 8, character: 37 }, { line: 8, character: 38 }, back === undefined ? '3' : '2');
}

it('shows what an edit changed, a page of it, and nothing once it is taken back', async () => {
  const session = await started();
  const uri = session.open('net.py', NET);
  await session.diagnostics(uri, 1);
  const lenses = await afterRefresh(session, uri, () => editHead(session, uri));
  // 8·3 + 3 = 27 parameters in the place of 18
  expect(titles(lenses)).toEqual(['4: +9 params (+10 %), +8 MACs (+10 %) since HEAD']);
  expect(lenses[0]?.command?.arguments).toEqual([uri, 'Net']);

  const answer = await session.client.request<ChangesAnswer>('layercost/changes', { uri, entryName: 'Net' });
  if (answer.kind === 'problem') throw new Error(answer.message);
  expect(answer.page.figures[0]).toEqual({
    label: 'parameters',
    before: '90',
    after: '99',
    delta: '+9',
    share: '+10 %',
  });
  expect(answer.page.counts).toBe('1 changed, 1 the same');
  expect(answer.page.layers).toEqual([
    { sign: '~', name: 'head', op: 'Linear', detail: '1x2 -> 1x3, params 18 -> 27, MACs 16 -> 24', place: 'net.py:9' },
  ]);
  expect(answer.page.commitId).toBe(runGit(session.folder, ['rev-parse', 'HEAD']).trim());
  expect(await afterRefresh(session, uri, () => editHead(session, uri, 'back'))).toEqual([]);
});

it('reads imports and the configuration as they were', async () => {
  const session = await started();
  session.write('blocks.py', BLOCKS.replace('nn.Linear(width, width)', 'nn.Linear(width, width, bias=False)'));
  session.write('layercost.json', CONFIGURATION.replace('1x8', '4x8'));
  let uri = '';
  const lenses = await afterRefresh(session, '', () => (uri = session.open('net.py', NET))).then(() =>
    changeLenses(session, uri),
  );
  expect(titles(lenses)).toEqual(['4: -8 params (-8.9 %), +240 MACs (+300 %) since HEAD, with another input']);
});

it('follows new commits', async () => {
  const session = await started();
  const wider = NET.replace('width, 2)', 'width, 3)');
  session.write('net.py', wider);
  const uri = session.uri('net.py');
  const open = (): unknown => session.open('net.py', wider);
  expect(titles(await afterRefresh(session, uri, open))).toEqual(['4: +9 params (+10 %), +8 MACs (+10 %) since HEAD']);
  expect(await afterRefresh(session, uri, () => commit(session, 'wider'))).toEqual([]);
});

it('compares with the revision that settings name, and not where they say so', async () => {
  const session = await started({ compare: { base: 'v1' }, lens: { enable: false } });
  runGit(session.folder, ['tag', 'v1']);
  const wider = NET.replace('width, 2)', 'width, 3)');
  session.write('net.py', wider);
  commit(session, 'wider');
  const uri = session.uri('net.py');
  const open = (): unknown => session.open('net.py', wider);
  expect(titles(await afterRefresh(session, uri, open))).toEqual(['4: +9 params (+10 %), +8 MACs (+10 %) since v1']);
  const off = (): void => {
    session.client.configuration = { compare: { enable: false } };
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
  };
  expect(await afterRefresh(session, uri, off)).toEqual([]);
});

it('says nothing of a model that is new or broken, and the page says why', async () => {
  const session = await started();
  const text = `${NET}\n\nclass Fresh(Net):\n    def forward(self, x):\n        return self.head(x)\n`;
  const uri = session.open('net.py', text);
  await session.diagnostics(uri, 1);
  const lenses = await afterRefresh(session, uri, () => editHead(session, uri));
  expect(lenses.map(({ range }) => range.start.line)).toEqual([4]);
  const ask = (entryName: string): Promise<ChangesAnswer> =>
    session.client.request('layercost/changes', { uri, entryName });
  expect(await ask('Fresh')).toEqual({
    kind: 'problem',
    message: expect.stringMatching(/^Fresh is not in HEAD: there is no "Fresh"/) as string,
  });
  expect(await ask('Gone')).toMatchObject({ kind: 'problem' });
  // The block gives 9 values now, and the head takes 8.
  const broken = (): unknown => session.edit(uri, { line: 8, character: 30 }, { line: 8, character: 35 }, '7');
  expect(await afterRefresh(session, uri, broken)).toEqual([]);
});

it('growth budgets are measured against the base', async () => {
  const session = await started();
  session.write(
    'layercost.json',
    CONFIGURATION.replace('"input"', '"budgets": { "growth": { "params": "+5 %" } }, "input"'),
  );
  const wider = NET.replace('width, 2)', 'width, 3)');
  const uri = session.open('net.py', wider);
  const { params } = await session.client.waitFor(
    ({ method, params: given }) =>
      method === 'textDocument/publishDiagnostics' && JSON.stringify(given).includes('growth-params'),
  );
  expect(JSON.stringify(params)).toContain('parameters 99, budget +5 % on 90 = 94.5: 4.5 (4.8 %) over');
  expect(JSON.stringify(params)).toContain(JSON.stringify(uri));
  const { diagnostics } = params as { readonly diagnostics: readonly Diagnostic[] };
  const position = { line: 4, character: 8 };
  const [raise] = await session.client.request<readonly { readonly title: string }[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: position, end: position },
    context: { diagnostics },
  });
  expect(raise?.title).toBe('Raise the growth of net.py:Net: parameters +11 % (now +9, and 10 %)');
});

it('starts no program that the repository names, and writes nothing into it', async () => {
  const session = await started();
  const program = path.join(session.folder, '..', `${path.basename(session.folder)}-hook`);
  const trace = `${program}-ran`;
  writeFileSync(program, `#!/bin/sh\ntouch '${trace}'\n`);
  chmodSync(program, 0o755);
  for (const key of ['core.fsmonitor', 'core.pager', 'core.editor', 'diff.external', 'diff.evil.textconv']) {
    runGit(session.folder, ['config', key, program]);
  }
  for (const key of ['filter.evil.smudge', 'filter.evil.clean', 'filter.evil.process', 'alias.rev-parse']) {
    runGit(session.folder, ['config', key, `!${program}`]);
  }
  session.write('.gitattributes', '*.py filter=evil diff=evil\n');
  const uri = session.open('net.py', NET);
  await session.diagnostics(uri, 1);
  expect(await afterRefresh(session, uri, () => editHead(session, uri))).toHaveLength(1);
  expect(existsSync(trace)).toBe(false);
});

it('nothing is said outside of a repository', async () => {
  const session = new ServerSession();
  sessions.push(session);
  await session.initialize({ workspace: { codeLens: { refreshSupport: true } } });
  session.write('blocks.py', BLOCKS);
  const uri = session.open('net.py', NET);
  const answer = await session.client.request<ChangesAnswer>('layercost/changes', { uri, entryName: 'Net' });
  expect(answer).toMatchObject({ kind: 'problem', message: expect.stringContaining('git repository') as string });
  expect(await changeLenses(session, uri)).toEqual([]);
});

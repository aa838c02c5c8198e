/**
 * NAS cells in open documents, over the bundled server with the weights that ship.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryFolder, ServerSession } from './serverSession.ts';

const CELL = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';
const EDGES = "[('sep_conv_3x3', 0), ('skip_connect', 1)]";
const GENOTYPE = `Genotype(normal=${EDGES}, normal_concat=[2], reduce=${EDGES}, reduce_concat=[2])`;
const NET = `from torch import nn

BEST = "${CELL}"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(x)
`;

interface Lens {
  readonly range: { readonly start: { readonly line: number } };
  readonly command?: { readonly title: string; readonly arguments: readonly [string, string] };
}

const sessions: ServerSession[] = [];

async function started(configuration?: object): Promise<ServerSession> {
  const session = new ServerSession();
  sessions.push(session);
  if (configuration !== undefined) session.client.configuration = configuration;
  await session.initialize({ configuration: configuration !== undefined });
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function lenses(session: ServerSession, uri: string): Promise<readonly Lens[]> {
  const found = await session.client.request<readonly Lens[]>('textDocument/codeLens', { textDocument: { uri } });
  return Promise.all(found.map((lens) => session.client.request<Lens>('codeLens/resolve', lens)));
}

async function hover(session: ServerSession, uri: string, line: number, character: number): Promise<string> {
  const answer = await session.client.request<{ readonly contents: { readonly value: string } } | null>(
    'textDocument/hover',
    { textDocument: { uri }, position: { line, character } },
  );
  return answer?.contents.value ?? '';
}

describe('cells', () => {
  it('have lens, hint and hover in JSON', async () => {
    const session = await started();
    const uri = session.open('cells.json', `{\n  "best": "${CELL}",\n  "x": 1\n}\n`, 'json');
    expect((await session.hints(uri)).join('\n')).toMatch(/^1: 802\.4K · 114 MMACs · ≈ 9\d\.\d %$/);
    const [lens, ...others] = await lenses(session, uri);
    expect(others).toEqual([]);
    expect(lens?.range.start.line).toBe(1);
    expect(lens?.command?.title).toMatch(
      /802\.4K params · 114 MMACs · cifar10 ≈ 9\d\.\d+ % \(.*rtx-4090 \(roofline\)$/,
    );
    const shown = await hover(session, uri, 1, 30);
    for (const part of ['accuracy cifar100', 'accuracy imagenet16-120', 'latency pixel3', '802,426', 'Assumed']) {
      expect(shown).toContain(part);
    }
    expect(await hover(session, uri, 2, 4)).toBe('');
    expect(await session.diagnostics(uri, 1)).toEqual([]);
    const report = await session.client.request('layercost/report', { uri, entryName: lens?.command?.arguments[1] });
    expect(report).toMatchObject({ kind: 'report', report: { totals: { paramCount: 802_426 } } });
  });

  it('stand beside models in Python', async () => {
    const session = await started();
    const uri = session.open('net.py', NET);
    expect((await session.hints(uri)).map((hint) => hint.slice(0, 9))).toEqual(
      expect.arrayContaining(['2: 802.4K', '8: 36 · 3']),
    );
    expect((await lenses(session, uri)).map(({ command }) => command?.title.split(' · ')[0])).toEqual([
      'NAS-Bench-201 cell',
      '36 params',
    ]);
  });

  it('of other spaces have exact counts alone, in plain text', async () => {
    const session = await started();
    const uri = session.open('log.txt', `step 7\ngenotype = ${GENOTYPE}\n`, 'plaintext');
    const [lens] = await lenses(session, uri);
    expect(lens?.command?.title).toMatch(/^DARTS cell · .* params · .* MMACs · accuracy not predicted/);
    expect(await hover(session, uri, 1, 20)).toContain('no weights for cells of darts');
  });

  it('with mistakes are told at their places, and mended', async () => {
    const session = await started();
    const uri = session.open('cells.json', `["${CELL.replace('avg', 'max')}"]`, 'json');
    const [problem, ...others] = await session.diagnostics(uri, 1);
    const start = 2 + CELL.indexOf('avg');
    expect(problem).toMatchObject({
      code: 'nas-cell-operation',
      range: { start: { line: 0, character: start }, end: { line: 0, character: start + 12 } },
    });
    expect(others).toEqual([]);
    const version = session.edit(uri, { line: 0, character: start }, { line: 0, character: start + 3 }, 'avg');
    expect(await session.diagnostics(uri, version)).toEqual([]);
    expect((await session.hints(uri)).join('\n')).toContain('114 MMACs');
  });

  it('are hinted at in the range that is asked for, of thousands', async () => {
    const session = await started();
    const text = Array.from({ length: 5000 }, () => `{"cell": "${CELL}"}`).join('\n');
    const uri = session.open('cells.jsonl', text, 'jsonl');
    const range = { start: { line: 4000, character: 0 }, end: { line: 4010, character: 0 } };
    const hints = await session.client.request<readonly { readonly position: { readonly line: number } }[]>(
      'textDocument/inlayHint',
      { textDocument: { uri }, range },
    );
    expect(hints.map(({ position }) => position.line)).toEqual([
      4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009,
    ]);
    const all = await session.client.request<readonly Lens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(all.length).toBe(1000);
  });

  it('follow settings: another data set, a device that was measured, nothing at all', async () => {
    const session = await started({ cells: { dataset: 'cifar100', device: 'pixel3' } });
    const uri = session.open('cells.json', `["${CELL}"]`, 'json');
    await session.diagnostics(uri, 1);
    expect((await lenses(session, uri))[0]?.command?.title).toMatch(/808\.3K params .* cifar100 ≈ \d+\.\d+ %/);
    expect(await hover(session, uri, 0, 20)).toContain('_Given:_ built for cifar100: input 1x3x32x32, 100 classes');
    session.client.configuration = { cells: { device: 'pixel3' } };
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    const version = session.edit(uri, { line: 0, character: 0 }, { line: 0, character: 0 }, ' ');
    await session.diagnostics(uri, version);
    expect((await lenses(session, uri))[0]?.command?.title).toMatch(/ms pixel3 \(predicted, /);
    expect(await hover(session, uri, 0, 20)).toContain('_Assumed:_ built for cifar10');
    session.client.configuration = { cells: { dataset: 'cifar10', device: '' } };
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    const chosen = session.edit(uri, { line: 0, character: 0 }, { line: 0, character: 1 }, '  ');
    await session.diagnostics(uri, chosen);
    expect(await hover(session, uri, 0, 20)).toContain('_Given:_ built for cifar10');
    session.client.configuration = { cells: { enable: false } };
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    const last = session.edit(uri, { line: 0, character: 0 }, { line: 0, character: 1 }, '');
    await session.diagnostics(uri, last);
    expect([await lenses(session, uri), await session.hints(uri), await hover(session, uri, 0, 20)]).toEqual([
      [],
      [],
      '',
    ]);
  });
});

const MODEL = 'models/nas-bench-201';

describe.each<readonly [string, (folder: string) => void]>([
  ['absent', (folder) => rmSync(path.join(folder, MODEL), { recursive: true })],
  ['corrupt', (folder) => writeFileSync(path.join(folder, MODEL, 'latency.safetensors'), 'none')],
  [
    'of other features',
    (folder) => {
      const file = path.join(folder, MODEL, 'model.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"featureVersion": 1', '"featureVersion": 2'));
    },
  ],
])('weights that are %s', (_title, change) => {
  it('cost the predictions alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'layercost-dist-'));
    try {
      cpSync(path.join(repositoryFolder, 'dist'), folder, { recursive: true });
      change(folder);
      const session = new ServerSession([path.join(folder, 'server.js'), '--stdio']);
      sessions.push(session);
      await session.initialize();
      const uri = session.open('net.py', NET);
      const hints = await session.hints(uri);
      expect(hints).toContain('2: 802.4K · 114 MMACs');
      expect(hints.join('\n')).toContain('8: 36 · 32 MACs');
      expect((await lenses(session, uri))[0]?.command?.title).toContain('accuracy not predicted');
      expect(await hover(session, uri, 2, 20)).toMatch(
        /not predicted: (?:no weights|latency\.safe.* checksum|.* version 2)/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/**
 * The bundled server over stdio, as an editor speaks to it. Figures are by hand from the layers' sizes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS, ServerSession, repositoryFolder } from './serverSession.ts';

const TWO_MODELS = `import torch
from torch import nn


class First(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(x)


class Second(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


if __name__ == "__main__":
    First()(torch.randn(1, 8))
    Second()(torch.randn(1, 3, 16, 16))
`;

const FIRST_HINTS = ['7: 36 · 32 MACs', '10: 1×4'];
// 448 parameters; 16·27·16·16 MACs
const SECOND_HINTS = ['16: 448 · 110.6 KMACs', '19: 1×16×16×16'];

const sessions: ServerSession[] = [];

async function started(command?: readonly string[]): Promise<ServerSession> {
  const session = new ServerSession(command);
  sessions.push(session);
  await session.initialize();
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** "7: 36 · 32 MACs · ≥ 1 µs" begins with what is wanted. */
function expectHints(hints: readonly string[], wanted: readonly string[]): void {
  for (const start of wanted) {
    expect(
      hints.some((hint) => hint.startsWith(start)),
      `${start} in\n${hints.join('\n')}`,
    ).toBe(true);
  }
}

describe.each(Object.entries(COMMANDS))('%s', (_name, command) => {
  it('starts, tells what it can do, and ends with 0', async () => {
    const session = new ServerSession(command);
    sessions.push(session);
    expect(await session.initialize()).toMatchObject({
      serverInfo: { name: 'layercost' },
      capabilities: { inlayHintProvider: true, hoverProvider: true, codeLensProvider: { resolveProvider: true } },
    });
    expect(await session.end()).toBe(0);
  });

  it('hints at cost and shape', async () => {
    const session = await started(command);
    expectHints(await session.hints(session.open('two.py', TWO_MODELS)), [...FIRST_HINTS, ...SECOND_HINTS]);
  });
});

describe('documents', () => {
  it('lenses, resolved where they come without a title', async () => {
    const session = await started();
    const uri = session.open('two.py', TWO_MODELS);
    interface Lens {
      readonly command?: { readonly title: string; readonly arguments: readonly unknown[] };
    }
    const lenses = await session.client.request<readonly Lens[]>('textDocument/codeLens', { textDocument: { uri } });
    const resolved = await Promise.all(lenses.map((lens) => session.client.request<Lens>('codeLens/resolve', lens)));
    expect(resolved.map(({ command }) => command?.title.split(' · ').slice(0, 2).join(' · '))).toEqual([
      '36 params · 32 MACs',
      '448 params · 110.6 KMACs',
    ]);
    expect(resolved[1]?.command?.arguments).toEqual([uri, 'Second']);
  });

  it('hovers over a layer; nothing over a blank line', async () => {
    const session = await started();
    const textDocument = { uri: session.open('two.py', TWO_MODELS) };
    const hover = await session.client.request<{ readonly contents: { readonly value: string } }>(
      'textDocument/hover',
      { textDocument, position: { line: 16, character: 25 } },
    );
    expect(hover.contents.value).toContain('| shape out | 1×16×16×16 |');
    expect(hover.contents.value).toContain('| parameters | 448');
    expect(
      await session.client.request('textDocument/hover', { textDocument, position: { line: 2, character: 0 } }),
    ).toBeNull();
  });

  it('tells a shape error with both shapes, and takes it back when it is mended', async () => {
    const session = await started();
    const text = TWO_MODELS.replace('randn(1, 8)', 'randn(1, 9)');
    const uri = session.open('two.py', text);
    const [problem] = await session.diagnostics(uri, 1);
    expect(problem?.message).toMatch(/8.*1x9/);
    expect(problem?.range.start.line).toBe(10);
    const line = text.split('\n').findIndex((content) => content.includes('First()'));
    const character = '    First()(torch.randn(1, '.length;
    const version = session.edit(uri, { line, character }, { line, character: character + 1 }, '8');
    expect(await session.diagnostics(uri, version)).toEqual([]);
    expectHints(await session.hints(uri), FIRST_HINTS);
  });

  it('keeps the hints of untouched classes while one is half typed', async () => {
    const session = await started();
    const uri = session.open('two.py', TWO_MODELS);
    await session.hints(uri);
    // self.conv = nn.Conv2d(3, 16, 3, padding=1) loses its closing half.
    const end = '        self.conv = nn.Conv2d(3, 16, 3, padding=1)'.length;
    session.edit(uri, { line: 16, character: end - 14 }, { line: 16, character: end }, '');
    expectHints(await session.hints(uri), FIRST_HINTS);
    session.edit(
      uri,
      { line: 16, character: end - 14 },
      { line: 16, character: end - 14 },
      '3, padding=1)'.padStart(14),
    );
    expectHints(await session.hints(uri), [...FIRST_HINTS, ...SECOND_HINTS]);
  });

  it('answers rapid edits for the newest text, and lets stale requests go', async () => {
    const session = await started();
    const uri = session.open('two.py', TWO_MODELS);
    const at = '        self.fc = nn.Linear(8, '.length;
    const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
    const stale = [];
    for (let width = 5; width <= 9; width++) {
      session.edit(uri, { line: 7, character: at }, { line: 7, character: at + 1 }, String(width));
      const request = session.client.start('textDocument/inlayHint', { textDocument: { uri }, range });
      stale.push(
        request.answer.then(
          () => 'answered',
          () => 'cancelled',
        ),
      );
      session.client.notify('$/cancelRequest', { id: request.id });
    }
    expectHints(await session.hints(uri), ['7: 81 · 72 MACs', '10: 1×9']);
    expect(await Promise.all(stale)).toHaveLength(5);
  });

  it('holds two documents apart, and reads an open one where another imports it', async () => {
    const session = await started();
    session.write('parts.py', 'from torch import nn\n\n\ndef head():\n    return nn.Linear(8, 4)\n');
    const uri = session.open(
      'net.py',
      'import torch\nfrom torch import nn\nfrom parts import head\n\n\nclass Net(nn.Module):\n' +
        '    def __init__(self):\n        super().__init__()\n        self.head = head()\n\n' +
        '    def forward(self, x):\n        return self.head(x)\n\n\nNet()(torch.randn(1, 8))\n',
    );
    expectHints(await session.hints(uri), ['11: 1×4']);
    const parts = session.open('parts.py', 'from torch import nn\n\n\ndef head():\n    return nn.Linear(8, 6)\n');
    expectHints(await session.hints(uri), ['11: 1×6']);
    session.client.notify('textDocument/didClose', { textDocument: { uri: parts } });
    expectHints(await session.hints(uri), ['11: 1×4']);
  });

  it('clears the problems of a closed document', async () => {
    const session = await started();
    const uri = session.open('two.py', TWO_MODELS.replace('randn(1, 8)', 'randn(1, 9)'));
    expect(await session.diagnostics(uri, 1)).toHaveLength(1);
    session.client.notify('textDocument/didClose', { textDocument: { uri } });
    const cleared = await session.client.waitFor(
      ({ method, params }) =>
        method === 'textDocument/publishDiagnostics' &&
        JSON.stringify(params) === JSON.stringify({ uri, diagnostics: [] }),
    );
    expect(cleared.params).toEqual({ uri, diagnostics: [] });
    expect(await session.hints(uri)).toEqual([]);
  });

  it('reads its settings from the client, and again when they change', async () => {
    const session = new ServerSession();
    sessions.push(session);
    session.client.configuration = { hints: { cost: { enable: false } } };
    await session.initialize({ configuration: true });
    const uri = session.open('two.py', TWO_MODELS);
    await session.diagnostics(uri, 1);
    const shapesOnly = await session.hints(uri);
    expectHints(shapesOnly, ['10: 1×4']);
    expect(shapesOnly.join('\n')).not.toContain('MACs');
    session.client.configuration = { device: 't4' };
    session.client.notify('workspace/didChangeConfiguration', { settings: null });
    const version = session.edit(uri, { line: 3, character: 0 }, { line: 3, character: 0 }, '# t4');
    await session.diagnostics(uri, version);
    expectHints(await session.hints(uri), FIRST_HINTS);
  });
});

describe('the configuration', () => {
  const NET = TWO_MODELS.slice(0, TWO_MODELS.indexOf('if __name__'));
  const configured = (input: string): string =>
    `{\n  // 16 more\n  "entries": [{ "model": "two.py:Second", "input": "${input}" }]\n}\n`;

  it('gives a model its input, before the file opens and when it changes', async () => {
    const session = await started();
    session.write('two.py', NET);
    session.write('layercost.json', configured('2x3x4x4'));
    const uri = session.open('two.py', NET);
    // 2·16·27·4·4 MACs
    expectHints(await session.hints(uri), ['16: 448 · 13.82 KMACs', '19: 2×16×4×4']);
    session.write('layercost.json', configured('1x3x8x8'));
    session.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: session.uri('layercost.json'), type: 2 }],
    });
    expectHints(await session.hints(uri), ['19: 1×16×8×8']);
    const configuration = session.open('layercost.json', configured('1x3x9x9'));
    expectHints(await session.hints(uri), ['19: 1×16×9×9']);
    session.client.notify('textDocument/didClose', { textDocument: { uri: configuration } });
    expectHints(await session.hints(uri), ['19: 1×16×8×8']);
    expect(await session.hints(configuration)).toEqual([]);
  });

  it('is told of its mistakes at their places, and that they are mended', async () => {
    const session = await started();
    session.write('two.py', NET);
    const uri = session.open('layercost.json', configured('1x3x8x8').replace('"input"', '"inptu"'));
    const [problem, ...others] = await session.diagnostics(uri, 1);
    expect(problem).toMatchObject({
      code: 'unknown-key',
      range: { start: { line: 2, character: 42 }, end: { line: 2, character: 49 } },
    });
    expect(others).toEqual([]);
    const version = session.edit(uri, { line: 2, character: 43 }, { line: 2, character: 48 }, 'input');
    expect(await session.diagnostics(uri, version)).toEqual([]);
  });

  it('is read from pyproject.toml, and told which files are missing', async () => {
    const session = await started();
    const text = '[tool.layercost]\nentries = [{ model = "gone.py" }, { model = "none/*.onnx" }]\n';
    const uri = session.open('pyproject.toml', text);
    const problems = await session.diagnostics(uri, 1);
    expect(problems.map(({ code, range }) => [code, range.start.character])).toEqual([
      ['unreadable-file', 21],
      ['no-match', 44],
    ]);
    expect(await session.diagnostics(session.open('a/pyproject.toml', '[project]\n'), 1)).toEqual([]);
  });

  it('is watched where the client can watch', async () => {
    const session = new ServerSession();
    sessions.push(session);
    await session.initialize({ watchedFiles: true });
    const { params } = await session.client.waitFor(
      ({ method, params: given }) =>
        method === 'client/registerCapability' && JSON.stringify(given).includes('didChangeWatchedFiles'),
    );
    expect(JSON.stringify(params)).toContain('**/layercost.json');
  });
});

describe('requests of our own', () => {
  it('layercost/devices lists devices', async () => {
    const session = await started();
    const devices = await session.client.request<readonly { readonly id: string }[]>('layercost/devices');
    expect(devices.map(({ id }) => id)).toContain('rtx-4090');
  });

  it('layercost/report gives the JSON of a Python model by name', async () => {
    const session = await started();
    const uri = session.open('two.py', TWO_MODELS);
    expect(await session.client.request('layercost/report', { uri, entryName: 'Second' })).toMatchObject({
      kind: 'report',
      report: { entry: { name: 'Second' }, totals: { paramCount: 448, macs: 110_592 } },
    });
    expect(await session.client.request('layercost/report', { uri, entryName: 'Third' })).toMatchObject({
      kind: 'problem',
    });
  });

  it('layercost/report reads an ONNX file', async () => {
    const session = await started();
    const uri = session.write('tiny.onnx', readFileSync(path.join(repositoryFolder, 'examples/tiny_cnn.onnx')));
    expect(await session.client.request('layercost/report', { uri })).toMatchObject({
      kind: 'report',
      report: { totals: { paramCount: 5418, macs: 1_622_336 }, outputs: [{ name: 'logits', shape: [1, 10] }] },
    });
  });

  it('says what is wrong with a file that is no ONNX, and with one that is missing', async () => {
    const session = await started();
    const broken = session.write('broken.onnx', 'this is no model');
    for (const uri of [broken, session.uri('missing.onnx')]) {
      const answer = await session.client.request<{ readonly report: { readonly problems: readonly unknown[] } }>(
        'layercost/report',
        { uri },
      );
      expect(answer.report.problems).not.toEqual([]);
    }
  });
});

describe('bad requests', () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ['layercost/report', {}],
    ['layercost/report', null],
    ['layercost/report', { uri: 7 }],
    ['codeLens/resolve', { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }],
    ['layercost/unknown', {}],
  ];

  it.each(bad)('%s %j is refused, and the server lives on', async (method, params) => {
    const session = await started();
    await expect(session.client.request(method, params)).rejects.toThrow();
    expectHints(await session.hints(session.open('two.py', TWO_MODELS)), FIRST_HINTS);
  });

  it('a URI that no file can have is the name of a file that is not there', async () => {
    const session = await started();
    const answer = await session.client.request('layercost/report', { uri: 'file://elsewhere/%E0%A4%A' });
    expect(answer).toMatchObject({ kind: 'problem' });
    expectHints(await session.hints(session.open('two.py', TWO_MODELS)), FIRST_HINTS);
  });

  it('an unknown document has no hints, lenses or hover', async () => {
    const session = await started();
    const textDocument = { uri: session.uri('never-opened.py') };
    expect(await session.hints(textDocument.uri)).toEqual([]);
    expect(await session.client.request('textDocument/codeLens', { textDocument })).toEqual([]);
    const position = { line: 0, character: 0 };
    expect(await session.client.request('textDocument/hover', { textDocument, position })).toBeNull();
  });

  it('a document outside of the file system is analysed by its text', async () => {
    const session = await started();
    const uri = 'untitled:Untitled-1';
    session.client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version: 1, text: TWO_MODELS },
    });
    expectHints(await session.hints(uri), FIRST_HINTS);
  });
});

/**
 * Ways to abuse a language server: what no editor sends, more of it than any editor does, and documents that no analysis
 * gets through. Each begins when it is called; what it returns is settled once every request of it was answered.
 */
import { serverAnswers, type ServerSession } from './serverSession.ts';

export interface Abuse {
  readonly name: string;
  readonly run: (session: ServerSession) => Promise<unknown>;
}

/** How long the flood of edits lasts; half a minute where `LAYERCOST_ABUSE_SECONDS=30` says so. */
const FLOOD_MS = 1000 * Number(process.env['LAYERCOST_ABUSE_SECONDS'] ?? 2);
const EDITS_A_SECOND = 200;

const ENDLESS = 'self.l = nn.ModuleList()\n        for i in range(10 ** 9): self.l.append(nn.Linear(4, 4))';

const RANGE = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };

const NET = `import torch
from torch import nn


# layercost: input=1x4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x)
`;

/** Of messages. */
export const MESSAGE_ABUSES: readonly Abuse[] = [
  {
    name: 'bodies that are not JSON',
    run: (session) => writes(session, ...Array<string>(200).fill(framed('{"jsonrpc": nonsense'))),
  },
  { name: 'bodies that are not messages', run: (session) => writes(session, ...['7', 'null', '[]', '""'].map(framed)) },
  { name: 'headers without a length', run: (session) => writes(session, ...Array<string>(200).fill('X: 1\r\n\r\n')) },
  { name: 'a megabyte without any header', run: (session) => writes(session, 'x'.repeat(2 ** 20), '\r\n\r\n') },
  {
    name: 'a message that is longer than it says',
    run: (session) => writes(session, 'Content-Length: 3\r\n\r\n{"a": 1}'),
  },
  {
    name: 'a message of 70 MB',
    run: (session) => writes(session, `Content-Length: ${70 * 2 ** 20}\r\n\r\n`, Buffer.alloc(70 * 2 ** 20, ' ')),
  },
  {
    name: 'a million brackets',
    run: (session) =>
      writes(session, framed(`{"id": "deep", "method": "x", "params": ${'['.repeat(1e6)}${']'.repeat(1e6)}}`)),
  },
  {
    name: 'URIs that are not text',
    run(session) {
      for (const uri of [7, null, {}, [], true]) {
        notifyDocument(session, 'didOpen', { uri, languageId: 'python', version: 1, text: NET });
        notifyDocument(session, 'didChange', { uri, version: 2 }, { contentChanges: [{ text: '' }] });
        notifyDocument(session, 'didClose', { uri });
        notifyDocument(session, 'didSave', { uri });
        session.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
      }
      return settled([7, null, {}].map((uri) => session.client.request('layercost/report', { uri })));
    },
  },
  {
    name: 'URIs that no file has',
    run(session) {
      const uris = [
        '',
        'file:',
        'file://host/share/net.py',
        'file:///a%2Fb.py',
        'file:///a%00.py',
        'file:///%E0%A4',
        'x:y',
      ];
      for (const uri of uris) notifyDocument(session, 'didOpen', { uri, languageId: 'python', version: 1, text: NET });
      return settled(uris.map((uri) => askHints(session, uri)));
    },
  },
  {
    name: 'parameters of any form',
    run(session) {
      const forms = [undefined, null, 7, 'x', [], {}, { textDocument: 7 }, { textDocument: { uri: 'a' }, range: [] }];
      const methods = ['textDocument/inlayHint', 'textDocument/hover', 'textDocument/codeLens', 'codeLens/resolve'];
      const own = ['textDocument/codeAction', 'workspace/executeCommand', 'layercost/changes', 'layercost/report'];
      return settled(
        [...methods, ...own].flatMap((method) => forms.map((form) => session.client.request(method, form))),
      );
    },
  },
  {
    name: 'the order of messages upside down',
    run(session) {
      const uri = session.uri('order.py');
      notifyDocument(session, 'didClose', { uri });
      notifyDocument(session, 'didChange', { uri, version: 1 }, { contentChanges: [{ text: NET }] });
      session.client.notify('initialized', {});
      for (let time = 0; time < 3; time++) session.open('order.py', NET);
      notifyDocument(session, 'didClose', { uri });
      notifyDocument(session, 'didClose', { uri });
      return settled([session.client.request('initialize', { capabilities: {} }), askHints(session, uri)]);
    },
  },
  {
    name: 'versions that go backwards',
    async run(session) {
      const uri = session.open('backwards.py', NET);
      for (let version = 50; version > -50; version--) {
        const text = NET.replace('nn.Linear(4, 3)', `nn.Linear(4, ${60 + version})`);
        notifyDocument(session, 'didChange', { uri, version }, { contentChanges: [{ text }] });
        void askHints(session, uri).catch(() => undefined);
      }
      // 4·11 + 11
      serverAnswers(await session.hints(uri), ['8: 55 · 44 MACs']);
    },
  },
  {
    name: 'changes beyond the end',
    async run(session) {
      const uri = session.open('beyond.py', NET);
      for (let line = 2 ** 31; line > 2 ** 31 - 50; line--) {
        const range = { start: { line, character: 0 }, end: { line: line + 1, character: 2 ** 31 } };
        notifyDocument(session, 'didChange', { uri, version: 2 }, { contentChanges: [{ range, text: '#\n' }] });
      }
      serverAnswers(await session.hints(uri), ['8: 15 · 12 MACs']);
    },
  },
  {
    name: 'a flood of cancellations',
    run(session) {
      const uri = session.open('cancelled.py', NET);
      const answers = Array.from({ length: 2000 }, () => {
        const { id, answer } = session.client.start('textDocument/inlayHint', { textDocument: { uri }, range: RANGE });
        session.client.notify('$/cancelRequest', { id });
        return answer;
      });
      for (let id = 0; id < 5000; id++) session.client.notify('$/cancelRequest', { id: `never-${id}` });
      return settled(answers);
    },
  },
  {
    name: 'ids that are used again, and answers that nobody asked for',
    run(session) {
      const params = { textDocument: { uri: session.open('ids.py', NET) } };
      const lenses = framed(JSON.stringify({ jsonrpc: '2.0', id: 'again', method: 'textDocument/codeLens', params }));
      const answer = framed(JSON.stringify({ jsonrpc: '2.0', id: 99_999, result: { any: 'thing' } }));
      return writes(session, ...Array<string>(50).fill(lenses), ...Array<string>(50).fill(answer));
    },
  },
  {
    name: '10,000 files that changed',
    run(session) {
      const changes = Array.from({ length: 10_000 }, (_, index) => ({
        uri: session.uri(`changed${index}.py`),
        type: 1,
      }));
      session.client.notify('workspace/didChangeWatchedFiles', { changes });
      return Promise.resolve();
    },
  },
];

/** Of documents, and of their number. */
export const DOCUMENT_ABUSES: readonly Abuse[] = [
  {
    name: '500 open documents',
    run: (session) =>
      settled(Array.from({ length: 500 }, (_, index) => askHints(session, session.open(`net${index}.py`, NET)))),
  },
  {
    name: '2,000 requests at once',
    run(session) {
      const uri = session.open('asked.py', NET);
      return settled(Array.from({ length: 2000 }, () => askHints(session, uri)));
    },
  },
  {
    name: 'a client that reads nothing',
    run(session) {
      session.client.readNothing(true);
      const uri = session.open('unread.py', NET);
      const answers = Array.from({ length: 2000 }, () => askHints(session, uri));
      setTimeout(() => session.client.readNothing(false), 500);
      return settled(answers);
    },
  },
  {
    name: `${EDITS_A_SECOND} edits a second`,
    async run(session) {
      const uri = session.open('typed.py', NET);
      const answers: Promise<unknown>[] = [];
      const end = performance.now() + FLOOD_MS;
      for (let count = 0; performance.now() < end; count++) {
        session.edit(uri, { line: 0, character: 0 }, { line: 0, character: 0 }, count % 40 === 39 ? '#\n' : '#');
        if (count % 10 === 0) answers.push(askHints(session, uri));
        await new Promise((resolve) => setTimeout(resolve, 1000 / EDITS_A_SECOND));
      }
      await settled(answers);
    },
  },
  document('15 endless models', header() + repeated(15, (index) => model(`N${index}`, ENDLESS))),
  {
    name: 'typing beside endless models',
    async run(session) {
      const uri = session.open('typing.py', header() + repeated(15, (index) => model(`N${index}`, ENDLESS)));
      const answers: Promise<unknown>[] = [];
      for (let count = 0; count < 40; count++) {
        session.edit(uri, { line: 0, character: 0 }, { line: 0, character: 0 }, '#\n');
        answers.push(askHints(session, uri), askLenses(session, uri));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await settled(answers);
    },
  },
  {
    name: '20 documents with endless models',
    run: (session) =>
      settled(
        Array.from({ length: 20 }, (_, index) => {
          const uri = session.open(`endless${index}.py`, header() + model(`E${index}`, ENDLESS));
          return askHints(session, uri);
        }),
      ),
  },
  document('an endless top level', `${header()}while True:\n    pass\n${model('N', 'pass')}`),
  {
    name: 'an endless import',
    run(session) {
      session.write('endless_helper.py', 'i = 0\nwhile True:\n    i += 1\n');
      return look(session, session.open('importing.py', `import endless_helper\n${header()}${model('N', 'pass')}`));
    },
  },
  document('40,000 classes', header() + repeated(40_000, (index) => `class C${index}: pass\n`)),
  document('2,000 models', header() + repeated(2000, (index) => model(`N${index}`, 'self.l = nn.Linear(4, 3)'))),
  document('50,000 decorators', `def f(x): return x\n${'@f\n'.repeat(50_000)}def g(): pass\n${NET}`),
  document('a document of 10 MB', NET + 'x = 1\n'.repeat(1_700_000)),
  document('a line of 2 MB', `${NET}y = [${'1,'.repeat(1_000_000)}]\n`),
  document('100,000 brackets', `${NET}y = ${'('.repeat(100_000)}${')'.repeat(100_000)}\n`),
  document('brackets that never close', `${NET}y = ${'['.repeat(100_000)}\n`),
  document(
    'an einsum of 5,000 operands',
    `${header()}${model('N', 'pass', 'return torch.einsum(",".join(["ab"] * 5000) + "->a", *[x] * 5000)')}`,
  ),
  document(
    '200,000 layers',
    `${header()}${model('N', 'self.l = nn.Sequential(*[nn.Linear(4, 4) for _ in range(200000)])')}`,
  ),
  document(
    'lists that grow',
    `${header()}${model('N', 'self.l = [1]\n        while True: self.l = self.l + [list(self.l)] * 100')}`,
  ),
  document('texts that grow', `${header()}${model('N', 's = "ab"\n        while True: s = s + s + str(len(s))')}`),
  document('numbers that grow', `${header()}${model('N', 'n = 3\n        while True: n = n * n')}`),
  document('calls without end', `${header()}def f(n): return f(n + 1) + f(n + 2)\n${model('N', 'f(0)')}`),
  document('a pattern that backtracks', `import re\n${header()}${model('N', 're.match("(a+)+$", "a" * 40 + "b")')}`),
  document(
    'cells in 10 MB of JSON',
    `[${'"|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|",\n'.repeat(160_000)}""]`,
    'cells.json',
  ),
];

function document(name: string, text: string, file = 'abuse.py'): Abuse {
  return {
    name,
    run: (session) => look(session, session.open(file, text, file.endsWith('.json') ? 'json' : 'python')),
  };
}

function header(): string {
  return 'import torch\nfrom torch import nn\n';
}

function model(name: string, init: string, forward = 'return x'): string {
  return `# layercost: input=1x4
class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        ${init}

    def forward(self, x):
        ${forward}

`;
}

function repeated(count: number, textOf: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => textOf(index)).join('');
}

/** What an editor asks of a document that it opened. */
function look(session: ServerSession, uri: string): Promise<unknown> {
  const position = { line: 3, character: 8 };
  return settled([
    askHints(session, uri),
    askLenses(session, uri),
    session.client.request('textDocument/hover', { textDocument: { uri }, position }),
  ]);
}

function askHints(session: ServerSession, uri: unknown): Promise<unknown> {
  return session.client.request('textDocument/inlayHint', { textDocument: { uri }, range: RANGE });
}

function askLenses(session: ServerSession, uri: string): Promise<unknown> {
  return session.client.request('textDocument/codeLens', { textDocument: { uri } });
}

function notifyDocument(session: ServerSession, name: string, textDocument: object, more: object = {}): void {
  session.client.notify(`textDocument/${name}`, { textDocument, ...more });
}

function writes(session: ServerSession, ...bytes: readonly (string | Uint8Array)[]): Promise<void> {
  for (const each of bytes) session.client.write(each);
  return Promise.resolve();
}

function framed(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Answered one way or the other. */
function settled(answers: readonly Promise<unknown>[]): Promise<unknown> {
  return Promise.allSettled(answers);
}

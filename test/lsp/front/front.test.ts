/**
 * Messages of a client in; what the front answers (<), hands to the worker (>) and how it ends the process out. Codes are
 * those of JSON-RPC and LSP: -32700 not JSON, -32600 invalid request, -32602 invalid parameters, -32002 not initialized.
 */
import { expect, it } from 'vitest';
import { createFront, type Front, type FrontWorker, type Message } from '../../../server/src/lsp/front/front.ts';
import type { MessageId } from '../../../server/src/lsp/front/incoming.ts';

interface Talk {
  readonly front: Front;
  readonly log: string[];
}

function talk(): Talk {
  const log: string[] = [];
  const waiting = new Set<MessageId>();
  const worker: FrontWorker = {
    start: () => log.push('> start'),
    request: ({ id, method }) => {
      waiting.add(id);
      log.push(`> ${method} ${id}`);
    },
    isWaiting: (id) => waiting.has(id),
    cancel: (id) => log.push(`> cancel ${id}`),
    notify: (method, params) => log.push(`> ${method} ${JSON.stringify(params)}`),
    respond: (id, answer) => log.push(`> answer ${id} ${JSON.stringify(answer)}`),
  };
  const front = createFront({
    send: (message) => log.push(`< ${sentText(message)}`),
    end: (code) => log.push(`end ${code}`),
    watchClient: (processId) => log.push(`watch ${processId}`),
    worker,
  });
  return { front, log };
}

function sentText({ id, error, result, params }: Message): string {
  if (error !== undefined) return `${JSON.stringify(id)} ${(error as { readonly code: number }).code}`;
  return id === undefined ? JSON.stringify(params) : `${JSON.stringify(id)} ${JSON.stringify(result)}`;
}

/** What comes of messages that follow `initialize` (1). */
function running(...messages: readonly object[]): readonly string[] {
  const { front, log } = talk();
  front.receive(JSON.stringify({ id: 1, method: 'initialize', params: { capabilities: {} } }));
  log.length = 0;
  for (const message of messages) front.receive(JSON.stringify(message));
  return log;
}

const INITIALIZE = { id: 1, method: 'initialize', params: { processId: 7, capabilities: {} } };
const SHUTDOWN = { id: 2, method: 'shutdown' };
const EXIT = { method: 'exit' };

it.each<readonly [what: string, messages: readonly unknown[], log: readonly string[]]>([
  ['starts and ends', [INITIALIZE, SHUTDOWN, EXIT], ['watch 7', '> start', '> initialize 1', '< 2 null', 'end 0']],
  ['exit without shutdown', [INITIALIZE, EXIT], ['watch 7', '> start', '> initialize 1', 'end 1']],
  ['exit before all', [EXIT], ['end 1']],
  ['a request too early', [{ id: 1, method: 'textDocument/codeLens', params: ofUri('a') }], ['< 1 -32002']],
  ['shutdown too early', [SHUTDOWN], ['< 2 -32002']],
  ['a notification too early', [{ method: 'initialized', params: {} }], []],
  ['initialize twice', [INITIALIZE, { ...INITIALIZE, id: 3 }], ['watch 7', '> start', '> initialize 1', '< 3 -32600']],
  ['initialize without an object', [{ ...INITIALIZE, params: 5 }], ['< 1 -32602']],
  [
    'a request, a notification and an answer after shutdown',
    [
      INITIALIZE,
      SHUTDOWN,
      { id: 3, method: 'textDocument/codeLens', params: ofUri('a') },
      SHUTDOWN,
      { method: 'initialized', params: {} },
      { id: 1, result: null },
      EXIT,
    ],
    ['watch 7', '> start', '> initialize 1', '< 2 null', '< 3 -32600', '< 2 -32600', 'end 0'],
  ],
])('%s', (_what, messages, expected) => {
  const { front, log } = talk();
  for (const message of messages) front.receive(JSON.stringify(message));
  expect(log).toEqual(expected);
});

it.each<readonly [messages: readonly unknown[], code: number]>([
  [[], 1],
  [[INITIALIZE], 1],
  [[INITIALIZE, SHUTDOWN], 0],
])('the end of input after %j ends with %i', (messages, code) => {
  const { front, log } = talk();
  for (const message of messages) front.receive(JSON.stringify(message));
  front.inputEnded();
  expect(log.at(-1)).toBe(`end ${code}`);
});

it.each<readonly [text: string, answer: string]>([
  ['', 'null -32700'],
  ['{', 'null -32700'],
  ['7', 'null -32600'],
  ['null', 'null -32600'],
  ['[{"id":1,"method":"shutdown"}]', 'null -32600'],
  ['{"id":1,"method":7}', '1 -32600'],
  ['{"id":{},"method":"shutdown"}', 'null -32600'],
  ['{"id":null,"method":"shutdown"}', 'null -32600'],
  ['{"id":1.5,"method":"shutdown"}', 'null -32600'],
  ['{"id":1,"method":"textDocument/hover","params":"x"}', '1 -32602'],
  ['{"id":1,"method":"what/ever","params":"x"}', '1 -32602'],
])('%s is answered with %s', (text, answer) => {
  const { front, log } = talk();
  front.receive(text);
  expect(log).toEqual([`< ${answer}`]);
});

const PLACE = { line: 0, character: 0 };
const RANGE = { start: PLACE, end: PLACE };

function ofUri(uri: unknown): object {
  return { textDocument: { uri } };
}

function changed(...contentChanges: readonly unknown[]): object {
  return { textDocument: { uri: 'a', version: 2 }, contentChanges };
}

it.each<readonly [method: string, params: unknown, problem: string]>([
  ['textDocument/didOpen', {}, 'expected textDocument to be an object'],
  ['textDocument/didOpen', ofUri(7), 'expected textDocument.uri to be a text'],
  ['textDocument/didChange', ofUri(null), 'expected textDocument.uri to be a text'],
  ['textDocument/didChange', ofUri('a'), 'expected contentChanges to be a list'],
  ['textDocument/didChange', changed({ text: 7 }), 'expected contentChanges[0].text to be a text'],
  ['textDocument/didChange', changed({ text: '', range: null }), 'expected contentChanges[0].range to be an object'],
  [
    'textDocument/didChange',
    changed({ text: '' }, { text: '', range: { start: PLACE, end: { line: -1, character: 0 } } }),
    'expected contentChanges[1].range.end.line to be a whole number from 0 on',
  ],
  ['textDocument/didClose', ofUri([]), 'expected textDocument.uri to be a text'],
  ['textDocument/didSave', undefined, 'expected params to be an object'],
  ['workspace/didChangeWatchedFiles', { changes: [{}] }, 'expected changes[0].uri to be a text'],
  ['workspace/didChangeWatchedFiles', { changes: {} }, 'expected changes to be a list'],
  ['$/cancelRequest', {}, 'expected id to be a whole number or a text'],
])('%s of %j is left out, and said', (method, params, problem) => {
  expect(running({ method, params })).toEqual([
    `< ${JSON.stringify({ type: 2, message: `Layer Cost: a message was left out: ${method}: ${problem}` })}`,
  ]);
});

it.each<readonly [method: string, params: unknown]>([
  ['textDocument/inlayHint', ofUri('a')],
  ['textDocument/inlayHint', { ...ofUri('a'), range: { start: PLACE } }],
  ['textDocument/hover', { ...ofUri('a'), position: { line: 0.5, character: 0 } }],
  ['textDocument/codeLens', undefined],
  ['textDocument/codeAction', { ...ofUri('a'), range: RANGE }],
  ['codeLens/resolve', {}],
  ['workspace/executeCommand', { command: 7 }],
  ['layercost/report', { uri: 7 }],
  ['layercost/changes', { uri: 'a' }],
])('%s of %j has invalid parameters', (method, params) => {
  expect(running({ id: 5, method, params })).toEqual(['< 5 -32602']);
});

it.each<readonly [text: string, isRefused: boolean]>([
  [`{"id":1,"method":"shutdown","params":{"a":"${'[{'.repeat(1000)}\\\\"}}`, false],
  [`{"id":1,"method":"shutdown","params":{"a":"\\"${'['.repeat(1000)}"}}`, false],
  [`{"id":1,"method":"shutdown","params":{"\\\\":${'['.repeat(1000)}${']'.repeat(1000)}}}`, true],
  [`{"id":1,"method":"shutdown","params":[${'[],'.repeat(1000)}[]]}`, false],
])('%.60s…: nested too deeply is %s', (text, isRefused) => {
  const { front, log } = talk();
  front.receive(JSON.stringify(INITIALIZE));
  front.receive(text);
  expect(log.at(-1)).toBe(isRefused ? '< null -32700' : '< 1 null');
});

it('complains no more than twenty times', () => {
  expect(running(...Array<object>(500).fill({ method: 'textDocument/didClose', params: ofUri(7) }))).toHaveLength(20);
});

it('asks a second request under the same id only once the first has its answer', () => {
  const lens = { id: 5, method: 'textDocument/codeLens', params: ofUri('a') };
  expect(running(lens, lens)).toEqual(['> textDocument/codeLens 5', '< 5 -32600']);
});

it('hands on what cancels a request', () => {
  expect(running({ method: '$/cancelRequest', params: { id: 5 } })).toEqual(['> cancel 5']);
});

it('knows what the server knows', () => {
  expect(running({ id: 5, method: 'textDocument/rename', params: {} }, { method: 'what/ever', params: {} })).toEqual([
    '< 5 -32601',
  ]);
});

const OPEN = { method: 'textDocument/didOpen', params: { textDocument: opened('a', 4, 'x = 1\n') } };

function opened(uri: string, version: number, text: string): object {
  return { uri, languageId: 'python', version, text };
}

function change(version: number | null, ...contentChanges: readonly unknown[]): object {
  return { method: 'textDocument/didChange', params: { textDocument: { uri: 'a', version }, contentChanges } };
}

/** Versions and texts that the worker is given. */
function given(log: readonly string[]): readonly string[] {
  return log.flatMap((line) =>
    [...line.matchAll(/"version":(\d+).*?(?:"text":("[^"]*"))/g)].map(([, v, t]) => `${v} ${t}`),
  );
}

it('versions rise, whatever the client calls them', () => {
  const log = running(
    OPEN,
    change(5, { text: 'b' }),
    change(3, { text: 'c' }),
    change(6, { text: 'd' }),
    change(null, { text: 'e' }),
    OPEN,
  );
  expect(given(log)).toEqual(['4 "x = 1\\n"', '5 "b"', '6 "c"', '7 "d"', '8 "e"', '9 "x = 1\\n"']);
});

it('ranges lie in the text', () => {
  const far = { line: 2 ** 31, character: 9 };
  const { front, log } = talk();
  front.receive(JSON.stringify(INITIALIZE));
  front.receive(JSON.stringify(OPEN));
  front.receive(
    JSON.stringify(change(5, { text: 'y = 2\n', range: { start: far, end: { ...far, line: far.line + 1 } } })),
  );
  const end = { line: 1, character: 0 };
  expect(log.at(-1)).toContain(JSON.stringify({ range: { start: end, end }, text: 'y = 2\n' }));
  expect(front.openTexts.all()).toEqual([{ textDocument: opened('a', 5, 'x = 1\ny = 2\n') }]);
});

it('changes and closes of what is not open are left out', () => {
  const close = { method: 'textDocument/didClose', params: ofUri('a') };
  expect(running(change(2, { text: '' }), close)).toEqual([]);
  expect(running(OPEN, change(5), close, close)).toHaveLength(2);
});

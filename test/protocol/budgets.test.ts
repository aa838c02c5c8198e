/**
 * Budgets in the editor, over the bundled server: what a document is told while model and configuration are typed.
 */
import { afterEach, expect, it } from 'vitest';
import { ServerSession, type Diagnostic, type PublishedDiagnostics } from './serverSession.ts';
import { NET } from './smallNet.ts';

const configured = (budget: string): string =>
  `{\n  "entries": [\n    // as deployed\n    { "model": "net.py:Net", "budgets": { "params": ${budget} } },\n  ],\n}\n`;

const sessions: ServerSession[] = [];

async function started(files: Readonly<Record<string, string>>): Promise<ServerSession> {
  const session = new ServerSession();
  sessions.push(session);
  for (const [name, text] of Object.entries(files)) session.write(name, text);
  await session.initialize({ textDocument: { publishDiagnostics: { relatedInformation: true } } });
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** The first list of a document's problems, from the `from`th message on, that is accepted. */
async function published(
  { client }: ServerSession,
  uri: string,
  from: number,
  accept: (diagnostics: readonly Diagnostic[]) => boolean,
): Promise<readonly Diagnostic[]> {
  const { params } = await client.waitFor((item) => {
    if (item.method !== 'textDocument/publishDiagnostics' || client.notifications.indexOf(item) < from) return false;
    const { uri: of, diagnostics } = item.params as PublishedDiagnostics;
    return of === uri && accept(diagnostics);
  });
  return (params as PublishedDiagnostics).diagnostics;
}

const summary = ({ severity, code, range, message }: Diagnostic): string =>
  `${range.start.line} ${severity} ${code} ${message.split('. ')[0] ?? ''}`;

it('marks the model and its costliest layers, and leads to the budget', async () => {
  const session = await started({ 'layercost.json': configured('"40"') });
  const uri = session.open('net.py', NET);
  const found = await session.diagnostics(uri, 1);
  expect(found.map(summary)).toEqual([
    '3 1 budget-params net.py:Net: parameters 46, budget 40: 6 (15 %) over',
    '6 3 budget-params body 36 (78.3 %) of net.py:Net: parameters 46, budget 40: 6 (15 %) over',
    '7 3 budget-params head 10 (21.7 %) of net.py:Net: parameters 46, budget 40: 6 (15 %) over',
  ]);
  expect(found[0]?.relatedInformation?.[0]).toEqual({
    location: {
      uri: session.uri('layercost.json'),
      range: { start: { line: 3, character: 52 }, end: { line: 3, character: 56 } },
    },
    message: 'the budget: 40',
  });
});

it('follows the text of the model, of an unsaved configuration, and of one on disk', async () => {
  const session = await started({ 'layercost.json': configured('["warn", "40"]') });
  const uri = session.open('net.py', NET);
  const [warning] = await session.diagnostics(uri, 1);
  expect(warning?.severity).toBe(2);
  // nn.Linear(8, 4) -> nn.Linear(8, 3): 27 + 10 parameters, and one shape error.
  const version = session.edit(uri, { line: 6, character: 33 }, { line: 6, character: 34 }, '3');
  const edited = await session.diagnostics(uri, version);
  expect(edited.filter(({ code }) => code.startsWith('budget'))).toEqual([]);
  session.edit(uri, { line: 6, character: 33 }, { line: 6, character: 34 }, '4');

  const configuration = session.open('layercost.json', configured('"45"'));
  await published(session, uri, 0, ([first]) => first?.message.includes('budget 45: 1 (2.2 %) over') === true);
  let from = session.client.notifications.length;
  session.edit(configuration, { line: 3, character: 53 }, { line: 3, character: 55 }, '46');
  await published(session, uri, from, (diagnostics) => diagnostics.length === 0);

  from = session.client.notifications.length;
  session.client.notify('textDocument/didClose', { textDocument: { uri: configuration } });
  await published(session, uri, from, ([first]) => first?.severity === 2);
  session.write('layercost.json', configured('"20"'));
  session.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: configuration, type: 2 }] });
  await published(session, uri, from, ([first]) => first?.message.includes('budget 20: 26 (130 %) over') === true);
});

it('reads budgets of pyproject.toml, and of a model that needs an analysis of its own', async () => {
  const text = '[tool.layercost]\nentries = [{ model = "net.py:*", budgets = { macs = "30" } }]\n';
  const session = await started({ 'pyproject.toml': text });
  const uri = session.open('net.py', `${NET}\n\ndef net():\n    return Net()\n`);
  const found = await published(session, uri, 0, (diagnostics) =>
    diagnostics.some(({ range }) => range.start.line > 9),
  );
  expect(found.filter(({ severity }) => severity === 1).map(summary)).toEqual([
    '3 1 budget-macs net.py:Net: MACs 40, budget 30: 10 (33.3 %) over',
    '13 1 budget-macs net.py:net: MACs 40, budget 30: 10 (33.3 %) over',
  ]);
});

it('follows the files that a model imports, open in another editor', async () => {
  const session = await started({ 'layercost.json': configured('"40"').replace('net.py', 'user.py') });
  const user = NET.replace('from torch import nn', 'from torch import nn\nfrom parts import body').replace(
    'nn.Linear(8, 4)',
    'body()',
  );
  const parts = session.open('parts.py', 'from torch import nn\n\n\ndef body():\n    return nn.Linear(8, 4)\n');
  const uri = session.open('user.py', user);
  const [first, ...others] = await session.diagnostics(uri, 1);
  expect(first?.message).toContain('user.py:Net: parameters 46, budget 40');
  // The costliest layer's line is in the other file, and marked in none of this one's.
  expect(others.map(summary)).toEqual([
    '8 3 budget-params head 10 (21.7 %) of user.py:Net: parameters 46, budget 40: 6 (15 %) over',
  ]);
  expect(first?.relatedInformation?.map(({ location }) => location.uri)).toEqual([
    session.uri('layercost.json'),
    parts,
    uri,
  ]);
  const from = session.client.notifications.length;
  session.edit(parts, { line: 4, character: 21 }, { line: 4, character: 22 }, '1');
  // nn.Linear(1, 4): 8 + 10 parameters
  await published(session, uri, from, (diagnostics) => diagnostics.every(({ code }) => code !== 'budget-params'));
});

it('says nothing where diagnostics are switched off', async () => {
  const session = new ServerSession();
  sessions.push(session);
  session.client.configuration = { diagnostics: { enable: false } };
  session.write('layercost.json', configured('"40"'));
  await session.initialize({ configuration: true });
  expect(await session.diagnostics(session.open('net.py', NET), 1)).toEqual([]);
});

/**
 * Code actions on budgets, over the bundled server: what is offered at a place, and the configuration's text after it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import { applyChanges } from '../../server/src/configuration/insertText.ts';
import { repositoryFolder, ServerSession, type Diagnostic, type Range } from './serverSession.ts';
import { NET } from './smallNet.ts';

const CONFIGURED = `{
  "entries": [
    // as deployed
    { "model": "net.py:Net", "budgets": { "params": ["warn", "40"] } }, // 46 now
  ],
}
`;

interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
type DocumentChange =
  | { readonly kind: 'create'; readonly uri: string }
  | {
      readonly kind?: undefined;
      readonly textDocument: { readonly uri: string; readonly version: number | null };
      readonly edits: readonly TextEdit[];
    };
interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly edit?: {
    readonly documentChanges?: readonly DocumentChange[];
    readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  };
}

const EDITS = { documentChanges: true, resourceOperations: ['create'] };

const sessions: ServerSession[] = [];

async function started(files: Readonly<Record<string, string>>, workspaceEdit: object = EDITS): Promise<ServerSession> {
  const session = new ServerSession();
  sessions.push(session);
  for (const [name, text] of Object.entries(files)) session.write(name, text);
  await session.initialize({ workspace: { workspaceEdit } });
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

function actions(
  { client }: ServerSession,
  uri: string,
  line: number,
  diagnostics: readonly Diagnostic[] = [],
): Promise<readonly CodeAction[]> {
  const position = { line, character: 8 };
  const range = { start: position, end: position };
  return client.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics } });
}

/** The text of a file after an action, made where it has to be. */
function textAfter(action: CodeAction | undefined, uri: string, text = ''): string {
  const changes = (action?.edit?.documentChanges ?? []).flatMap((change) =>
    change.kind === undefined && change.textDocument.uri === uri ? change.edits : [],
  );
  const lines = new LineIndex(text);
  return applyChanges(
    text,
    [...changes, ...(action?.edit?.changes?.[uri] ?? [])].map(({ range, newText }) => ({
      start: lines.offset(range.start),
      end: lines.offset(range.end),
      newText,
    })),
  );
}

it('raises a budget that is missed, at the model and at its layers', async () => {
  const session = await started({ 'layercost.json': CONFIGURED });
  const uri = session.open('net.py', NET);
  const problems = await session.diagnostics(uri, 1);
  for (const line of [3, 6]) {
    const here = problems.filter(({ range }) => range.start.line === line);
    const [raise] = await actions(session, uri, line, here);
    expect(raise).toMatchObject({
      title: 'Raise the budget of net.py:Net: parameters 51 (now 46, and 10 %)',
      kind: 'quickfix',
      diagnostics: here,
    });
    const target = session.uri('layercost.json');
    expect(textAfter(raise, target, CONFIGURED)).toBe(CONFIGURED.replace('"40"', '"51"'));
    const [change] = raise?.edit?.documentChanges ?? [];
    expect(change).toMatchObject({ textDocument: { uri: target, version: null } });
  }
  expect(await actions(session, uri, 9, problems)).toHaveLength(1);
  expect(await actions(session, uri, 9)).toEqual([]);
});

it('edits the open buffer in the version that it has', async () => {
  const session = await started({ 'layercost.json': '{}' });
  const configuration = session.open('layercost.json', CONFIGURED);
  const version = session.edit(configuration, { line: 0, character: 1 }, { line: 0, character: 1 }, '\n\n');
  const text = CONFIGURED.replace('{', '{\n\n');
  const uri = session.open('net.py', NET);
  const [raise] = await actions(session, uri, 3, await session.diagnostics(uri, 1));
  expect(raise?.edit?.documentChanges).toMatchObject([{ textDocument: { uri: configuration, version } }]);
  expect(textAfter(raise, configuration, text)).toBe(text.replace('"40"', '"51"'));
});

it('sets budgets that an entry has not, for the selected device', async () => {
  const session = await started({ 'layercost.json': CONFIGURED });
  const uri = session.open('net.py', NET);
  await session.diagnostics(uri, 1);
  const offered = await actions(session, uri, 3);
  expect(offered.map(({ title, kind }) => `${kind}: ${title.replace(/ [\d.]+ (ns|us|B|KiB)/g, ' N $1')}`)).toEqual([
    'refactor.rewrite: Set budgets for Net: MACs 44, peak memory N B, latency on rtx-4090 (roofline) N ns (as now, and 10 %)',
    'refactor.rewrite: Set a budget for Net: MACs 44 (as now, and 10 %)',
    'refactor.rewrite: Set a budget for Net: peak memory N B (as now, and 10 %)',
    'refactor.rewrite: Set a budget for Net: latency on rtx-4090 (roofline) N ns (as now, and 10 %)',
    'source.recordBaseline: Record a baseline of the configured models',
  ]);
  expect(textAfter(offered[1], session.uri('layercost.json'), CONFIGURED)).toBe(
    CONFIGURED.replace('"40"] }', '"40"], "macs": "44" }'),
  );
});

it('sets budgets in TOML, in an entry of its own, and says that a glob is for all', async () => {
  const text = '[tool.layercost]\n# ours\nentries = [{ model = "other.py" }]\n';
  const session = await started({ 'pyproject.toml': text, 'other.py': NET });
  const uri = session.open('net.py', NET);
  const [, params] = await actions(session, uri, 3);
  expect(params?.title).toBe('Set a budget for Net: parameters 51 (as now, and 10 %)');
  const toml = textAfter(params, session.uri('pyproject.toml'), text);
  expect(toml).toBe(text.replace('" }]', '" }, { model = "net.py:Net", input = "1x8", budgets = { params = "51" } }]'));
  session.open('pyproject.toml', '[[tool.layercost.entries]]\nmodel = "*.py:N*"\n');
  const [, glob] = await actions(session, uri, 3);
  expect(glob?.title).toBe('Set a budget for all models of *.py:N*: parameters 51 (as now, and 10 %)');
});

it('makes a first configuration, where the client can', async () => {
  const session = await started({});
  const uri = session.open('net.py', NET);
  const [, params] = await actions(session, uri, 3);
  const made = session.uri('layercost.json');
  expect(params?.edit?.documentChanges?.[0]).toMatchObject({ kind: 'create', uri: made });
  expect(textAfter(params, made)).toBe(
    '{\n  "devices": ["rtx-4090"],\n  "entries": [\n    {\n      "model": "net.py:Net",\n      "input": "1x8",\n      "budgets": { "params": "51" }\n    }\n  ]\n}\n',
  );
  const plain = await started({}, {});
  expect(await actions(plain, plain.open('net.py', NET), 3)).toEqual([]);
});

it('offers nothing in a configuration that is half typed, or of a model that has an error', async () => {
  const session = await started({ 'layercost.json': '{ "entries": [{ "model": "net.py:Net", ' });
  const uri = session.open('net.py', NET);
  expect((await actions(session, uri, 3)).filter(({ kind }) => kind === 'refactor.rewrite')).toEqual([]);
  const broken = session.open('broken.py', NET.replace('nn.Linear(4, 2)', 'nn.Linear(5, 2)'));
  expect((await actions(session, broken, 3)).filter(({ kind }) => kind === 'refactor.rewrite')).toEqual([]);
});

it('records a baseline as the command line does, and says why it cannot', async () => {
  const session = await started({ 'layercost.json': CONFIGURED, 'net.py': NET });
  const uri = session.open('net.py', NET);
  const record = (await actions(session, uri, 3)).find(({ kind }) => kind === 'source.recordBaseline');
  const { command } = record as unknown as { readonly command: object };
  const file = path.join(session.folder, 'layercost-baseline.json');
  const run = (): Promise<unknown> => session.client.request('workspace/executeCommand', command);
  expect(await run()).toEqual({ kind: 'written', file, modelCount: 1 });
  const recorded = readFileSync(file, 'utf8');
  execFileSync(process.execPath, [path.join(repositoryFolder, 'dist/cli.js'), 'baseline', '-o', file], {
    cwd: session.folder,
  });
  expect(readFileSync(file, 'utf8')).toBe(recorded);
  expect(recorded).toContain('"paramCount": 46');

  session.write('net.py', 'class Net:\n    pass\n');
  expect(await run()).toMatchObject({ kind: 'failed', message: expect.stringContaining('net.py:Net') as string });
  const { params } = await session.client.waitFor(
    ({ method, params: given }) => method === 'window/showMessage' && JSON.stringify(given).includes('No baseline'),
  );
  expect(params).toMatchObject({ type: 1 });
  expect(readFileSync(file, 'utf8')).toBe(recorded);
});

it('edits by URI where the client knows no versions', async () => {
  const session = await started({ 'layercost.json': CONFIGURED }, {});
  const uri = session.open('net.py', NET);
  const [raise] = await actions(session, uri, 3, await session.diagnostics(uri, 1));
  expect(textAfter(raise, session.uri('layercost.json'), CONFIGURED)).toBe(CONFIGURED.replace('"40"', '"51"'));
  expect(readFileSync(fileURLToPath(session.uri('layercost.json')), 'utf8')).toBe(CONFIGURED);
});

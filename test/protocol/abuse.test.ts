/**
 * The bundled server under abuse (abuses.ts): it lives, its other document has its right hints meanwhile, every request is
 * answered, and its memory stays below 1 GB where the system tells it (Linux). `node bench/serverAbuse.mjs` measures how
 * long the other document waits. Figures are by hand: 4·n + n parameters, 4·n MACs.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { DOCUMENT_ABUSES, MESSAGE_ABUSES, type Abuse } from './abuses.ts';
import { OtherDocument, ServerSession, serverAnswers } from './serverSession.ts';

const MOST_MEMORY = 2 ** 30;
/** Of a machine that does other things as well. */
const TIME_LIMIT_MS = 180_000;

const sessions: ServerSession[] = [];

async function started(): Promise<ServerSession> {
  const session = new ServerSession();
  sessions.push(session);
  await session.initialize({ workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } });
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function survives(session: ServerSession, other: OtherDocument, { run }: Abuse): Promise<void> {
  await other.check();
  const answered = run(session);
  // While it is under way, and once more after it.
  await other.check();
  await answered;
  await other.check();
  expect(session.peakMemoryBytes() ?? 0).toBeLessThan(MOST_MEMORY);
}

it(
  'survives messages of every kind',
  async () => {
    const session = await started();
    const other = new OtherDocument(session);
    for (const abuse of MESSAGE_ABUSES) await survives(session, other, abuse);
    expect(await session.end()).toBe(0);
  },
  TIME_LIMIT_MS,
);

describe('survives', () => {
  it.each(DOCUMENT_ABUSES)(
    '$name',
    async (abuse) => {
      const session = await started();
      await survives(session, new OtherDocument(session), abuse);
      expect(await session.end()).toBe(0);
    },
    TIME_LIMIT_MS,
  );
});

describe('what takes too long is told', () => {
  it('once the background gave it up, at the name of the model', async () => {
    const session = await started();
    const [endless] = DOCUMENT_ABUSES.filter(({ name }) => name === 'an endless top level');
    await endless?.run(session);
    const { params } = await session.client.waitFor(
      ({ method, params: sent }) =>
        method === 'textDocument/publishDiagnostics' && /Stopped|stopped/.test(JSON.stringify(sent)),
    );
    expect(JSON.stringify(params)).toMatch(/Stopped after|took longer than 5 s/);
  });
});

describe('the end of input', () => {
  const message = (body: object): string => {
    const text = JSON.stringify(body);
    return `Content-Length: ${text.length}\r\n\r\n${text}`;
  };
  const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { capabilities: {} } };
  it.each<readonly [stage: string, written: string, code: number]>([
    ['before anything', '', 1],
    ['in a header', 'Content-Len', 1],
    ['in a message', message(initialize).slice(0, -5), 1],
    ['in a message that is too large', `Content-Length: 1000000000\r\n\r\n{}`, 1],
    ['after initialize', message(initialize), 1],
    ['after a message that is not one', message(initialize) + message([]), 1],
    ['after shutdown', message(initialize) + message({ id: 2, method: 'shutdown' }), 0],
  ])('%s ends the server', async (_stage, written, code) => {
    const session = new ServerSession();
    sessions.push(session);
    session.client.write(written);
    session.client.endInput();
    expect(await session.client.exited).toBe(code);
  });

  it('while an endless model is read ends the server', async () => {
    const session = await started();
    const [endless] = DOCUMENT_ABUSES.filter(({ name }) => name === '15 endless models');
    endless?.run(session).catch(() => undefined);
    await new OtherDocument(session).check();
    session.client.endInput();
    expect(await session.client.exited).toBe(1);
  });

  it('answers nothing after shutdown but refusals', async () => {
    const session = await started();
    await session.client.request('shutdown');
    await expect(session.client.request('layercost/devices')).rejects.toMatchObject({ code: -32600 });
    session.client.notify('exit', undefined);
    expect(await session.client.exited).toBe(0);
  });
});

it('goes on in order where hints were taken for one text and come for another', async () => {
  const session = await started();
  const other = new OtherDocument(session);
  for (let time = 0; time < 5; time++) await other.check();
  serverAnswers(await session.hints(other.uri), [other.expected()]);
});

// What abuse costs others: for each way of test/protocol/abuses.ts, the longest wait of a small other document, which is
// edited and asked for hints again and again, and the peak memory of the server's process. The aims: 1 s and 1 GB.
// `npm run build && node bench/serverAbuse.mjs [PART OF A NAME]`; LAYERCOST_ABUSE_SECONDS=30 for the whole flood of edits.
import { join } from 'node:path';
import { bundle, mib, ms, printTable, root, temporaryFolder } from './support.mjs';

const AIM_MS = 1000;
const AIM_BYTES = 2 ** 30;
/** The other document is asked for so long at least: the background goes on after the answers. */
const WATCHED_MS = 4000;
const PAUSE_MS = 50;

const source = `export * from './test/protocol/abuses.ts'; export * from './test/protocol/serverSession.ts';`;
const { DOCUMENT_ABUSES, MESSAGE_ABUSES, OtherDocument, ServerSession } = await import(
  await bundle(temporaryFolder(), 'abuses', source)
);

const wanted = process.argv[2] ?? '';
const rows = [];
for (const abuse of [...MESSAGE_ABUSES, ...DOCUMENT_ABUSES].filter(({ name }) => name.includes(wanted))) {
  rows.push(await measure(abuse));
  if (process.stdout.isTTY) process.stdout.write('.');
}
console.log();
printTable(['abuse', 'longest wait', 'median', 'peak memory', 'aims', 'restarts'], rows);

async function measure({ name, run }) {
  const session = new ServerSession([join(root, 'dist/server.js'), '--stdio']);
  try {
    await session.initialize({
      workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } },
    });
    const other = new OtherDocument(session);
    await other.check();
    const start = performance.now();
    let isOver = false;
    const answered = run(session).finally(() => (isOver = true));
    const waits = [];
    while (!isOver || performance.now() - start < WATCHED_MS) {
      const asked = performance.now();
      await other.check();
      waits.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await answered;
    const restarts = session.client.notifications.filter(({ params }) => /started anew/.test(params?.message)).length;
    const bytes = session.peakMemoryBytes();
    waits.sort((a, b) => a - b);
    const longest = waits.at(-1);
    const memory = bytes === undefined ? 'not known here' : mib(bytes);
    const holds = longest <= AIM_MS && (bytes ?? 0) <= AIM_BYTES ? 'hold' : 'MISSED';
    return [name, ms(longest), ms(waits[Math.floor(waits.length / 2)]), memory, holds, String(restarts)];
  } catch (error) {
    return [name, 'failed', String(error).split('\n')[0].slice(0, 100), '', 'MISSED', ''];
  } finally {
    session.dispose();
  }
}

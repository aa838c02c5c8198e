/**
 * The language server on Node: `layercost serve --stdio`, and what the editor's client starts. This thread speaks to the
 * client; the server itself runs in a thread beside it (workerMain.ts), so that nothing that it reads can stop the talk.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFront, type Front } from './front/front.ts';
import { frameMessage, MessageFraming } from './front/messageFraming.ts';
import { createServerWorker } from './front/serverWorker.ts';

const folder = path.dirname(fileURLToPath(import.meta.url));
/** Answers that the client did not read yet; beyond it nothing more is asked of the server. */
const MOST_UNREAD_BYTES = 8 * 2 ** 20;
const CLIENT_CHECK_MS = 3000;

let isEnding = false;
let isHeld = false;

// Only stdio: the protocol owns stdout, so nothing else may print there.
const { stdin, stdout } = process;

function send(message: object): void {
  stdout.write(frameMessage(message));
  if (isHeld || stdout.writableLength < MOST_UNREAD_BYTES) return;
  isHeld = true;
  stdin.pause();
  worker.hold(true);
}

const worker = createServerWorker({
  program: path.join(folder, 'serverWorker.js'),
  send,
  openTexts: () => front.openTexts,
});

const front: Front = createFront({
  send,
  worker,
  end(code) {
    if (isEnding) return;
    isEnding = true;
    // What was sent is to arrive, and the worker keeps its compiled code.
    void worker.end().then(() => stdout.write('', () => process.exit(code)));
    setTimeout(() => process.exit(code), 2 * CLIENT_CHECK_MS).unref();
  },
  watchClient(processId) {
    const isGone = (): boolean => {
      try {
        process.kill(processId, 0);
        return false;
      } catch (error) {
        return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
      }
    };
    setInterval(() => {
      if (isGone()) front.inputEnded();
    }, CLIENT_CHECK_MS).unref();
  },
});

const framing = new MessageFraming();
stdin.on('data', (bytes: Buffer) => {
  if (isEnding) return;
  for (const framed of framing.push(bytes)) {
    if (framed.kind === 'message') front.receive(framed.text);
    else front.broken(framed.reason);
  }
});
stdin.on('end', () => front.inputEnded());
stdin.on('error', () => front.inputEnded());
stdout.on('drain', () => {
  if (!isHeld) return;
  isHeld = false;
  stdin.resume();
  worker.hold(false);
});
// Nobody reads any more.
stdout.on('error', () => process.exit(1));

/**
 * Counts the messages of a port that were taken but not looked at, so that no turn begins before them: the connection
 * looks at one message between two turns of the event loop.
 */
import type { MessagePort } from 'node:worker_threads';
import { Message, PortMessageReader, type ConnectionOptions, type DataCallback } from 'vscode-languageserver/node';
import { POSTED, TAKEN } from './front/workerMessages.ts';

export interface CountedMessages {
  readonly reader: PortMessageReader;
  /** For the connection. */
  readonly strategies: ConnectionOptions;
  /** On their way here, or in the connection's queue. */
  readonly areWaiting: () => boolean;
}

export function countMessages(port: MessagePort, counts: Int32Array): CountedMessages {
  let queued = 0;
  const counted = (message: Message): boolean => !isCancellation(message);
  const reader = new PortMessageReader(port);
  const listen = reader.listen.bind(reader);
  reader.listen = (callback: DataCallback) =>
    listen((message) => {
      Atomics.add(counts, TAKEN, 1);
      if (counted(message)) queued++;
      callback(message);
    });
  return {
    reader,
    strategies: {
      // A request stays in the queue until it is its turn, so that every message is looked at once.
      connectionStrategy: { cancelUndispatched: () => undefined },
      messageStrategy: {
        handleMessage(message, next) {
          if (counted(message)) queued--;
          return next(message);
        },
      },
    },
    areWaiting: () => queued > 0 || Atomics.load(counts, POSTED) !== Atomics.load(counts, TAKEN),
  };
}

/** Those that cancel a request which runs are never queued. */
function isCancellation(message: Message): boolean {
  return Message.isNotification(message) && message.method === '$/cancelRequest';
}

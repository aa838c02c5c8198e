/**
 * What the front and the worker that holds the language server say to each other beside LSP's own messages.
 */
import type { MessagePort } from 'node:worker_threads';

/** What the worker is started with. */
export interface ServerWorkerData {
  /** Where LSP's messages pass. */
  readonly port: MessagePort;
  /** See MessageCounts. */
  readonly counts: Int32Array;
  /** URIs of documents that a worker before it did not get through with. */
  readonly burdens: readonly string[];
}

/** Places of the shared counts: messages that the front posted, and those that the worker took. */
export const POSTED = 0;
export const TAKEN = 1;

/** To the worker: are you there; give back memory; wait until the client has read what was sent; end. */
export type ToServerWorker =
  | { readonly kind: 'ping'; readonly number: number }
  | { readonly kind: 'giveBack' }
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  | { readonly kind: 'end' };

/** From it: the answer to a ping; which document it works on from now on. */
export type FromServerWorker =
  { readonly kind: 'pong'; readonly number: number } | { readonly kind: 'worksOn'; readonly uri: string };

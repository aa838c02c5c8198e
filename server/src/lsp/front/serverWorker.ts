/**
 * The worker thread that holds the language server, kept alive by the front: it is started anew where it dies, runs out of
 * memory or does not come back, with the documents and the requests that it had. The document that it worked on is passed
 * on as a burden: the next one leaves it to the background.
 */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { InitializeParams } from 'vscode-languageserver';
import { ErrorCodes } from './errorCodes.ts';
import type { FrontWorker, Message } from './front.ts';
import { isObject, type Incoming, type MessageId } from './incoming.ts';
import { uriOf, type OpenTexts } from './openTexts.ts';
import { RequestLanes } from './requestLanes.ts';
import { createWatch } from './watch.ts';
import { POSTED, type FromServerWorker, type ServerWorkerData, type ToServerWorker } from './workerMessages.ts';

type Request = Extract<Incoming, { readonly kind: 'request' }>;

export interface ServerWorkerHost {
  /** The worker's program. */
  readonly program: string;
  /** To the client. */
  readonly send: (message: Message) => void;
  readonly openTexts: () => OpenTexts;
}

export interface ServerWorker extends FrontWorker {
  /** While the client does not read what was sent, no more is made. */
  readonly hold: (isHeld: boolean) => void;
  /** Resolves when it ended, or does not within a moment. */
  readonly end: () => Promise<void>;
}

/** Of JavaScript's heap; what the threads beside it take is in backgroundWorker.ts and baseWorker.ts. */
const HEAP_MB = 400;
const END_LIMIT_MS = 500;
/** A request that ends a worker twice is not asked a third time. */
const MOST_TRIES = 2;
/** Deaths in a row that are answered at once; then there is a pause, which grows. */
const QUICK_RESTARTS = 3;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const QUIET_MS = 60_000;

interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly counts: Int32Array;
}

export function createServerWorker({ program, send, openTexts }: ServerWorkerHost): ServerWorker {
  let initialParams: InitializeParams | undefined;
  let isInitialized = false;
  let running: Running | undefined;
  let isEnding = false;
  let generation = 0;
  let deaths: readonly number[] = [];
  /** What it works on, or was told of last. */
  let presentUri: string | undefined;
  const burdens = new Set<string>();
  const waiting = new Map<MessageId, { readonly request: Request; wasPassed: boolean; tries: number }>();
  /** The worker's requests to the client, under ids of ours: a new worker counts from the start. */
  const asked = new Map<MessageId, { readonly generation: number; readonly id: unknown }>();
  let lastAskedId = 0;

  const lanes = new RequestLanes<Request>(postRequest);

  const watch = createWatch({
    ping: (number) => tell({ kind: 'ping', number }),
    giveBack: () => tell({ kind: 'giveBack' }),
    isBusy: () => waiting.size > 0,
    othersWait: () => [...waiting.values()].some(({ request }) => uriOf(request.params) !== presentUri),
    stop: () => void running?.worker.terminate(),
  });

  function tell(message: ToServerWorker): void {
    running?.worker.postMessage(message);
  }

  function launch(): void {
    if (isEnding) return;
    const { port1, port2 } = new MessageChannel();
    const counts = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const workerData: ServerWorkerData = { port: port2, counts, burdens: [...burdens] };
    const worker = new Worker(program, {
      workerData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const started: Running = { worker, port: port1, counts };
    const own = ++generation;
    let reason = 'it ended';
    port1.on('message', (message: unknown) => {
      if (running === started && isObject(message)) receive(message, own);
    });
    worker.on('message', (message: FromServerWorker) => {
      if (running !== started) return;
      if (message.kind === 'pong') watch.pong(message.number);
      else presentUri = message.uri;
    });
    worker.on('error', (error) => (reason = error.message));
    worker.on('exit', () => {
      port1.close();
      if (running !== started) return;
      running = undefined;
      if (!isEnding) died(reason);
    });
    running = started;
    watch.started();
  }

  function died(reason: string): void {
    if (presentUri !== undefined) burdens.add(presentUri);
    log(`the analysis was started anew, as ${reason}${presentUri === undefined ? '' : ` while it read ${presentUri}`}`);
    for (const [id, entry] of waiting) {
      if (!entry.wasPassed || ++entry.tries < MOST_TRIES) continue;
      settle(id);
      refuse(id, 'Layer Cost: the analysis broke; see the output channel');
    }
    const now = performance.now();
    deaths = [...deaths.filter((time) => now - time < QUIET_MS), now];
    const over = deaths.length - QUICK_RESTARTS;
    const pauseMs = over <= 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** over);
    setTimeout(restart, pauseMs);
  }

  function restart(): void {
    if (running !== undefined || isEnding) return;
    launch();
    if (initialParams === undefined) return;
    const wasAnswered = ![...waiting.values()].some(({ request }) => request.method === 'initialize');
    // Nobody waits for this answer: no request has the id.
    if (wasAnswered) post({ jsonrpc: '2.0', id: `again-${generation}`, method: 'initialize', params: initialParams });
    const requests = [...waiting.values()].flatMap(({ request, wasPassed }) => (wasPassed ? request : []));
    for (const request of requests) if (request.method === 'initialize') postRequest(request);
    if (isInitialized) post({ jsonrpc: '2.0', method: 'initialized', params: {} });
    for (const params of openTexts().all()) post({ jsonrpc: '2.0', method: 'textDocument/didOpen', params });
    for (const request of requests) if (request.method !== 'initialize') postRequest(request);
  }

  function receive(message: Message, from: number): void {
    const { id, method } = message;
    if (method === undefined) {
      // An answer has the id of a request of the client.
      if (settle(id as MessageId)) send(message);
    } else if (id === undefined) send(message);
    else if (method === 'client/registerCapability' && from > 1) {
      // The client knows since the first one.
      post({ jsonrpc: '2.0', id, result: null });
    } else {
      asked.set(++lastAskedId, { generation: from, id });
      send({ ...message, id: lastAskedId });
    }
  }

  /** False where it could not be passed on. */
  function post(message: Message): boolean {
    if (running === undefined) return true;
    try {
      running.port.postMessage(message);
    } catch (error) {
      log(`a message could not be passed on: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
    Atomics.add(running.counts, POSTED, 1);
    watch.posted();
    return true;
  }

  function postRequest({ id, method, params }: Request): void {
    const entry = waiting.get(id);
    if (entry !== undefined) entry.wasPassed = true;
    if (post({ jsonrpc: '2.0', id, method, params })) return;
    settle(id);
    refuse(id, 'Layer Cost: the request could not be passed on');
  }

  /** False where no such request waits. */
  function settle(id: MessageId): boolean {
    const wasWaiting = waiting.delete(id);
    if (wasWaiting) lanes.done(id);
    return wasWaiting;
  }

  function refuse(id: MessageId, message: string): void {
    send({ jsonrpc: '2.0', id, error: { code: ErrorCodes.InternalError, message } });
  }

  function log(message: string): void {
    send({ jsonrpc: '2.0', method: 'window/logMessage', params: { type: 2, message: `Layer Cost: ${message}` } });
  }

  // While the client says who it is, the worker reads its program.
  launch();
  return {
    start: (params) => (initialParams = params),
    request(request) {
      waiting.set(request.id, { request, wasPassed: false, tries: 0 });
      lanes.add(request.id, uriOf(request.params) ?? request.method, request);
    },
    cancel(id) {
      if (!waiting.has(id)) return;
      if (lanes.cancel(id)) {
        waiting.delete(id);
        send({
          jsonrpc: '2.0',
          id,
          error: { code: ErrorCodes.RequestCancelled, message: 'the request was cancelled' },
        });
      } else post({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } });
    },
    isWaiting: (id) => waiting.has(id),
    notify(method, params) {
      if (method === 'initialized') isInitialized = true;
      if (method === 'textDocument/didOpen' || method === 'textDocument/didChange') {
        const uri = uriOf(params);
        // Another text may be another burden.
        if (uri !== undefined) burdens.delete(uri);
        presentUri ??= uri;
      }
      post({ jsonrpc: '2.0', method, params });
    },
    respond(id, answer) {
      const question = asked.get(id);
      asked.delete(id);
      if (question?.generation === generation) post({ jsonrpc: '2.0', id: question.id, ...answer });
    },
    hold: (isHeld) => tell({ kind: 'hold', isHeld }),
    end() {
      isEnding = true;
      const ended = running?.worker;
      if (ended === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        ended.once('exit', () => resolve());
        tell({ kind: 'end' });
        setTimeout(resolve, END_LIMIT_MS);
      });
    },
  };
}

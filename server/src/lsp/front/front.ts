/**
 * The front of the server: takes the client's messages one by one, answers what is about the life of the server, and
 * hands the rest on. It does no work of its own, so that it can always answer; the order that LSP wants is kept here:
 * `initialize` first and once, nothing after `shutdown` but `exit`.
 */
import type { DidChangeTextDocumentParams, DidOpenTextDocumentParams, InitializeParams } from 'vscode-languageserver';
import { ErrorCodes } from './errorCodes.ts';
import { readIncoming, type Incoming, type MessageId, type ResponseContent } from './incoming.ts';
import { OpenTexts } from './openTexts.ts';
import { isKnownMethod } from './paramsProblem.ts';

/** A message of JSON-RPC. */
export type Message = Readonly<Record<string, unknown>>;

export interface FrontHost {
  /** To the client. */
  readonly send: (message: Message) => void;
  /** Ends the process. */
  readonly end: (code: number) => void;
  readonly worker: FrontWorker;
  /** Ends the server where this process is gone. */
  readonly watchClient: (processId: number) => void;
}

/** Who does the work: see serverWorker.ts. */
export interface FrontWorker {
  readonly start: (params: InitializeParams) => void;
  readonly request: (request: Extract<Incoming, { readonly kind: 'request' }>) => void;
  /** False where no such request is waiting. */
  readonly isWaiting: (id: MessageId) => boolean;
  readonly cancel: (id: MessageId) => void;
  readonly notify: (method: string, params: unknown) => void;
  readonly respond: (id: MessageId, answer: ResponseContent) => void;
}

export interface Front {
  readonly receive: (text: string) => void;
  readonly broken: (reason: string) => void;
  /** The client sends nothing any more. */
  readonly inputEnded: () => void;
  readonly openTexts: OpenTexts;
}

/** Lines in the client's log about messages that make no sense. */
const MOST_COMPLAINTS = 20;

export function createFront({ send, end, worker, watchClient }: FrontHost): Front {
  const openTexts = new OpenTexts();
  let state: 'new' | 'running' | 'shutDown' = 'new';
  let complaintCount = 0;

  const refuse = (id: MessageId | null, code: number, message: string): void =>
    send({ jsonrpc: '2.0', id, error: { code, message } });
  const exitCode = (): number => (state === 'shutDown' ? 0 : 1);

  function complain(reason: string): void {
    if (++complaintCount > MOST_COMPLAINTS) return;
    send({ jsonrpc: '2.0', method: 'window/logMessage', params: { type: 2, message: `Layer Cost: ${reason}` } });
  }

  function request(incoming: Extract<Incoming, { readonly kind: 'request' }>): void {
    const { id, method, params } = incoming;
    if (state === 'shutDown') {
      refuse(id, ErrorCodes.InvalidRequest, 'the server was shut down');
      return;
    }
    if (method === 'initialize') {
      if (state !== 'new') {
        refuse(id, ErrorCodes.InvalidRequest, 'the server was initialized before');
        return;
      }
      state = 'running';
      // Their form was checked, and what may be left out is put in.
      const given = params as Partial<InitializeParams>;
      if (typeof given.processId === 'number') watchClient(given.processId);
      const whole = { rootUri: null, ...given, processId: null, capabilities: given.capabilities ?? {} };
      worker.start(whole);
      worker.request({ ...incoming, params: whole });
      return;
    }
    if (state === 'new') {
      refuse(id, ErrorCodes.ServerNotInitialized, 'expected "initialize" first');
      return;
    }
    if (method === 'shutdown') {
      state = 'shutDown';
      send({ jsonrpc: '2.0', id, result: null });
      return;
    }
    if (!isKnownMethod(method)) {
      refuse(id, ErrorCodes.MethodNotFound, 'the method is not known');
      return;
    }
    if (worker.isWaiting(id)) {
      refuse(id, ErrorCodes.InvalidRequest, `the request ${id} has no answer yet`);
      return;
    }
    worker.request(incoming);
  }

  function notification(method: string, params: unknown): void {
    if (method === 'exit') {
      end(exitCode());
      return;
    }
    if (state !== 'running' || !isKnownMethod(method)) return;
    switch (method) {
      // The forms of all these were checked.
      case 'textDocument/didOpen': {
        worker.notify(method, openTexts.open(params as DidOpenTextDocumentParams));
        return;
      }
      case 'textDocument/didChange': {
        const changed = openTexts.change(params as DidChangeTextDocumentParams);
        if (changed !== undefined) worker.notify(method, changed);
        return;
      }
      case 'textDocument/didClose': {
        const { textDocument } = params as { readonly textDocument: { readonly uri: string } };
        if (openTexts.close(textDocument.uri)) worker.notify(method, params);
        return;
      }
      case '$/cancelRequest':
        worker.cancel((params as { readonly id: MessageId }).id);
        return;
      default:
        worker.notify(method, params);
    }
  }

  return {
    openTexts,
    receive(text) {
      const incoming = readIncoming(text);
      switch (incoming.kind) {
        case 'request': {
          request(incoming);
          return;
        }
        case 'notification': {
          notification(incoming.method, incoming.params);
          return;
        }
        case 'response':
          if (state === 'running') worker.respond(incoming.id, incoming.answer);
          return;
        case 'invalid': {
          refuse(incoming.id, incoming.code, incoming.reason);
          return;
        }
        case 'dropped': {
          complain(`a message was left out: ${incoming.reason}`);
          return;
        }
      }
    },
    broken: (reason) => refuse(null, ErrorCodes.ParseError, reason),
    inputEnded: () => end(exitCode()),
  };
}

/**
 * What the client's messages are: '{"id":1,"method":"shutdown"}' -> a request. What is not a message of JSON-RPC, or whose
 * parameters do not have the form that LSP gives them, is told apart here; nothing behind it has to look again.
 */
import { ErrorCodes } from './errorCodes.ts';
import { isNestedTooDeeply } from './nesting.ts';
import { paramsProblem } from './paramsProblem.ts';

export type MessageId = number | string;

export type Incoming =
  | { readonly kind: 'request'; readonly id: MessageId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'response'; readonly id: MessageId; readonly answer: ResponseContent }
  /** To be answered with an error where `id` is one; null where it could not be read. */
  | { readonly kind: 'invalid'; readonly id: MessageId | null; readonly code: number; readonly reason: string }
  /** A notification, which has no answer. */
  | { readonly kind: 'dropped'; readonly reason: string };

export type ResponseContent = { readonly result: unknown } | { readonly error: object };

export function readIncoming(text: string): Incoming {
  if (isNestedTooDeeply(text)) return invalid(null, ErrorCodes.ParseError, 'the message is nested too deeply');
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return invalid(
      null,
      ErrorCodes.ParseError,
      `the message is not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
  if (!isObject(message)) return invalid(null, ErrorCodes.InvalidRequest, 'the message is not an object');
  const { id, method, params } = message;
  const knownId = isId(id) ? id : null;
  if (method === undefined) return readResponse(knownId, message);
  if (typeof method !== 'string') return invalid(knownId, ErrorCodes.InvalidRequest, '"method" is not a text');
  const isNotification = id === undefined;
  if (!isNotification && knownId === null) {
    return invalid(null, ErrorCodes.InvalidRequest, '"id" is neither a whole number nor a text');
  }
  const problem = paramsProblem(method, params);
  if (knownId === null) {
    return problem === undefined
      ? { kind: 'notification', method, params }
      : { kind: 'dropped', reason: `${shortened(method)}: ${problem}` };
  }
  if (problem !== undefined) return invalid(knownId, ErrorCodes.InvalidParams, `${shortened(method)}: ${problem}`);
  return { kind: 'request', id: knownId, method, params };
}

function readResponse(id: MessageId | null, message: Readonly<Record<string, unknown>>): Incoming {
  if (id === null) return { kind: 'dropped', reason: 'a message without "method" and "id"' };
  const { result, error } = message;
  return { kind: 'response', id, answer: isObject(error) ? { error } : { result: result ?? null } };
}

function invalid(id: MessageId | null, code: number, reason: string): Incoming {
  return { kind: 'invalid', id, code, reason };
}

function isId(value: unknown): value is MessageId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

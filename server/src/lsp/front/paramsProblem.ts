/**
 * Whether parameters have the form that LSP, or protocol.ts, gives them:
 * paramsProblem('textDocument/didClose', { textDocument: { uri: 7 } }) -> "expected textDocument.uri to be a text".
 * Methods that are not listed pass: they are not known, and nobody reads what comes with them.
 */
import { CHANGES_REQUEST, DEVICES_REQUEST, REPORT_REQUEST } from '../protocol.ts';

/** What is wrong with a value, told by the name of its place; undefined where it fits. */
type Check = (value: unknown, place: string) => string | undefined;

const text = leaf('a text', (value) => typeof value === 'string');
const anyObject = leaf('an object', isRecord);
const integer = leaf('a whole number', (value) => Number.isSafeInteger(value));
const position = fields({
  line: leaf('a whole number from 0 on', isPlace),
  character: leaf('a whole number from 0 on', isPlace),
});
const range = fields({ start: position, end: position });
const document = fields({ uri: text });
const ofDocument = fields({ textDocument: document });

const anything: Check = () => undefined;

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'initialize',
    fields({
      processId: optional(integer),
      capabilities: optional(anyObject),
      workspaceFolders: optional(listOf(document)),
    }),
  ],
  ['textDocument/didOpen', fields({ textDocument: fields({ uri: text, languageId: text, version: integer, text }) })],
  [
    'textDocument/didChange',
    fields({
      textDocument: fields({ uri: text, version: optional(integer) }),
      contentChanges: listOf(fields({ text, range: absentOr(range), rangeLength: absentOr(integer) })),
    }),
  ],
  ['textDocument/didClose', ofDocument],
  ['textDocument/didSave', ofDocument],
  ['textDocument/inlayHint', fields({ textDocument: document, range })],
  ['textDocument/hover', fields({ textDocument: document, position })],
  ['textDocument/codeLens', ofDocument],
  ['codeLens/resolve', fields({ range })],
  ['textDocument/codeAction', fields({ textDocument: document, range, context: anyObject })],
  ['workspace/executeCommand', fields({ command: text, arguments: optional(listOf(anything)) })],
  ['workspace/didChangeWatchedFiles', fields({ changes: listOf(document) })],
  ['workspace/didChangeConfiguration', anyObject],
  ['initialized', anything],
  ['shutdown', anything],
  ['exit', anything],
  ['$/setTrace', anything],
  [DEVICES_REQUEST, anything],
  ['$/cancelRequest', fields({ id: leaf('a whole number or a text', isId) })],
  [REPORT_REQUEST, fields({ uri: text, entryName: optional(text) })],
  [CHANGES_REQUEST, fields({ uri: text, entryName: text })],
]);

/** Whether the server does something with it. */
export function isKnownMethod(method: string): boolean {
  return CHECKS.has(method);
}

export function paramsProblem(method: string, params: unknown): string | undefined {
  const check = CHECKS.get(method);
  if (check !== undefined) return check(params, 'params');
  return params === undefined || params === null || typeof params === 'object'
    ? undefined
    : 'expected params to be an object or a list';
}

function leaf(what: string, holds: (value: unknown) => boolean): Check {
  return (value, place) => (holds(value) ? undefined : `expected ${place} to be ${what}`);
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (value, place) => {
    if (!isRecord(value)) return `expected ${place} to be an object`;
    const prefix = place === 'params' ? '' : `${place}.`;
    for (const [name, check] of entries) {
      const problem = check(value[name], `${prefix}${name}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function listOf(check: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return `expected ${place} to be a list`;
    for (const [index, item] of value.entries()) {
      const problem = check(item, `${place}[${index}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** Absent and null are the same. */
function optional(check: Check): Check {
  return (value, place) => (value === undefined || value === null ? undefined : check(value, place));
}

function absentOr(check: Check): Check {
  return (value, place) => (value === undefined ? undefined : check(value, place));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isId(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

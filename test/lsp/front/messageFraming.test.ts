/** Bytes in, whole messages and complaints out; however the bytes are cut, the result is the same. */
import { describe, expect, it } from 'vitest';
import { frameMessage, MessageFraming } from '../../../server/src/lsp/front/messageFraming.ts';

const MOST_BYTES = 100;

function framed(bytes: Buffer, sliceLength: number): readonly string[] {
  const framing = new MessageFraming(MOST_BYTES);
  const found: string[] = [];
  for (let start = 0; start < bytes.length; start += sliceLength) {
    for (const item of framing.push(bytes.subarray(start, start + sliceLength))) {
      found.push(item.kind === 'message' ? item.text : `! ${item.reason}`);
    }
  }
  return found;
}

const message = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const LARGE = 'x'.repeat(MOST_BYTES + 1);

const CASES: readonly (readonly [bytes: string, found: readonly string[]])[] = [
  ['', []],
  [message('{}'), ['{}']],
  [message('{}') + message('[1]'), ['{}', '[1]']],
  [message('"ü"'), ['"ü"']],
  [`Content-Type: application/json; charset=utf-8\r\n${message('{}')}`, ['{}']],
  [`content-length:2\r\nX: y\r\n\r\n{}`, ['{}']],
  [message(''), ['']],
  ['Content-Length: 10\r\n\r\n{}', []],
  [`X: y\r\n\r\n${message('{}')}`, ['! a header without "Content-Length"', '{}']],
  [`Content-Length: none\r\n\r\n${message('{}')}`, ['! a header without "Content-Length"', '{}']],
  [`Content-Length: -1\r\n\r\n${message('{}')}`, ['! a header without "Content-Length"', '{}']],
  // A message that is longer than it said: its rest stands before the next header.
  [`Content-Length: 1\r\n\r\n{}rest${message('{}')}`, ['{', '{}']],
  [message(LARGE) + message('{}'), ['! a message of 101 bytes; up to 100 are read', '{}']],
];

describe.each([1, 7, 10_000])('in slices of %i bytes', (sliceLength) => {
  it.each(CASES)('%j', (bytes, found) => {
    expect(framed(Buffer.from(bytes), sliceLength)).toEqual(found);
  });

  it('drops what has no header at all, and goes on at the next one', () => {
    const bytes = Buffer.concat([Buffer.alloc(20_000, 'x'), Buffer.from(`\r\n\r\n${message('{}')}`)]);
    const found = framed(bytes, sliceLength);
    expect(found.at(-1)).toBe('{}');
    expect(found.slice(0, -1).every((item) => item.startsWith('! '))).toBe(true);
  });
});

it('frames what it reads', () => {
  expect(framed(frameMessage({ text: 'ü' }), 3)).toEqual(['{"text":"ü"}']);
});

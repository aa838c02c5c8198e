/**
 * Safetensors: good bytes as numbers, bad bytes as a message, never an exception.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../server/src/predictor/crc32.ts';
import { halfToNumber, readSafetensors } from '../../server/src/predictor/safetensors.ts';
import { writeSafetensors } from './writeSafetensors.ts';

const tensors = new Map([
  ['a', { shape: [2, 3], values: Float32Array.of(0, 1, -2, 0.5, 1024, -0.25) }],
  ['b.c', { shape: [], values: Float32Array.of(65_504) }],
  ['none', { shape: [0, 7], values: new Float32Array(0) }],
]);

it.each(['F32', 'F16'] as const)('reads %s', (dtype) => {
  expect(readSafetensors(writeSafetensors(tensors, dtype))).toEqual({
    kind: 'tensors',
    tensors,
    metadata: new Map([['format', 'pt']]),
  });
});

it('reads halves of every kind', () => {
  expect([0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x8000].map(halfToNumber)).toEqual([
    1,
    -2,
    2 ** -24,
    1023 * 2 ** -24,
    65_504,
    Infinity,
    -Infinity,
    -0,
  ]);
  expect(halfToNumber(0x7e00)).toBeNaN();
});

function withHeader(header: unknown, dataBytes = 24): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

const entry = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] };

it.each([
  [new Uint8Array(3), 'the file has 3 bytes, too few for a header'],
  [new Uint8Array(8).fill(255), 'the header should have 18446744073709552000 bytes, in a file of 8'],
  [withHeader('{"a": '), 'the header is no JSON object'],
  [withHeader([]), 'the header is no JSON object'],
  [withHeader({ a: 3 }), 'tensor "a": its entry is no JSON object'],
  [withHeader({ a: { ...entry, dtype: 'I64' } }), 'tensor "a": numbers of type "I64" are not read, only F32 and F16'],
  [withHeader({ a: { ...entry, shape: [2, -3] } }), 'tensor "a": its shape is [2,-3]'],
  [withHeader({ a: { ...entry, data_offsets: [0] } }), 'tensor "a": its data_offsets are [0]'],
  [withHeader({ a: { ...entry, shape: [2, 4] } }), 'tensor "a": 24 bytes for 8 numbers of type F32'],
  [withHeader({ a: entry }, 20), 'tensor "a": its bytes end at 89, the file at 85'],
  [
    withHeader({ a: { ...entry, shape: [2 ** 40, 2 ** 40] } }),
    'tensor "a": 24 bytes for 1.2089258196146292e+24 numbers of type F32',
  ],
])('says what is wrong with bad bytes', (bytes, message) => {
  expect(readSafetensors(bytes)).toEqual({ kind: 'problem', message });
});

it('never throws on damaged files', () => {
  const good = writeSafetensors(tensors);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
      const bytes = good.slice(0, length);
      if (at < length) bytes[at] = byte;
      expect(['tensors', 'problem']).toContain(readSafetensors(bytes).kind);
    }),
    { numRuns: 500 },
  );
});

it('sums as zlib does', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926');
  expect(crc32(new Uint8Array(0))).toBe('00000000');
});

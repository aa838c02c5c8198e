/** Offsets to lines and back. */
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';

describe('LineIndex', () => {
  const index = new LineIndex('ab\ncd\r\ne\r\rf');

  it('counts lines that end with \\n, \\r\\n or \\r', () => {
    expect(index.lineCount).toBe(5);
    expect([0, 1, 2, 3, 4].map((line) => index.lineStart(line))).toEqual([0, 3, 7, 9, 10]);
  });

  const places: readonly (readonly [number, number, number])[] = [
    [0, 0, 0],
    [2, 0, 2],
    [4, 1, 1],
    [7, 2, 0],
    [9, 3, 0],
    [11, 4, 1],
  ];
  it.each(places)('offset %i is line %i, character %i', (offset, line, character) => {
    expect(index.position(offset)).toEqual({ line, character });
    expect(index.offset({ line, character })).toBe(offset);
  });

  it('keeps places past the end inside the text', () => {
    expect(index.offset({ line: 99, character: 0 })).toBe(11);
    expect(index.offset({ line: 4, character: 99 })).toBe(11);
    expect(index.offset({ line: 0, character: 99 })).toBe(2);
    expect(index.offset({ line: 1, character: 99 })).toBe(5);
  });
});

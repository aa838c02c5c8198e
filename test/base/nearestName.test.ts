/** What a mistyped name may have meant. Distances were counted by hand. */
import { expect, it } from 'vitest';
import { editDistance, nearestName } from '../../server/src/base/nearestName.ts';

it.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['form', 'from', 1],
  ['params', 'param', 1],
])('%s and %s are %i apart', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

it.each([
  ['entires', 'entries'],
  ['PARAMS', 'params'],
  ['prams', 'params'],
  ['xyz', undefined],
  ['p', undefined],
  ['a'.repeat(1_000_000), undefined],
])('%.20s', (name, wanted) => {
  expect(nearestName(name, ['params', 'macs', 'entries'])).toBe(wanted);
});

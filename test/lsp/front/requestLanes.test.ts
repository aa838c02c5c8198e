/** Requests in, "id of document"; what reaches the worker out, and in which order. */
import { expect, it } from 'vitest';
import { RequestLanes } from '../../../server/src/lsp/front/requestLanes.ts';

function lanes(): { readonly passed: string[]; readonly lanes: RequestLanes<string> } {
  const passed: string[] = [];
  return { passed, lanes: new RequestLanes((request) => passed.push(request)) };
}

it('passes eight of a document at once, and the next with each answer', () => {
  const { passed, lanes: all } = lanes();
  for (let id = 1; id <= 20; id++) all.add(id, 'a', `${id} of a`);
  expect(passed).toHaveLength(8);
  all.add('b1', 'b', 'b1 of b');
  expect(passed.at(-1)).toBe('b1 of b');
  all.done(3);
  expect(passed.at(-1)).toBe('9 of a');
  for (let id = 1; id <= 20; id++) all.done(id);
  expect(passed).toHaveLength(21);
});

it('cancels what was not passed', () => {
  const { passed, lanes: all } = lanes();
  for (let id = 1; id <= 10; id++) all.add(id, 'a', `${id} of a`);
  expect([8, 9, 10, 10, 11].map((id) => all.cancel(id))).toEqual([false, true, true, false, false]);
  for (let id = 1; id <= 8; id++) all.done(id);
  expect(passed).toHaveLength(8);
});

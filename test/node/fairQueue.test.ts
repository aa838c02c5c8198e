/** Work as "owner item" in, the order in which it is handed out; what each owner takes is charged, in milliseconds. */
import { expect, it } from 'vitest';
import { FairQueue } from '../../server/src/node/fairQueue.ts';

function order(work: readonly string[], costs: Readonly<Record<string, number>> = {}): string {
  const queue = new FairQueue<string>(() => 0);
  for (const each of work) {
    const [owner = '', item = ''] = each.split(' ');
    queue.add(owner, item);
  }
  const found: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    found.push(`${next.owner}${next.item}`);
    queue.charge(next.owner, costs[next.owner] ?? 0);
  }
  return found.join(' ');
}

it.each<readonly [what: string, work: readonly string[], costs: Readonly<Record<string, number>>, order: string]>([
  ['one owner keeps its order', ['a 1', 'a 2', 'a 3'], {}, 'a1 a2 a3'],
  ['among equals the last one to ask is the first', ['a 1', 'b 1', 'c 1'], {}, 'c1 b1 a1'],
  ['small costs are equal', ['a 1', 'b 1', 'b 2', 'b 3'], { a: 1, b: 20 }, 'b1 b2 b3 a1'],
  ['who had much waits for who had less', ['a 1', 'a 2', 'b 1', 'b 2', 'b 3'], { a: 10, b: 300 }, 'b1 a1 a2 b2 b3'],
  ['two who take much take turns', ['a 1', 'a 2', 'b 1', 'b 2'], { a: 300, b: 300 }, 'b1 a1 b2 a2'],
])('%s', (_what, work, costs, expected) => {
  expect(order(work, costs)).toBe(expected);
});

it('forgets with time', () => {
  let time = 0;
  const queue = new FairQueue<number>(() => time);
  const ask = (): string => {
    for (const owner of ['a', 'b']) queue.add(owner, 1);
    const first = queue.next()?.owner ?? '';
    queue.next();
    return first;
  };
  queue.charge('b', 1000);
  expect(ask()).toBe('a');
  time = 2000;
  expect(ask()).toBe('b');
});

it('takes out the work of an owner, all or some', () => {
  const queue = new FairQueue<number>();
  for (const item of [1, 2, 3]) queue.add('a', item);
  queue.add('b', 9);
  expect(queue.remove('a', (item) => item === 2)).toEqual([2]);
  expect(queue.hasOthers('a')).toBe(true);
  expect(queue.remove('b')).toEqual([9]);
  expect(queue.hasOthers('a')).toBe(false);
  expect([queue.next()?.item, queue.next()?.item, queue.next()]).toEqual([1, 3, undefined]);
  expect(queue.isEmpty).toBe(true);
});

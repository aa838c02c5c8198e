/**
 * Methods of tuple, range and slice: (1, 2).index(2) -> 1, range(0, 10, 3).index(9) -> 3, slice(None, 2).indices(5).
 */
import type { Runtime } from '../runtime.ts';
import { PyIterator, PyProperty, PyRange, PySlice, PyTuple, PyUnknown, type Value } from '../values.ts';
import { indexArgument, tupleArgument } from './arguments.ts';
import { define, members, mergeMembers } from './define.ts';
import { classGetItem, countOf, indexOf } from './listMembers.ts';
import { comparisonMembers, containerOperators, containerProtocol, textMembers } from './operatorMembers.ts';
import { sliceIndices } from './sequences.ts';
import { unbox } from './unbox.ts';

export function tupleMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators('tuple', ['+', '*']),
    comparisonMembers('tuple', true),
    containerProtocol('tuple'),
    textMembers('tuple', true),
    members('tuple', {
      'count(self, value, /)': (runtime, self, value) => countOf(runtime, tupleArgument(runtime, self).items, value),
      'index(self, value, start=0, stop=None, /)': (runtime, self, value, start, stop) =>
        indexOf(runtime, 'tuple', tupleArgument(runtime, self).items, value, start, stop),
    }),
    new Map([['__class_getitem__', classGetItem('tuple')]]),
  );
}

export function rangeMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    comparisonMembers('range', false),
    containerProtocol('range'),
    textMembers('range', true),
    members('range', {
      'count(self, value, /)': (runtime, self, value) => {
        const isIn = runtime.compare('in', value, unbox(self));
        return typeof isIn === 'boolean' ? Number(isIn) : isIn;
      },
      'index(self, value, /)': (runtime, self, value) => {
        const range = rangeOf(runtime, self);
        const isIn = runtime.compare('in', value, range);
        if (isIn instanceof PyUnknown) return isIn;
        if (isIn !== true) return runtime.raise('ValueError', `${runtime.repr(value)} is not in range`);
        const at = indexArgument(runtime, value);
        return at instanceof PyUnknown ? at : (at - range.start) / range.step;
      },
      '__reversed__(self, /)': (runtime, self) => new PyIterator(reversedRange(rangeOf(runtime, self))),
    }),
    new Map<string, Value>([
      ['start', rangePart('start')],
      ['stop', rangePart('stop')],
      ['step', rangePart('step')],
    ]),
  );
}

export function sliceMembers(): ReadonlyMap<string, Value> {
  const part = (name: string, read: (slice: PySlice) => Value): [string, Value] => [
    name,
    new PyProperty(define(`${name}(self)`, (runtime, self) => read(sliceOf(runtime, self)))),
  ];
  return mergeMembers(
    comparisonMembers('slice', false),
    textMembers('slice', false),
    members('slice', {
      'indices(self, length, /)': (runtime, self, length) => {
        const count = indexArgument(runtime, length);
        if (count instanceof PyUnknown) return count;
        const indices = sliceIndices(runtime, sliceOf(runtime, self), count);
        return indices instanceof PyUnknown ? indices : new PyTuple([indices.start, indices.stop, indices.step]);
      },
    }),
    new Map([
      part('start', ({ lower }) => lower),
      part('stop', ({ upper }) => upper),
      part('step', ({ step }) => step),
    ]),
  );
}

function* reversedRange({ start, stop, step }: PyRange): Generator<Value, Value> {
  const count = Math.max(0, Math.ceil((stop - start) / step));
  for (let i = count - 1; i >= 0; i--) yield start + i * step;
  return null;
}

function rangePart(name: 'start' | 'stop' | 'step'): PyProperty {
  return new PyProperty(define(`${name}(self)`, (runtime, self) => rangeOf(runtime, self)[name]));
}

function rangeOf(runtime: Runtime, self: Value): PyRange {
  const plain = unbox(self);
  return plain instanceof PyRange ? plain : runtime.raise('TypeError', "descriptor requires a 'range' object");
}

function sliceOf(runtime: Runtime, self: Value): PySlice {
  const plain = unbox(self);
  return plain instanceof PySlice ? plain : runtime.raise('TypeError', "descriptor requires a 'slice' object");
}

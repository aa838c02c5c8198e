/**
 * collections.deque: a list that grows at both ends, with `maxlen` dropping from the other end.
 */
import type { Runtime } from '../runtime.ts';
import { NOT_IMPLEMENTED, PyList, PyUnknown, type PyClass, type Value } from '../values.ts';
import { indexArgument, itemsOf, listArgument } from '../builtins/arguments.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

export function dequeClass(runtime: Runtime): PyClass {
  const list = runtime.builtinClass('list');
  const inherited = [
    'index',
    'count',
    'insert',
    'remove',
    'reverse',
    '__iter__',
    '__contains__',
    '__len__',
    '__reversed__',
  ];
  return nativeClass(runtime, 'collections.deque', {
    allocate: (_, cls) => {
      const deque = new PyList([]);
      deque.class = cls;
      deque.attributes = new Map([['maxlen', null]]);
      return deque;
    },
    members: mergeMembers(
      new Map(
        inherited.flatMap((name): [string, Value][] => {
          const member = list.attributes.get(name);
          return member === undefined ? [] : [[name, member]];
        }),
      ),
      new Map<string, Value>([['__hash__', null]]),
      members('collections.deque', {
        '__init__(self, iterable=None, maxlen=None)': (_, self, iterable, maxLength) => {
          const deque = listArgument(runtime, self);
          runtime.mutating(deque);
          deque.items = [];
          deque.attributes?.set('maxlen', maxLength);
          return iterable === null ? null : extend(runtime, self, iterable, 'right');
        },
        'append(self, x)': (_, self, item) => add(runtime, self, item, 'right'),
        'appendleft(self, x)': (_, self, item) => add(runtime, self, item, 'left'),
        'extend(self, iterable)': (_, self, iterable) => extend(runtime, self, iterable, 'right'),
        'extendleft(self, iterable)': (_, self, iterable) => extend(runtime, self, iterable, 'left'),
        'pop(self)': (_, self) => take(runtime, self, 'right'),
        'popleft(self)': (_, self) => take(runtime, self, 'left'),
        'clear(self)': (_, self) => {
          const deque = listArgument(runtime, self);
          runtime.mutating(deque);
          deque.items = [];
          return null;
        },
        'copy(self)': (_, self) => copyOf(listArgument(runtime, self)),
        '__copy__(self)': (_, self) => copyOf(listArgument(runtime, self)),
        'rotate(self, n=1)': (_, self, n) => {
          const deque = listArgument(runtime, self);
          const steps = indexArgument(runtime, n);
          runtime.mutating(deque);
          if (steps instanceof PyUnknown) deque.items.fill(steps);
          else if (deque.items.length > 0) {
            const { length } = deque.items;
            const shift = ((steps % length) + length) % length;
            deque.items = [...deque.items.slice(length - shift), ...deque.items.slice(0, length - shift)];
          }
          return null;
        },
        '__add__(self, other)': (_, self, other) => {
          if (!(other instanceof PyList)) return NOT_IMPLEMENTED;
          const sum = copyOf(listArgument(runtime, self));
          sum.items.push(...other.items);
          return sum;
        },
        '__iadd__(self, other)': (_, self, other) => {
          extend(runtime, self, other, 'right');
          return self;
        },
        '__eq__(self, other)': (_, self, other) => {
          const isDeque = other instanceof PyList && other.class === listArgument(runtime, self).class;
          return isDeque ? runtime.compare('==', plain(self), plain(other)) : NOT_IMPLEMENTED;
        },
        '__repr__(self)': (_, self) => {
          const limit = maxLengthOf(listArgument(runtime, self));
          return `deque(${runtime.repr(plain(self))}${limit === undefined ? '' : `, maxlen=${limit}`})`;
        },
      }),
    ),
  });
}

function plain(deque: Value): PyList {
  return new PyList(deque instanceof PyList ? deque.items : []);
}

function copyOf(deque: PyList): PyList {
  const copy = new PyList([...deque.items]);
  copy.class = deque.class;
  copy.attributes = deque.attributes && new Map(deque.attributes);
  return copy;
}

function maxLengthOf(deque: PyList): number | undefined {
  const limit = deque.attributes?.get('maxlen');
  return typeof limit === 'number' ? limit : undefined;
}

function add(runtime: Runtime, self: Value, item: Value, side: 'left' | 'right'): null {
  const deque = listArgument(runtime, self);
  runtime.mutating(deque);
  const limit = maxLengthOf(deque);
  if (side === 'right') deque.items.push(item);
  else deque.items.unshift(item);
  if (limit !== undefined && deque.items.length > limit) {
    if (side === 'right') deque.items.shift();
    else deque.items.pop();
  }
  return null;
}

function extend(runtime: Runtime, self: Value, iterable: Value, side: 'left' | 'right'): null {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) runtime.omit(`A deque took an unknown value for empty (${items.reason}).`);
  else for (const item of items) add(runtime, self, item, side);
  return null;
}

function take(runtime: Runtime, self: Value, side: 'left' | 'right'): Value {
  const deque = listArgument(runtime, self);
  runtime.mutating(deque);
  const item = side === 'right' ? deque.items.pop() : deque.items.shift();
  return item === undefined ? runtime.raise('IndexError', 'pop from an empty deque') : item;
}

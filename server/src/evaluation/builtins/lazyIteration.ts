/**
 * The classes of `builtins` whose instances are lazy iterators: enumerate, zip, map, filter, reversed.
 * An unknown among their iterables makes the iterator unknown.
 */
import { bindArguments, parseSignature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import {
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyTuple,
  PyUnknown,
  type Arguments,
  type PyClass,
  type Value,
} from '../values.ts';
import { integerArgument } from './arguments.ts';
import { isUnknown } from './define.ts';
import { hasOwnMethod } from './ownMethods.ts';
import { addIntegers, type Integer } from './integers.ts';
import { plainView } from './plainView.ts';

type Allocate = (runtime: Runtime, cls: PyClass, args: Arguments) => Value;
type Items = Generator<Value, Value>;

export const allocateEnumerate = lazy('enumerate(iterable, start=0)', (runtime, iterable, start) => {
  const first = integerArgument(runtime, start);
  return first instanceof PyUnknown ? first : new PyIterator(enumerate(runtime, iterable, first));
});

export const allocateZip = lazy('zip(*iterables, strict=False)', (runtime, iterables, strict) => {
  const inputs = iterables instanceof PyTuple ? iterables.items : [];
  return inputs.find(isUnknown) ?? new PyIterator(zip(runtime, inputs, strict === true));
});

export const allocateMap = lazy('map(function, iterable, /, *iterables)', (runtime, fn, first, others) => {
  const inputs = [first, ...(others instanceof PyTuple ? others.items : [])];
  return inputs.find(isUnknown) ?? new PyIterator(map(runtime, fn, inputs));
});

export const allocateFilter = lazy('filter(function, iterable, /)', (runtime, predicate, iterable) =>
  isUnknown(iterable) ? iterable : new PyIterator(filter(runtime, predicate, iterable)),
);

export const allocateReversed = lazy('reversed(sequence, /)', (runtime, sequence) => {
  if (isUnknown(sequence)) return sequence;
  if (hasOwnMethod(runtime, sequence, '__reversed__')) return runtime.callMethod(sequence, '__reversed__');
  if (plainView(sequence) === sequence && !(sequence instanceof PyTuple) && typeof sequence !== 'string') {
    const method = runtime.lookupAttribute(sequence, '__reversed__');
    if (method !== undefined && !(sequence instanceof PyList) && !(sequence instanceof PyDict)) {
      return runtime.call(method);
    }
  }
  const isObject = sequence instanceof PyInstance && sequence.payload === undefined;
  const lacks = (name: string): boolean => runtime.lookupInClass(runtime.typeOf(sequence), name) === undefined;
  if (isObject && sequence.class_.unknownBase === undefined && ['__len__', '__getitem__'].some(lacks)) {
    return runtime.raise('TypeError', `'${sequence.class_.name}' object is not reversible`);
  }
  const length = runtime.length(sequence);
  if (typeof length !== 'number') return runtime.unknown('reversed() of a sequence of unknown length');
  if (sequence instanceof PyDict)
    return new PyIterator(backwards(runtime, new PyList([...runtime.iterate(sequence)]), length));
  return new PyIterator(backwards(runtime, sequence, length));
});

/** An endless or finite run of tuples, one item of each iterable; stops with the shortest. */
export function* zip(runtime: Runtime, inputs: readonly Value[], isStrict: boolean): Items {
  const iterators = inputs.map((input) => runtime.iterate(input)[Symbol.iterator]());
  if (iterators.length === 0) return null;
  for (;;) {
    const items: Value[] = [];
    for (const [at, iterator] of iterators.entries()) {
      const step = iterator.next();
      if (step.done !== true) items.push(step.value);
      else if (!isStrict || (at === 0 && iterators.slice(1).every((other) => other.next().done === true))) return null;
      else {
        const shorter = at === 0 ? 'longer' : 'shorter';
        const which = at === 0 ? 2 : at + 1;
        return runtime.raise('ValueError', `zip() argument ${which} is ${shorter} than argument 1`);
      }
    }
    yield new PyTuple(items);
  }
}

function* enumerate(runtime: Runtime, iterable: Value, start: Integer): Items {
  let count = start;
  for (const item of runtime.iterate(iterable)) {
    yield new PyTuple([count, item]);
    count = addIntegers(count, 1);
  }
  return null;
}

function* map(runtime: Runtime, fn: Value, inputs: readonly Value[]): Items {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) {
    for (const item of runtime.iterate(only)) yield runtime.call(fn, [item]);
    return null;
  }
  for (const items of zip(runtime, inputs, false)) yield runtime.call(fn, (items as PyTuple).items); // zip yields tuples
  return null;
}

function* filter(runtime: Runtime, predicate: Value, iterable: Value): Items {
  for (const item of runtime.iterate(iterable)) {
    const isKept = runtime.truth(predicate === null ? item : runtime.call(predicate, [item]));
    if (isKept instanceof PyUnknown) runtime.omit(`filter() kept an item by an unknown test (${isKept.reason}).`);
    if (isKept !== false) yield item;
  }
  return null;
}

function* backwards(runtime: Runtime, sequence: Value, length: number): Items {
  for (let at = length - 1; at >= 0; at--) yield runtime.getItem(sequence, at);
  return null;
}

function lazy(signatureText: string, make: (runtime: Runtime, ...args: Value[]) => Value): Allocate {
  const signature = parseSignature(signatureText);
  return (runtime, _, args) => {
    const bound = bindArguments(runtime, signature, args);
    // bindArguments binds every parameter of the signature.
    return make(runtime, ...signature.parameters.map((parameter) => bound[parameter.name] as Value));
  };
}

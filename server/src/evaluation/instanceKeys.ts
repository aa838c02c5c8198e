/**
 * Keys of dicts and sets that are instances with `__eq__` and `__hash__` of their own: equal ones share one key.
 * canonical(P(1, 2)) is the first P that was equal to it, so that `{P(1, 2): "a"}[P(1, 2)]` finds "a".
 */
import type { Runtime } from './runtime.ts';
import { PyFunction, PyInstance, PyTuple, PyUnknown, type PyClass, type Value } from './values.ts';

const representatives = new WeakMap<PyClass, PyInstance[]>();

/** Classes with more different keys than this go by identity. */
const MAX_REPRESENTATIVES = 2000;

/** The value that stands for all that equal it; raises TypeError for instances that Python cannot hash. */
export function canonical(runtime: Runtime, value: Value): Value {
  if (value instanceof PyTuple) {
    if (!value.items.some(mayEqualOthers)) return value;
    return new PyTuple(value.items.map((item) => canonical(runtime, item)));
  }
  return value instanceof PyInstance ? canonicalInstance(runtime, value) : value;
}

/** What `__hash__` gives; raises TypeError for what is not an int. Unknown where texts are hashed, whose hashes vary. */
function hashOf(runtime: Runtime, instance: PyInstance, method: Value | undefined): Value {
  if (!(method instanceof PyFunction)) return runtime.unknown('the hash of an instance');
  const hashed = runtime.callMethod(instance, '__hash__');
  if (typeof hashed === 'boolean') return Number(hashed);
  const isInt = typeof hashed === 'number' || typeof hashed === 'bigint' || hashed instanceof PyUnknown;
  if (isInt || (hashed instanceof PyInstance && hashed.payload !== undefined)) return hashed;
  return runtime.raise('TypeError', '__hash__ method should return an integer');
}

/** False only where two instances of one class have different hashes for certain. */
function haveOneHash(runtime: Runtime, candidate: PyInstance, hashed: Value): boolean {
  if (typeof hashed !== 'number') return true;
  const other = runtime.callMethod(candidate, '__hash__');
  return typeof other !== 'number' || other === hashed;
}

/** Whether Python code says when instances are equal: `class Name(str)` that ignores case. */
function hasOwnEquality(runtime: Runtime, cls: PyClass): boolean {
  return ['__eq__', '__hash__'].some((name) => runtime.lookupInClass(cls, name) instanceof PyFunction);
}

function mayEqualOthers(value: Value): boolean {
  return value instanceof PyTuple || (value instanceof PyInstance && value.payload === undefined);
}

function canonicalInstance(runtime: Runtime, instance: PyInstance): Value {
  const cls = instance.class_;
  if (instance.payload !== undefined && !hasOwnEquality(runtime, cls)) return instance;
  const object = runtime.builtinClass('object');
  const hash = runtime.lookupInClass(cls, '__hash__');
  if (hash === null) return runtime.raise('TypeError', `unhashable type: '${cls.name}'`);
  const equals = runtime.lookupInClass(cls, '__eq__');
  const hashed = hashOf(runtime, instance, hash);
  const isOwn = hash !== object.attributes.get('__hash__') && equals !== object.attributes.get('__eq__');
  if (!isOwn || equals === undefined) return instance;
  // An int of that hash may be the same key.
  if (typeof hashed === 'number' && runtime.equals(instance, hashed) === true) return hashed;
  const known = representatives.get(cls) ?? [];
  const found = known.find(
    (candidate) =>
      candidate === instance ||
      (haveOneHash(runtime, candidate, hashed) && runtime.equals(candidate, instance) === true),
  );
  if (found !== undefined) return found;
  if (known.length < MAX_REPRESENTATIVES) representatives.set(cls, [...known, instance]);
  return instance;
}

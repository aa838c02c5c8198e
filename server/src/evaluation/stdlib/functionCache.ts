/**
 * functools.lru_cache and cache: results are kept by their arguments, the oldest dropped beyond `maxsize`. Calls with
 * unhashable or unknown arguments are not kept.
 */
import { keyOf } from '../containers.ts';
import type { Runtime } from '../runtime.ts';
import type { PyClass } from '../values.ts';
import { PyBoundMethod, PyDict, PyInstance, PyTuple, PyUnknown, type DictEntry, type Value } from '../values.ts';
import { define, members } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { isCallable } from '../builtins/objectFunctions.ts';
import { updateWrapper } from './functionWrapper.ts';

/** `maxSize` is null for a cache without end. */
class CachedFunction extends PyInstance {
  readonly results = new PyDict();
  constructor(
    cls: PyClass,
    readonly callee: Value,
    readonly maxSize: number | null,
  ) {
    super(cls);
  }
}

export function cacheMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const cls = cachedFunctionClass(runtime);
  const wrap = (callee: Value, maxSize: number | null): Value => {
    if (callee instanceof PyUnknown) return callee;
    return updateWrapper(runtime, new CachedFunction(cls, callee, maxSize), callee);
  };
  return members('functools', {
    'cache(user_function, /)': (_, callee) => wrap(callee, null),
    'lru_cache(maxsize=128, typed=False)': (_, maxSize) => {
      if (isCallable(runtime, maxSize)) return wrap(maxSize, 128);
      const size = typeof maxSize === 'number' ? Math.max(0, maxSize) : null;
      return define('decorating_function(user_function)', (__, callee) => wrap(callee, size), 'functools');
    },
  });
}

function cachedFunctionClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'functools._lru_cache_wrapper', {
    members: members('functools._lru_cache_wrapper', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => callCached(runtime, self, args, kwargs),
      '__get__(self, instance, owner=None, /)': (_, self, instance) =>
        instance === null ? self : new PyBoundMethod(instance, self),
      'cache_clear(self)': (_, self) => {
        if (self instanceof CachedFunction) {
          runtime.mutating(self.results);
          self.results.entries.clear();
        }
        return null;
      },
      'cache_info(self)': () => runtime.unknown('the statistics of a cache'),
      'cache_parameters(self)': () => runtime.unknown('the parameters of a cache'),
    }),
  });
}

function callCached(runtime: Runtime, self: Value, args: Value, kwargs: Value): Value {
  if (!(self instanceof CachedFunction)) return runtime.raise('TypeError', 'descriptor requires a cached function');
  const positional = args instanceof PyTuple ? args.items : [];
  const keywords = keywordsOf(kwargs);
  const key = keyOf(new PyTuple([...positional, null, ...[...keywords].flatMap(([name, value]) => [name, value])]));
  const known = key === undefined ? undefined : self.results.entries.get(key);
  if (known !== undefined) {
    touch(runtime, self, key, known);
    return known.value;
  }
  const value = runtime.call(self.callee, positional, keywords);
  if (key !== undefined && self.maxSize !== 0) keep(runtime, self, key, { key: null, value });
  return value;
}

/** The most recently used entry stands last. */
function touch(runtime: Runtime, { results, maxSize }: CachedFunction, key: unknown, entry: DictEntry): void {
  if (maxSize === null) return;
  runtime.mutating(results);
  results.entries.delete(key);
  results.entries.set(key, entry);
}

function keep(runtime: Runtime, { results, maxSize }: CachedFunction, key: unknown, entry: DictEntry): void {
  runtime.mutating(results);
  results.entries.set(key, entry);
  if (maxSize !== null && results.entries.size > maxSize) results.entries.delete(results.entries.keys().next().value);
}

/**
 * functools.singledispatch and singledispatchmethod: the implementation registered for the class of the first argument,
 * or for the nearest of its bases.
 */
import type { Runtime } from '../runtime.ts';
import { PyBoundMethod, PyClass, PyInstance, PyTuple, PyUnknown, type Value } from '../values.ts';
import { unionArguments } from '../builtins/genericAlias.ts';
import { define, members } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { updateWrapper } from './functionWrapper.ts';

class DispatchedFunction extends PyInstance {
  readonly registry = new Map<PyClass, Value>();
  constructor(
    cls: PyClass,
    /** Position of the argument that decides: 0, or 1 for a method. */
    readonly decidingPosition: number,
  ) {
    super(cls);
  }
}

export function singleDispatch(runtime: Runtime): ReadonlyMap<string, Value> {
  const cls = dispatchedClass(runtime);
  const wrap = (callee: Value, position: number): Value => {
    if (callee instanceof PyUnknown) return callee;
    const dispatched = new DispatchedFunction(cls, position);
    dispatched.registry.set(runtime.builtinClass('object'), callee);
    return updateWrapper(runtime, dispatched, callee);
  };
  return members('functools', {
    'singledispatch(func)': (_, callee) => wrap(callee, 0),
    'singledispatchmethod(func)': (_, callee) => wrap(callee, 1),
  });
}

function dispatchedClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'functools._SingleDispatch', {
    members: members('functools._SingleDispatch', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => {
        const positional = args instanceof PyTuple ? args.items : [];
        const deciding = self instanceof DispatchedFunction ? positional[self.decidingPosition] : undefined;
        if (deciding === undefined) return runtime.raise('TypeError', 'requires at least 1 positional argument');
        if (deciding instanceof PyUnknown) return deciding;
        return runtime.call(implementationFor(self, runtime.typeOf(deciding)), positional, keywordsOf(kwargs));
      },
      '__get__(self, instance, owner=None, /)': (_, self, instance) =>
        instance === null ? self : new PyBoundMethod(instance, self),
      'register(self, cls, func=None)': (_, self, type, fn) => register(runtime, self, type, fn),
      'dispatch(self, cls)': (_, self, type) => (type instanceof PyClass ? implementationFor(self, type) : type),
    }),
  });
}

function implementationFor(self: Value, cls: PyClass): Value {
  if (!(self instanceof DispatchedFunction)) return null;
  const nearest = cls.mro.find((candidate) => self.registry.has(candidate));
  return (nearest && self.registry.get(nearest)) ?? null;
}

/** `register(cls)`, `register(cls, func)`, and `register(func)` by the annotation of its first parameter. */
function register(runtime: Runtime, self: Value, type: Value, fn: Value): Value {
  if (!(self instanceof DispatchedFunction)) return fn;
  if (fn === null && !(type instanceof PyClass)) return registerByAnnotation(runtime, self, type);
  if (fn === null) return define('register(func)', (_, given) => register(runtime, self, type, given));
  const types = unionArguments(type)?.items ?? [type];
  for (const item of types) if (item instanceof PyClass) self.registry.set(item, fn);
  return fn;
}

function registerByAnnotation(runtime: Runtime, self: DispatchedFunction, fn: Value): Value {
  const annotations = runtime.lookupAttribute(fn, '__annotations__');
  const isDict = annotations !== null && typeof annotations === 'object' && annotations.kind === 'dict';
  const [first] = isDict ? annotations.entries.values() : [];
  return first === undefined ? fn : register(runtime, self, first.value, fn);
}

/**
 * Calling a class: `__call__` of its metaclass, `__new__` or the class's own way to allocate, then `__init__`.
 */
import { allocatorOf } from './attributes.ts';
import { callDirect } from './calls.ts';
import type { Executor } from './executor.ts';
import { superOfFrame } from './superCalls.ts';
import { PyClass, PyFunction, PyInstance, PyUnknown, type Arguments, type Value } from './values.ts';

export function callClass(
  executor: Executor,
  cls: PyClass,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  const caller = cls.metaclass && executor.customMember(cls.metaclass, '__call__');
  if (caller !== undefined) return callDirect(executor, caller, [cls, ...positional], keywords);
  if (positional.length === 0 && cls === executor.superClass) return superOfFrame(executor);
  return instantiate(executor, cls, { positional, keywords });
}

/** What `type.__call__` does. */
export function instantiate(executor: Executor, cls: PyClass, args: Arguments): Value {
  const { positional, keywords } = args;
  const maker = findMaker(cls);
  const made =
    maker === undefined
      ? new PyInstance(cls)
      : maker instanceof PyClass
        ? allocate(executor, maker, cls, args)
        : callDirect(executor, staticCallee(maker), [cls, ...positional], keywords);
  if (made instanceof PyUnknown) return made;
  // `type(x)` makes nothing.
  if (cls === executor.typeClass) return made;
  const actual = executor.typeOf(made);
  if (!actual.mro.includes(cls)) return made;
  const initializer = executor.initializerOf(actual);
  if (initializer === undefined) return made;
  const returned = callDirect(executor, initializer, [made, ...positional], keywords);
  if (returned !== null && initializer instanceof PyFunction && !(returned instanceof PyUnknown)) {
    executor.raise('TypeError', `__init__() should return None, not '${executor.typeOf(returned).name}'`);
  }
  return made;
}

function allocate(executor: Executor, maker: PyClass, cls: PyClass, args: Arguments): Value {
  // An unknown base may take any arguments, which `object` would refuse.
  if (cls.unknownBase !== undefined && maker === executor.builtinClass('object')) return new PyInstance(cls);
  const made = maker.allocate?.(executor, cls, args);
  return made === undefined ? new PyInstance(cls) : made;
}

/** The first in the MRO of what makes instances: a `__new__`, or a class that allocates. */
function findMaker(cls: PyClass): Value | PyClass | undefined {
  for (const holder of cls.mro) {
    const member = holder.attributes.get('__new__');
    if (member !== undefined) return member;
    if (holder.allocate !== undefined) return holder;
  }
  return undefined;
}

/** `Class.__new__` for a class that has none in Python: found here, so that `super().__new__(cls)` works. */
export function newMethodOf(cls: PyClass): Value | undefined {
  const maker = findMaker(cls);
  return maker instanceof PyClass ? allocatorOf(maker) : maker;
}

function staticCallee(member: Value): Value {
  return member !== null && typeof member === 'object' && member.kind === 'staticMethod' ? member.callee : member;
}

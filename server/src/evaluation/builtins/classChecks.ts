/**
 * isinstance and issubclass: classes, tuples, `int | None`, aliases such as `typing.List`, and classes with
 * `__instancecheck__` or `__subclasshook__`. isInstanceOf(runtime, True, int) -> true.
 */
import type { Runtime } from '../runtime.ts';
import { PyClass, PyInstance, PyTuple, PyUnknown, type Value } from '../values.ts';
import { aliasOrigin, unionArguments } from './genericAlias.ts';

export function isInstanceOf(runtime: Runtime, object: Value, classInfo: Value): boolean | PyUnknown {
  if (classInfo instanceof PyUnknown) return classInfo;
  if (object instanceof PyUnknown) return object;
  return any(runtime, classInfo, 'isinstance', (cls) => isInstanceOfClass(runtime, object, cls));
}

export function isSubclassOf(runtime: Runtime, candidate: Value, classInfo: Value): boolean | PyUnknown {
  if (candidate instanceof PyUnknown) return candidate;
  const cls = aliasOrigin(candidate) ?? candidate;
  if (!(cls instanceof PyClass)) return runtime.raise('TypeError', 'issubclass() arg 1 must be a class');
  return any(runtime, classInfo, 'issubclass', (base) => {
    const hook = customCheck(runtime, base, '__subclasscheck__');
    if (hook !== undefined) return runtime.truth(runtime.call(hook, [base, cls]));
    return isSubclassOfClass(runtime, cls, base);
  });
}

function isInstanceOfClass(runtime: Runtime, object: Value, cls: PyClass): boolean | PyUnknown {
  if (runtime.isInstance(object, cls)) return true;
  const hook = customCheck(runtime, cls, '__instancecheck__');
  if (hook !== undefined) return runtime.truth(runtime.call(hook, [cls, object]));
  return isSubclassOfClass(runtime, runtime.typeOf(object), cls);
}

function isSubclassOfClass(runtime: Runtime, cls: PyClass, base: PyClass): boolean | PyUnknown {
  if (cls.mro.includes(base)) return true;
  const virtual = base.attributes.get('__subclasshook__');
  if (virtual !== undefined && base.origin === undefined) {
    const answer = runtime.call(runtime.getAttribute(base, '__subclasshook__'), [cls]);
    if (answer === true) return true;
  }
  const hidden = cls.mro.map((ancestor) => ancestor.unknownBase).find((unknown) => unknown !== undefined);
  return hidden ?? false;
}

/** A check that the metaclass defines, in Python or in a modelled library. */
function customCheck(runtime: Runtime, cls: PyClass, name: string): Value | undefined {
  const { metaclass } = cls;
  if (metaclass === undefined) return undefined;
  const member = runtime.lookupInClass(metaclass, name);
  return member === runtime.builtinClass('type').attributes.get(name) ? undefined : member;
}

/** Whether the check holds for one of the classes; a `true` wins over an unknown. */
function any(
  runtime: Runtime,
  classInfo: Value,
  caller: string,
  check: (cls: PyClass) => boolean | PyUnknown,
): boolean | PyUnknown {
  if (classInfo instanceof PyClass) return check(classInfo);
  if (classInfo instanceof PyUnknown) return classInfo;
  // `int | None` holds None, or the class of None.
  if (classInfo === null) return check(runtime.builtinClass('NoneType'));
  if (classInfo instanceof PyTuple) {
    let open: PyUnknown | undefined;
    for (const part of classInfo.items) {
      const result = any(runtime, part, caller, check);
      if (result === true) return true;
      if (result instanceof PyUnknown) open ??= result;
    }
    return open ?? false;
  }
  const union = unionArguments(classInfo);
  if (union !== undefined) return any(runtime, union, caller, check);
  const origin = aliasOrigin(classInfo);
  if (origin instanceof PyClass && origin.isCore && classInfo instanceof PyInstance) {
    const args = classInfo.attributes.get('__args__');
    if (args instanceof PyTuple && args.items.length > 0) {
      return runtime.raise('TypeError', `${caller}() argument 2 cannot be a parameterized generic`);
    }
  }
  if (origin instanceof PyClass) return check(origin);
  if (origin instanceof PyTuple) return any(runtime, origin, caller, check);
  return runtime.raise('TypeError', `${caller}() arg 2 must be a type, a tuple of types, or a union`);
}

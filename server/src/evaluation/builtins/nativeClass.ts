/**
 * Makes classes of modelled libraries, which Python code may instantiate and subclass:
 * nativeClass(runtime, 'collections.deque', { bases: [list], allocate, members }) .
 */
import type { Runtime } from '../runtime.ts';
import { PyClass, type Arguments, type Value } from '../values.ts';

export interface NativeClassOptions {
  /** `object` where not given. */
  readonly bases?: readonly PyClass[];
  /** Makes an instance; inherited where not given. */
  readonly allocate?: (runtime: Runtime, cls: PyClass, args: Arguments) => Value;
  readonly members?: ReadonlyMap<string, Value>;
  readonly metaclass?: PyClass;
  /** False for classes with empty `__slots__`, whose subclasses may have slots alone. */
  readonly hasInstanceDict?: boolean;
}

/** `qualifiedName` is "module.Class". */
export function nativeClass(runtime: Runtime, qualifiedName: string, options: NativeClassOptions = {}): PyClass {
  const dot = qualifiedName.lastIndexOf('.');
  const bases = options.bases ?? [runtime.builtinClass('object')];
  const [name, module] = [qualifiedName.slice(dot + 1), qualifiedName.slice(0, dot)];
  const cls = new PyClass(name, bases, new Map(options.members), module);
  cls.allocate = options.allocate;
  cls.metaclass = options.metaclass ?? bases.find((base) => base.metaclass !== undefined)?.metaclass;
  cls.hasInstanceDict = options.hasInstanceDict ?? true;
  return cls;
}

/**
 * `__slots__`: a class that names them gives its instances these attributes, and no `__dict__` unless a base has one.
 * class P: __slots__ = ('x',)  ->  P().x = 1 works by the descriptor P.x, P().y = 1 raises AttributeError.
 */
import { define } from './builtins/define.ts';
import type { Executor } from './executor.ts';
import { iterate } from './iteration.ts';
import type { Runtime } from './runtime.ts';
import { slotKey } from './slotKeys.ts';
import { PyDict, PyInstance, PyList, PyProperty, PySet, PyUnknown, type PyClass, type Value } from './values.ts';

/** What the `__slots__` of a class body mean for the class. */
export interface Slots {
  /** Names of descriptors, mangled. */
  readonly names: readonly string[];
  readonly hasDict: boolean;
}

/** Reads `__slots__` from a class body; undefined where there are none, or where they are not known. Raises for bad names. */
export function readSlots(
  executor: Executor,
  className: string,
  bases: readonly PyClass[],
  namespace: ReadonlyMap<string, Value>,
): Slots | undefined {
  const given = namespace.get('__slots__');
  if (given === undefined || given instanceof PyUnknown) return undefined;
  const items = typeof given === 'string' ? [given] : [...iterate(executor, given)];
  const names: string[] = [];
  for (const item of items) {
    if (item instanceof PyUnknown) return undefined;
    if (typeof item !== 'string') {
      const { name } = executor.typeOf(item);
      return executor.raise('TypeError', `__slots__ items must be strings, not '${name}'`);
    }
    if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(item)) {
      executor.raise('TypeError', '__slots__ must be identifiers');
    }
    if (item === '__dict__' || item === '__weakref__') continue;
    const isPrivate = item.startsWith('__') && !item.endsWith('__');
    const name = isPrivate ? `_${className.replace(/^_+/, '')}${item}` : item;
    if (namespace.has(name)) executor.raise('ValueError', `'${name}' in __slots__ conflicts with class variable`);
    names.push(name);
  }
  if (items.includes('__dict__') && bases.some(hasDictOfPython)) {
    executor.raise('TypeError', '__dict__ slot disallowed: we already got one');
  }
  // Their instances vary in size, so that nothing can stand after the items.
  const sized = bases.find((base) => base.mro.some((each) => each.isCore && VARIABLE_SIZE.has(each.name)));
  if (names.length > 0 && sized !== undefined) {
    executor.raise('TypeError', `nonempty __slots__ not supported for subtype of '${sized.name}'`);
  }
  return { names, hasDict: items.includes('__dict__') };
}

function hasDictOfPython(base: PyClass): boolean {
  return base.hasInstanceDict && base.origin !== undefined;
}

const VARIABLE_SIZE = new Set(['int', 'tuple', 'bytes', 'type']);

/** Puts the descriptors into a class. */
export function addSlots(cls: PyClass, { names, hasDict }: Slots): void {
  for (const name of names) cls.attributes.set(name, slotDescriptor(cls.name, name));
  cls.slotNames = names;
  cls.hasInstanceDict = hasDict || cls.bases.some((base) => base.hasInstanceDict);
}

/** Raises TypeError where two bases lay out their instances in ways that one instance cannot have. */
export function checkLayouts(executor: Executor, bases: readonly PyClass[]): void {
  let winner: PyClass | undefined;
  for (const base of bases) {
    const candidate = layoutOf(base);
    if (candidate === undefined) continue;
    if (winner === undefined || candidate.mro.includes(winner)) winner = candidate;
    else if (!winner.mro.includes(candidate)) {
      executor.raise('TypeError', 'multiple bases have instance lay-out conflict');
    }
  }
}

/** The nearest ancestor that gives instances a layout of their own; undefined for plain objects. */
export function layoutOf(cls: PyClass): PyClass | undefined {
  return cls.mro.find((ancestor) => (ancestor.isCore ? ancestor.name !== 'object' : ancestor.slotNames.length > 0));
}

function slotDescriptor(className: string, name: string): PyProperty {
  const key = slotKey(name);
  const getter = define(`${name}(self)`, (runtime, self) => {
    const value = attributesOf(self)?.get(key);
    if (value !== undefined) return value;
    return runtime.raise('AttributeError', `'${runtime.typeOf(self).name}' object has no attribute '${name}'`);
  });
  const setter = define(`${name}(self, value)`, (runtime, self, value) => {
    writableAttributes(runtime, self, className, name).set(key, value);
    return null;
  });
  const deleter = define(`${name}(self)`, (runtime, self) => {
    if (!writableAttributes(runtime, self, className, name).delete(key)) runtime.raise('AttributeError', name);
    return null;
  });
  const descriptor = new PyProperty(getter, setter, deleter);
  descriptor.slotName = name;
  return descriptor;
}

function attributesOf(object: Value): Map<string, Value> | undefined {
  if (object === null || typeof object !== 'object' || !('attributes' in object)) return undefined;
  return object.attributes;
}

function writableAttributes(runtime: Runtime, object: Value, className: string, name: string): Map<string, Value> {
  if (object instanceof PyInstance) {
    runtime.mutating(object);
    return object.attributes;
  }
  if (object instanceof PyList || object instanceof PyDict || object instanceof PySet) {
    runtime.mutating(object);
    return (object.attributes ??= new Map<string, Value>());
  }
  const { name: other } = runtime.typeOf(object);
  const message = `descriptor '${name}' for '${className}' objects doesn't apply to a '${other}' object`;
  return runtime.raise('TypeError', message);
}

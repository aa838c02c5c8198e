/**
 * `object.name`: Python's lookup with descriptors, `__getattribute__`, `__getattr__`, metaclasses and `super`.
 * `instance.method` -> a bound method; `Class.method` -> the function; a module's name may be made on demand.
 */
import { customMethod } from './binaryOperators.ts';
import { callDirect } from './calls.ts';
import { newMethodOf } from './instantiation.ts';
import { specialAttribute } from './specialAttributes.ts';
import type { Executor } from './executor.ts';
import { isRaised } from './exceptions.ts';
import { memberOfModule } from './moduleMembers.ts';
import type { PyRaise, PySuper } from './values.ts';
import {
  NativeFunction,
  PyBoundMethod,
  PyClass,
  PyClassMethod,
  PyInstance,
  PyProperty,
  PyStaticMethod,
  type PyModule,
  type PyObject,
  type Value,
} from './values.ts';

/** Raises AttributeError where there is none. */
export function getAttribute(executor: Executor, object: Value, name: string): Value {
  const found = findAttribute(executor, object, name);
  // None is null: only undefined means that there is none.
  return found === undefined ? noAttribute(executor, object, name) : found;
}

/** Undefined where there is none, or where the object's own code raises AttributeError. */
export function lookupAttribute(executor: Executor, object: Value, name: string): Value | undefined {
  try {
    return findAttribute(executor, object, name);
  } catch (error) {
    if (isRaised(executor, error, 'AttributeError')) return undefined;
    throw error;
  }
}

/** As `lookupAttribute`, but an AttributeError of the object's own code goes through. */
export function findAttribute(executor: Executor, object: Value, name: string): Value | undefined {
  if (object instanceof PyInstance) return findInInstance(executor, object, name);
  if (object !== null && typeof object === 'object') {
    if (object.kind === 'unknown') return object;
    if (object.kind === 'module' && object.class_ === undefined) return memberOfModule(executor, object, name);
    const method = customMethod(executor, object, '__getattr__');
    const reader = object.kind === 'class' ? customMethod(executor, object, '__getattribute__') : undefined;
    if (reader !== undefined) return readBy(executor, object, name, reader, method);
    const found = genericGetAttribute(executor, object, name);
    if (found !== undefined || method === undefined) return found;
    return callDirect(executor, method, [object, name]);
  }
  return genericGetAttribute(executor, object, name);
}

/** What `object.__getattribute__` does. */
export function genericGetAttribute(executor: Executor, object: Value, name: string): Value | undefined {
  if (object !== null && typeof object === 'object') {
    switch (object.kind) {
      case 'instance':
        return getFromInstance(executor, object, object.attributes, object.class_, name);
      case 'class':
        return getFromClass(executor, object, name);
      case 'super':
        return getFromSuper(executor, object, name);
      case 'module': {
        const member = object.class_ && executor.customMember(object.class_, name);
        if (member === undefined || object.class_ === undefined) return memberOfModule(executor, object, name);
        return getFromInstance(executor, object, object.names, object.class_, name);
      }
      case 'unknown':
        return object;
      case 'list':
      case 'dict':
      case 'set':
      case 'tuple':
        return getFromInstance(executor, object, object.attributes, executor.typeOf(object), name);
      case 'function':
      case 'native': {
        const own = object.attributes?.get(name);
        if (own !== undefined) return own;
        break;
      }
      case 'boundMethod': {
        const special = specialAttribute(executor, object, name);
        return special === undefined ? findAttribute(executor, object.callee, name) : special;
      }
      default:
        break;
    }
  }
  return getFromInstance(executor, object, undefined, executor.typeOf(object), name);
}

/** Finds a name along the MRO, as it stands there. */
export function lookupInClass(cls: PyClass, name: string): Value | undefined {
  for (const ancestor of cls.mro) {
    const value = ancestor.attributes.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What reading a class's member through an instance (or, with `object` undefined, through the class) gives. */
export function bindMember(
  executor: Executor,
  member: Value,
  object: Value | undefined,
  cls: PyClass,
  holder: PyClass,
): Value {
  if (member === null || typeof member !== 'object') return member;
  switch (member.kind) {
    case 'function':
      return object === undefined ? member : new PyBoundMethod(object, member);
    case 'native':
      return object !== undefined && isMethod(member, holder) ? new PyBoundMethod(object, member) : member;
    case 'staticMethod':
      return member.callee;
    case 'classMethod':
      return bindClassMethod(executor, member.callee, cls);
    case 'property':
      if (object === undefined) return member;
      if (member.getter === null) return noPropertyPart(executor, cls, holder, member, 'getter');
      return executor.call(member.getter, [object]);
    case 'instance': {
      const getter = customMethod(executor, member, '__get__');
      if (getter !== undefined) return callDirect(executor, getter, [member, object ?? null, cls]);
      // A subclass of property, staticmethod or classmethod that leaves `__get__` as it is.
      const { payload } = member;
      const binds = payload !== undefined && isBuiltinDescriptor(payload);
      if (!binds || (object === undefined && payload instanceof PyProperty)) return member;
      return bindMember(executor, payload, object, cls, holder);
    }
    default:
      return member;
  }
}

/**
 * Whether a native function takes its object first when it is read from an instance: methods of modelled classes do,
 * functions that a Python class merely holds (`act = F.relu`) do not, unless their first parameter is named `self`.
 */
export function isMethod(member: NativeFunction, holder: PyClass): boolean {
  if (holder.origin === undefined) return true;
  return member.signature !== undefined && /\((self|cls)\b/.test(member.signature);
}

function bindClassMethod(executor: Executor, callee: Value, cls: PyClass): Value {
  if (callee instanceof PyInstance || (callee !== null && typeof callee === 'object' && callee.kind === 'property')) {
    return bindMember(executor, callee, cls, executor.typeOf(cls), cls);
  }
  return new PyBoundMethod(cls, callee);
}

function findInInstance(executor: Executor, object: PyInstance, name: string): Value | undefined {
  const cls = object.class_;
  const reader = executor.customMember(cls, '__getattribute__');
  const fallback = executor.customMember(cls, '__getattr__');
  if (fallback === undefined && reader === undefined) return genericGetAttribute(executor, object, name);
  return readBy(executor, object, name, reader, fallback);
}

/** Reads through `__getattribute__`, then `__getattr__`, where there are any. */
function readBy(
  executor: Executor,
  object: Value,
  name: string,
  reader: Value | undefined,
  fallback: Value | undefined,
): Value | undefined {
  let missing: PyRaise | undefined;
  try {
    const found =
      reader === undefined ? genericGetAttribute(executor, object, name) : callDirect(executor, reader, [object, name]);
    if (found !== undefined) return found;
  } catch (error) {
    if (fallback === undefined || !isRaised(executor, error, 'AttributeError')) throw error;
    missing = error;
  }
  if (fallback !== undefined) return callDirect(executor, fallback, [object, name]);
  if (missing !== undefined) throw missing;
  return undefined;
}

function getFromInstance(
  executor: Executor,
  object: Value,
  own: ReadonlyMap<string, Value> | undefined,
  cls: PyClass,
  name: string,
): Value | undefined {
  for (const holder of cls.mro) {
    const member = holder.attributes.get(name);
    if (member === undefined) continue;
    if (isDataDescriptor(executor, member)) {
      // One that only sets or deletes leaves reading to the instance.
      const stored = reads(executor, member) ? undefined : own?.get(name);
      return stored === undefined ? bindMember(executor, member, object, cls, holder) : stored;
    }
    const value = own?.get(name);
    return value === undefined ? bindMember(executor, member, object, cls, holder) : value;
  }
  const ownValue = own?.get(name);
  const value = ownValue === undefined ? specialAttribute(executor, object, name) : ownValue;
  if (value !== undefined || cls.unknownBase === undefined || isSpecialName(name)) return value;
  return cls.unknownBase;
}

function isDataDescriptor(executor: Executor, member: Value): boolean {
  if (member === null || typeof member !== 'object') return false;
  if (member.kind === 'property') return true;
  if (member.kind !== 'instance') return false;
  return member.payload instanceof PyProperty || DATA_METHODS.some((name) => hasMember(executor, member, name));
}

/** False for an instance that only sets or deletes. */
function reads(executor: Executor, member: Value): boolean {
  return !(member instanceof PyInstance) || member.payload !== undefined || hasMember(executor, member, '__get__');
}

const DATA_METHODS = ['__set__', '__delete__'];

function hasMember(executor: Executor, object: PyInstance, name: string): boolean {
  return executor.customMember(object.class_, name) !== undefined;
}

function isBuiltinDescriptor(value: Value): boolean {
  return value instanceof PyProperty || value instanceof PyStaticMethod || value instanceof PyClassMethod;
}

/** Raises AttributeError for a property that lacks what is asked of it. */
export function noPropertyPart(
  executor: Executor,
  cls: PyClass,
  holder: PyClass,
  property: PyProperty,
  part: 'getter' | 'setter' | 'deleter',
): never {
  const [name] = [...holder.attributes].find(([, member]) => member === property) ?? [];
  const shown = name === undefined ? 'property' : `property '${name}'`;
  return executor.raise('AttributeError', `${shown} of '${cls.name}' object has no ${part}`);
}

function getFromClass(executor: Executor, cls: PyClass, name: string): Value | undefined {
  const metaclass = executor.typeOf(cls);
  const metaHolder = metaclass.mro.find((holder) => holder.attributes.has(name));
  const metaMember = metaHolder?.attributes.get(name);
  if (metaMember !== undefined && metaHolder && isDataDescriptor(executor, metaMember) && reads(executor, metaMember)) {
    return bindMember(executor, metaMember, cls, metaclass, metaHolder);
  }
  for (const holder of cls.mro) {
    const member = holder.attributes.get(name);
    if (member !== undefined) return bindMember(executor, member, undefined, cls, holder);
  }
  const special = name === '__new__' ? newMethodOf(cls) : specialAttribute(executor, cls, name);
  if (special !== undefined) return special;
  if (metaMember !== undefined && metaHolder) return bindMember(executor, metaMember, cls, metaclass, metaHolder);
  return isSpecialName(name) ? undefined : cls.unknownBase;
}

function getFromSuper(executor: Executor, { after, self }: PySuper, name: string): Value | undefined {
  const isOfClass = self instanceof PyClass && self.mro.includes(after);
  const cls = isOfClass ? self : executor.typeOf(self);
  for (const holder of cls.mro.slice(cls.mro.indexOf(after) + 1)) {
    const member = holder.attributes.get(name);
    if (member !== undefined) return bindMember(executor, member, isOfClass ? undefined : self, cls, holder);
    if (name === '__new__' && holder.allocate !== undefined) return allocatorOf(holder);
  }
  if (name === '__class__') return executor.builtinClass('super');
  const builtin = specialAttribute(executor, self, name);
  if (builtin !== undefined && name.startsWith('__')) return builtin;
  return after.unknownBase;
}

/** `__new__` of a class that makes values of its own kind. */
export function allocatorOf(holder: PyClass): NativeFunction {
  const { allocate } = holder;
  return new NativeFunction('__new__', (runtime, args) => {
    const [cls, ...rest] = args.positional;
    if (!(cls instanceof PyClass) || allocate === undefined) {
      return runtime.raise('TypeError', `${holder.name}.__new__(X): X is not a type object`);
    }
    return allocate(runtime, cls, { positional: rest, keywords: args.keywords });
  });
}

function isSpecialName(name: string): boolean {
  return name.startsWith('__') && name.endsWith('__');
}

function noAttribute(executor: Executor, object: Value, name: string): never {
  return executor.raise('AttributeError', missingAttributeMessage(executor, object, name));
}

function missingAttributeMessage(executor: Executor, object: Value, name: string): string {
  if (object instanceof PyClass) return `type object '${object.name}' has no attribute '${name}'`;
  if (isModule(object)) return `module '${object.name}' has no attribute '${name}'`;
  return `'${executor.typeOf(object).name}' object has no attribute '${name}'`;
}

function isModule(object: Value): object is PyModule {
  return object !== null && typeof object === 'object' && (object satisfies PyObject).kind === 'module';
}

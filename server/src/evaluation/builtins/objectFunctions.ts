/**
 * Functions about objects: isinstance, getattr, hasattr, setattr, callable, id, hash, repr, format, vars, dir, globals.
 */
import { keyOf } from '../containers.ts';
import { liveDict } from '../liveDict.ts';
import type { Runtime } from '../runtime.ts';
import { ELLIPSIS, PyDict, PyFloat, PyInstance, PyList, PyModule, PyTuple, PyUnknown, type Value } from '../values.ts';
import { stringArgument } from './arguments.ts';
import { isInstanceOf, isSubclassOf } from './classChecks.ts';
import { countKey } from './containerCreation.ts';
import { members, mergeMembers, strictMembers } from './define.ts';
import { formatValue } from './format.ts';
import { asInteger } from './numberValues.ts';
import { hasMethod } from './numberFunctions.ts';
import { hasOwnMethod } from './ownMethods.ts';
import { identityOf, namesOf } from './objectMembers.ts';
import { unbox } from './unbox.ts';
import { unknownText } from './unknownText.ts';

export const objectFunctions: ReadonlyMap<string, Value> = mergeMembers(
  members(undefined, {
    'isinstance(obj, class_or_tuple, /)': isInstanceOf,
    'issubclass(cls, class_or_tuple, /)': isSubclassOf,
    'setattr(obj, name, value, /)': setAttribute,
    'repr(obj, /)': (runtime, object) => unknownText(runtime, object) ?? runtime.repr(object),
    'ascii(obj, /)': (runtime, object) => unknownText(runtime, object) ?? escapeNonAscii(runtime.repr(object)),
    'id(obj, /)': identityOf,
  }),
  strictMembers(undefined, {
    'getattr(object, name, default=..., /)': getAttribute,
    'hasattr(obj, name, /)': hasAttribute,
    'delattr(obj, name, /)': (runtime, object, name) => {
      const text = stringArgument(runtime, name, 'attribute name');
      if (typeof text === 'string') runtime.deleteAttribute(object, text);
      return null;
    },
    'callable(obj, /)': (runtime, object) => isCallable(runtime, object),
    'hash(obj, /)': hash,
    "format(value, format_spec='', /)": (runtime, value, spec) => {
      const text = stringArgument(runtime, spec, 'format() argument 2');
      return text instanceof PyUnknown ? text : formatValue(runtime, value, text);
    },
    'vars(object=..., /)': (runtime, object) => {
      if (object === ELLIPSIS) return localNames(runtime);
      const found = runtime.lookupAttribute(object, '__dict__') ?? runtime.attributesOf(object);
      return found ?? runtime.raise('TypeError', 'vars() argument must have __dict__ attribute');
    },
    'dir(object=..., /)': (runtime, object) => {
      const names = object === ELLIPSIS ? namesInScope(runtime) : dirOf(runtime, object);
      return names instanceof PyUnknown ? names : new PyList([...names].sort());
    },
    'globals()': (runtime) => {
      const scope = runtime.currentScope();
      return (scope && runtime.attributesOf(scope.module)) ?? new PyDict();
    },
    'locals()': localNames,
  }),
);

export function isCallable(runtime: Runtime, object: Value): boolean {
  if (object === null || typeof object !== 'object') return false;
  if (hasOwnMethod(runtime, object, '__call__')) return true;
  switch (object.kind) {
    case 'function':
    case 'native':
    case 'boundMethod':
    case 'class':
    case 'staticMethod':
      return true;
    default:
      return hasMethod(runtime, object, '__call__');
  }
}

function getAttribute(runtime: Runtime, object: Value, name: Value, defaultValue: Value): Value {
  const text = stringArgument(runtime, name, 'attribute name');
  if (text instanceof PyUnknown) return text;
  if (defaultValue === ELLIPSIS) return runtime.getAttribute(object, text);
  const found = runtime.lookupAttribute(object, text);
  return found === undefined ? defaultValue : found;
}

function hasAttribute(runtime: Runtime, object: Value, name: Value): Value {
  const text = stringArgument(runtime, name, 'attribute name');
  if (text instanceof PyUnknown) return text;
  const found = runtime.lookupAttribute(object, text);
  const isOpen = found instanceof PyUnknown && runtime.typeOf(object).unknownBase === found;
  return isOpen ? found : found !== undefined;
}

function setAttribute(runtime: Runtime, object: Value, name: Value, value: Value): Value {
  const text = stringArgument(runtime, name, 'attribute name');
  if (text instanceof PyUnknown) runtime.omit(`An attribute with an unknown name was not set (${text.reason}).`);
  else if (!(object instanceof PyUnknown)) runtime.setAttribute(object, text, value);
  return null;
}

/** Numbers hash to themselves; texts are salted in Python, so that theirs are unknown. */
function hash(runtime: Runtime, object: Value): Value {
  if (object instanceof PyInstance && hasMethod(runtime, object, '__hash__')) {
    const method = runtime.lookupInClass(object.class_, '__hash__');
    if (method === null) return unhashable(runtime, object);
    const isInherited = method === runtime.builtinClass('object').attributes.get('__hash__');
    if (object.payload === undefined || !isInherited)
      return checkedHash(runtime, runtime.callMethod(object, '__hash__'));
  }
  if (hasOwnMethod(runtime, object, '__hash__')) return checkedHash(runtime, runtime.callMethod(object, '__hash__'));
  const plain = unbox(object);
  const integer = asInteger(plain);
  if (typeof integer === 'number') return integer === -1 ? -2 : integer;
  if (plain instanceof PyFloat && Number.isSafeInteger(plain.value)) return plain.value;
  const tooLong = countKey(runtime, plain);
  if (tooLong !== undefined) return tooLong;
  if (keyOf(plain) === undefined && !(plain instanceof PyTuple)) return unhashable(runtime, object);
  const isObject = plain !== null && typeof plain === 'object' && !(plain instanceof PyTuple);
  return isObject && plain.kind !== 'bytes' ? identityOf(runtime, plain) : runtime.unknown('the hash of a value');
}

function checkedHash(runtime: Runtime, hashed: Value): Value {
  const plain = unbox(hashed);
  if (plain instanceof PyUnknown || asInteger(plain) !== undefined) return plain;
  return runtime.raise('TypeError', '__hash__ method should return an integer');
}

function unhashable(runtime: Runtime, object: Value): never {
  return runtime.raise('TypeError', `unhashable type: '${runtime.typeOf(object).name}'`);
}

function dirOf(runtime: Runtime, object: Value): Iterable<string> | PyUnknown {
  const own = object instanceof PyModule ? object.names.get('__dir__') : undefined;
  if (own === undefined && !hasMethod(runtime, object, '__dir__')) return namesOf(runtime, object);
  const names: string[] = [];
  for (const name of runtime.iterate(own === undefined ? runtime.callMethod(object, '__dir__') : runtime.call(own))) {
    if (name instanceof PyUnknown) return name;
    if (typeof name === 'string') names.push(name);
  }
  return names;
}

function namesInScope(runtime: Runtime): Iterable<string> {
  return runtime.currentScope()?.environment.names.keys() ?? [];
}

/** A copy of the local names in a function; in a class body and a module, the names themselves. */
function localNames(runtime: Runtime): PyDict {
  const { environment, module } = runtime.currentScope() ?? {};
  if (module !== undefined && environment?.names === module.names) return runtime.attributesOf(module) ?? new PyDict();
  if (environment?.isClassBody === true) return liveDict(undefined, () => environment.names);
  const dict = new PyDict();
  for (const [key, value] of environment?.names ?? []) {
    dict.entries.set(keyOf(key), { key, value });
  }
  return dict;
}

function escapeNonAscii(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 128) return character;
    const hex = code.toString(16);
    if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  }).join('');
}

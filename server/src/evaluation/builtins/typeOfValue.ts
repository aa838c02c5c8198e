/**
 * The class of any value: 3 -> int, [1] -> list, an instance -> its class, a class -> its metaclass.
 * An unknown value has no class of its own and counts as `object`.
 */
import { assertNever, invariant } from '../../base/assert.ts';
import type { PyClass, PyObject, Value } from '../values.ts';

export function typeOfValue(classes: ReadonlyMap<string, PyClass>, value: Value): PyClass {
  const own = ownClass(value);
  if (own !== undefined) return own;
  const cls = classes.get(builtinClassName(value));
  invariant(cls !== undefined, 'every kind of value has a builtin class');
  return cls;
}

function ownClass(value: Value): PyClass | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  switch (value.kind) {
    case 'instance':
    case 'module':
      return value.class_;
    case 'list':
    case 'dict':
    case 'set':
      return value.class;
    case 'tuple':
      return value.namedClass;
    case 'class':
      return value.metaclass;
    default:
      return undefined;
  }
}

function builtinClassName(value: Value): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
    default:
      return classNameOfObject(value);
  }
}

function classNameOfObject(value: PyObject): string {
  switch (value.kind) {
    case 'float':
    case 'complex':
    case 'bytes':
    case 'ellipsis':
    case 'tuple':
    case 'list':
    case 'dict':
    case 'slice':
    case 'range':
    case 'function':
    case 'module':
    case 'super':
      return value.kind;
    case 'property':
      return value.slotName === undefined ? 'property' : 'member_descriptor';
    case 'notImplemented':
      return 'NotImplementedType';
    case 'set':
      return value.isFrozen ? 'frozenset' : 'set';
    case 'symbolicInt':
      return 'int';
    case 'native':
      return 'builtin_function_or_method';
    case 'boundMethod':
      return 'method';
    case 'class':
      return 'type';
    case 'staticMethod':
      return 'staticmethod';
    case 'classMethod':
      return 'classmethod';
    case 'iterator':
      return 'generator';
    case 'instance':
    case 'unknown':
      return 'object';
    default:
      return assertNever(value);
  }
}

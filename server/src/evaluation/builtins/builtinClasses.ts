/**
 * The builtin classes of one project: createBuiltinClasses() -> Map { 'object' -> PyClass, 'int' -> PyClass, ... }.
 * Classes that Python does not name in `builtins` (NoneType, function, dict_keys) are among them, as the classes of
 * their values.
 */
import { invariant } from '../../base/assert.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, type Arguments, type Value } from '../values.ts';
import { allocateBool, allocateBytes, allocateComplex, allocateFloat, allocateInt, allocateStr } from './allocation.ts';
import {
  allocateClassMethod,
  allocateObject,
  allocateProperty,
  allocateRange,
  allocateSlice,
  allocateStaticMethod,
  allocateSuper,
  allocateType,
  refuseAllocation,
} from './allocation.ts';
import { allocateDict, allocateFrozenSet, allocateList, allocateSet, allocateTuple } from './containerCreation.ts';
import {
  EXCEPTION_BASES,
  allocateException,
  baseExceptionMembers,
  keyErrorMembers,
  stopIterationMembers,
} from './exceptions.ts';

interface ClassDefinition {
  readonly name: string;
  /** "object" where not given. */
  readonly base?: string;
  /** `__new__`: makes the instance; inherited where not given. */
  readonly allocate?: (runtime: Runtime, cls: PyClass, args: Arguments) => Value;
  readonly members?: ReadonlyMap<string, Value>;
}

/** Bases before subclasses. */
const DEFINITIONS: readonly ClassDefinition[] = [
  { name: 'object', allocate: allocateObject },
  { name: 'type', allocate: allocateType },
  { name: 'int', allocate: allocateInt },
  { name: 'bool', base: 'int', allocate: allocateBool },
  { name: 'float', allocate: allocateFloat },
  { name: 'complex', allocate: allocateComplex },
  { name: 'str', allocate: allocateStr },
  { name: 'bytes', allocate: allocateBytes },
  { name: 'tuple', allocate: allocateTuple },
  { name: 'list', allocate: allocateList },
  { name: 'dict', allocate: allocateDict },
  { name: 'set', allocate: allocateSet },
  { name: 'frozenset', allocate: allocateFrozenSet },
  { name: 'slice', allocate: allocateSlice },
  { name: 'range', allocate: allocateRange },
  { name: 'property', allocate: allocateProperty },
  { name: 'staticmethod', allocate: allocateStaticMethod },
  { name: 'classmethod', allocate: allocateClassMethod },
  { name: 'super', allocate: allocateSuper },
  ...['NoneType', 'ellipsis', 'NotImplementedType', 'function', 'builtin_function_or_method', 'method'].map(hidden),
  ...['module', 'generator', 'dict_keys', 'dict_values', 'dict_items'].map(hidden),
  ...EXCEPTION_BASES.map(([name, base]) => exceptionDefinition(name, base)),
];

export function createBuiltinClasses(): ReadonlyMap<string, PyClass> {
  const classes = new Map<string, PyClass>();
  for (const { name, base, allocate, members } of DEFINITIONS) {
    const baseClass = classes.get(base ?? 'object');
    invariant(baseClass !== undefined || name === 'object', `the base of ${name} stands before it`);
    const bases = baseClass === undefined ? [] : [baseClass];
    const cls = new PyClass(name, bases, new Map(members), 'builtins');
    cls.allocate = allocate;
    classes.set(name, cls);
  }
  return classes;
}

function hidden(name: string): ClassDefinition {
  return { name, allocate: refuseAllocation };
}

const EXCEPTION_MEMBERS: ReadonlyMap<string, ReadonlyMap<string, Value>> = new Map([
  ['BaseException', baseExceptionMembers],
  ['KeyError', keyErrorMembers],
  ['StopIteration', stopIterationMembers],
]);

function exceptionDefinition(name: string, base: string): ClassDefinition {
  const members = EXCEPTION_MEMBERS.get(name);
  return {
    name,
    base,
    ...(name === 'BaseException' ? { allocate: allocateException } : {}),
    ...(members === undefined ? {} : { members }),
  };
}

/**
 * The builtin classes of one project: createBuiltinClasses() -> Map { 'object' -> PyClass, 'int' -> PyClass, ... }.
 * Classes that Python does not name in `builtins` (NoneType, function, dict_keys) are among them, as the classes of
 * their values.
 */
import { invariant } from '../../base/assert.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, type Arguments, type Value } from '../values.ts';
import {
  allocateBool,
  allocateBytes,
  allocateClassMethod,
  allocateComplex,
  allocateFloat,
  allocateInt,
  allocateMethod,
  allocateFunction,
  allocateModule,
  moduleTypeMembers,
  allocateObject,
  allocateProperty,
  allocateRange,
  allocateSlice,
  allocateStaticMethod,
  allocateStr,
  allocateSuper,
  allocateType,
  refuseAllocation,
} from './allocation.ts';
import { bytesMembers } from './bytesMembers.ts';
import { allocateDict, allocateFrozenSet, allocateList, allocateSet, allocateTuple } from './containerCreation.ts';
import {
  classMethodMembers,
  functionMembers,
  generatorMembers,
  propertyMembers,
  staticMethodMembers,
} from './descriptorMembers.ts';
import { dictMembers } from './dictMembers.ts';
import { allocateMappingProxy, mappingProxyMembers } from './mappingProxy.ts';
import { DICT_VIEWS, dictViewMembers } from './dictViews.ts';
import {
  EXCEPTION_BASES,
  allocateException,
  baseExceptionMembers,
  keyErrorMembers,
  stopIterationMembers,
} from './exceptions.ts';
import { GENERIC_ALIAS, UNION_TYPE, genericAliasMembers } from './genericAlias.ts';
import { allocateEnumerate, allocateFilter, allocateMap, allocateReversed, allocateZip } from './lazyIteration.ts';
import { listMembers } from './listMembers.ts';
import { complexMembers, floatMembers, intMembers } from './numberMembers.ts';
import { objectMembers, typeMembers } from './objectMembers.ts';
import { frozenSetMembers, setMembers } from './setMembers.ts';
import { strMembers } from './strMembers.ts';
import { rangeMembers, sliceMembers, tupleMembers } from './tupleMembers.ts';

interface ClassDefinition {
  readonly name: string;
  /** "object" where not given. */
  readonly base?: string;
  /** `__new__`: makes the instance; inherited where not given. */
  readonly allocate?: (runtime: Runtime, cls: PyClass, args: Arguments) => Value;
  /** Made anew for every project, as Python code may change classes. */
  readonly members?: () => ReadonlyMap<string, Value>;
}

const EXCEPTION_MEMBERS: ReadonlyMap<string, () => ReadonlyMap<string, Value>> = new Map([
  ['BaseException', baseExceptionMembers],
  ['KeyError', keyErrorMembers],
  ['StopIteration', stopIterationMembers],
]);

/** Bases before subclasses. */
const DEFINITIONS: readonly ClassDefinition[] = [
  { name: 'object', allocate: allocateObject, members: objectMembers },
  { name: 'type', allocate: allocateType, members: typeMembers },
  { name: 'int', allocate: allocateInt, members: intMembers },
  { name: 'bool', base: 'int', allocate: allocateBool },
  { name: 'float', allocate: allocateFloat, members: floatMembers },
  { name: 'complex', allocate: allocateComplex, members: complexMembers },
  { name: 'str', allocate: allocateStr, members: strMembers },
  { name: 'bytes', allocate: allocateBytes, members: bytesMembers },
  { name: 'tuple', allocate: allocateTuple, members: tupleMembers },
  { name: 'list', allocate: allocateList, members: listMembers },
  { name: 'dict', allocate: allocateDict, members: dictMembers },
  { name: 'mappingproxy', allocate: allocateMappingProxy, members: mappingProxyMembers },
  { name: 'set', allocate: allocateSet, members: setMembers },
  { name: 'frozenset', allocate: allocateFrozenSet, members: frozenSetMembers },
  { name: 'slice', allocate: allocateSlice, members: sliceMembers },
  { name: 'range', allocate: allocateRange, members: rangeMembers },
  { name: 'property', allocate: allocateProperty, members: propertyMembers },
  { name: 'member_descriptor', allocate: refuseAllocation, members: propertyMembers },
  { name: 'staticmethod', allocate: allocateStaticMethod, members: staticMethodMembers },
  { name: 'classmethod', allocate: allocateClassMethod, members: classMethodMembers },
  { name: 'super', allocate: allocateSuper },
  { name: 'enumerate', allocate: allocateEnumerate },
  { name: 'zip', allocate: allocateZip },
  { name: 'map', allocate: allocateMap },
  { name: 'filter', allocate: allocateFilter },
  { name: 'reversed', allocate: allocateReversed },
  { name: 'function', allocate: allocateFunction, members: functionMembers },
  { name: 'generator', allocate: refuseAllocation, members: generatorMembers },
  { name: 'module', allocate: allocateModule, members: moduleTypeMembers },
  { name: 'method', allocate: allocateMethod },
  { name: GENERIC_ALIAS, allocate: refuseAllocation, members: genericAliasMembers },
  { name: UNION_TYPE, base: GENERIC_ALIAS, allocate: refuseAllocation },
  ...DICT_VIEWS.map((name) => ({ name, allocate: refuseAllocation, members: () => dictViewMembers(name) })),
  ...['NoneType', 'ellipsis', 'NotImplementedType', 'builtin_function_or_method'].map(hidden),
  ...EXCEPTION_BASES.map(([name, base]) => exceptionDefinition(name, base)),
];

export function createBuiltinClasses(): ReadonlyMap<string, PyClass> {
  const classes = new Map<string, PyClass>();
  for (const { name, base, allocate, members } of DEFINITIONS) {
    const baseClass = classes.get(base ?? 'object');
    invariant(baseClass !== undefined || name === 'object', `the base of ${name} stands before it`);
    const bases = baseClass === undefined ? [] : [baseClass];
    const cls = new PyClass(name, bases, new Map(members?.()), 'builtins');
    cls.allocate = allocate;
    classes.set(name, cls);
  }
  return classes;
}

function hidden(name: string): ClassDefinition {
  return { name, allocate: refuseAllocation };
}

function exceptionDefinition(name: string, base: string): ClassDefinition {
  const members = EXCEPTION_MEMBERS.get(name);
  return {
    name,
    base,
    ...(name === 'BaseException' ? { allocate: allocateException } : {}),
    ...(members === undefined ? {} : { members }),
  };
}

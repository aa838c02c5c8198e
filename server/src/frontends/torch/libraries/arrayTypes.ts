/**
 * Types that say the shape of an array, and the checkers that read them when code runs. Functions stay as they are under
 * a checker; `Float[Tensor, "b 3 224 224"]` is kept, so that forward's parameters can be asked for their shapes.
 */
import { define, members } from '../../../evaluation/builtins/define.ts';
import { genericAlias } from '../../../evaluation/builtins/genericAlias.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClassMethod, PyFunction, PyClass, type Value } from '../../../evaluation/values.ts';
import type { DType } from '../../../graph/dtype.ts';
import { worldOf } from '../torchWorld.ts';

/** Names of jaxtyping's types with the dtype that we take for each; several dtypes have the commonest. */
export const ARRAY_TYPES: ReadonlyMap<string, DType> = new Map<string, DType>([
  ...['Float', 'Float32', 'Inexact', 'Num', 'Real', 'Shaped'].map((name) => [name, 'float32'] as const),
  ['Float64', 'float64'],
  ['Float16', 'float16'],
  ['BFloat16', 'bfloat16'],
  ...['Int', 'Int64', 'Integer', 'UInt', 'Key', 'UInt16', 'UInt32', 'UInt64'].map((name) => [name, 'int64'] as const),
  ['Int32', 'int32'],
  ['Int16', 'int16'],
  ['Int8', 'int8'],
  ['UInt8', 'uint8'],
  ['Bool', 'bool'],
  ...['Complex', 'Complex64'].map((name) => [name, 'complex64'] as const),
  ['Complex128', 'complex128'],
]);

/** A class that keeps what it is subscripted with. */
function subscriptable(runtime: Runtime, name: string, module: string): PyClass {
  return worldOf(runtime).defineClass(name, module, undefined, [
    ['__class_getitem__', new PyClassMethod(define('__class_getitem__(cls, item, /)', genericAlias))],
  ]);
}

/** `@checked`, `@checked(option=...)`: the function or class itself. */
function decorator(name: string, owner: string): readonly [string, Value] {
  const body = (_: Runtime, first: Value): Value =>
    first instanceof PyFunction || first instanceof PyClass ? first : unchanged(owner);
  return [name, define(`${name}(fn=None, /, *args, **kwargs)`, body, owner)];
}

function unchanged(owner: string): Value {
  return define('decorate(fn)', (_, fn) => fn, owner);
}

export const arrayTypeModules: readonly NativeModuleDefinition[] = [
  {
    name: 'jaxtyping',
    members: (runtime) =>
      new Map([
        ...[...ARRAY_TYPES.keys()].map((name) => [name, subscriptable(runtime, name, 'jaxtyping')] as const),
        decorator('jaxtyped', 'jaxtyping'),
      ]),
  },
  {
    name: 'torchtyping',
    members: (runtime) =>
      new Map<string, Value>([
        ['TensorType', subscriptable(runtime, 'TensorType', 'torchtyping')],
        ...members('torchtyping', { 'patch_typeguard()': () => null }),
      ]),
  },
  {
    name: 'beartype',
    members: () => new Map([decorator('beartype', 'beartype')]),
  },
  {
    name: 'typeguard',
    members: () => new Map([decorator('typechecked', 'typeguard')]),
  },
];

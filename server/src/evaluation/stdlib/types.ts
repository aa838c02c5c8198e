/**
 * The module `types`: the classes of functions, modules and the like, SimpleNamespace, MappingProxyType, new_class.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyDict, PyInstance, PyTuple, type Value } from '../values.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

/** Name in `types` to name of the class. */
const CLASSES = [
  ['FunctionType', 'function'],
  ['LambdaType', 'function'],
  ['BuiltinFunctionType', 'builtin_function_or_method'],
  ['BuiltinMethodType', 'builtin_function_or_method'],
  ['MethodType', 'method'],
  ['ModuleType', 'module'],
  ['GeneratorType', 'generator'],
  ['NoneType', 'NoneType'],
  ['EllipsisType', 'ellipsis'],
  ['NotImplementedType', 'NotImplementedType'],
  ['GenericAlias', 'GenericAlias'],
  ['UnionType', 'UnionType'],
  ['DynamicClassAttribute', 'property'],
  ['MappingProxyType', 'mappingproxy'],
] as const;

const INERT = ['CodeType', 'TracebackType', 'FrameType', 'CellType', 'CoroutineType', 'AsyncGeneratorType'];

export const typesModule: NativeModuleDefinition = {
  name: 'types',
  members: (runtime) =>
    mergeMembers(
      new Map(CLASSES.map(([name, builtin]) => [name, runtime.builtinClass(builtin)])),
      new Map(INERT.map((name) => [name, nativeClass(runtime, `types.${name}`)])),
      new Map([['SimpleNamespace', simpleNamespace(runtime)]]),
      members('types', {
        'coroutine(func)': (_, fn) => fn,
        'new_class(name, bases=(), kwds=None, exec_body=None)': (_, name, bases, keywords, fillIn) => {
          const namespace = new PyDict();
          if (fillIn !== null) runtime.call(fillIn, [namespace]);
          return runtime.makeClass(
            typeof name === 'string' ? name : '?',
            bases instanceof PyTuple ? bases.items : [],
            keywordsOf(namespace),
            keywordsOf(keywords),
          );
        },
        'prepare_class(name, bases=(), kwds=None)': () =>
          new PyTuple([runtime.builtinClass('type'), new PyDict(), new PyDict()]),
        'resolve_bases(bases)': (_, bases) => bases,
        'get_original_bases(cls, /)': (_, cls) => runtime.getAttribute(cls, '__bases__'),
      }),
    ),
};

function simpleNamespace(runtime: Runtime): Value {
  return nativeClass(runtime, 'types.SimpleNamespace', {
    members: members('types.SimpleNamespace', {
      '__init__(self, **kwargs)': (_, self, kwargs) => {
        for (const [name, value] of keywordsOf(kwargs)) runtime.setAttribute(self, name, value);
        return null;
      },
      '__repr__(self)': (_, self) => {
        const attributes = self instanceof PyInstance ? [...self.attributes] : [];
        return `namespace(${attributes.map(([name, value]) => `${name}=${runtime.repr(value)}`).join(', ')})`;
      },
      '__eq__(self, other)': (_, self, other) => {
        const [a, b] = [self, other].map((side) => runtime.attributesOf(side));
        return a !== undefined && b !== undefined && other instanceof PyInstance ? runtime.compare('==', a, b) : false;
      },
    }),
  });
}

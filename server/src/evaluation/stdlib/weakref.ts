/**
 * The module `weakref`: references that never die.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyInstance, type PyClass, type Value } from '../values.ts';
import { allocateDict, allocateSet } from '../builtins/containerCreation.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

export const weakrefModule: NativeModuleDefinition = {
  name: 'weakref',
  members: (runtime) => {
    const dict = (name: string): PyClass =>
      nativeClass(runtime, `weakref.${name}`, { bases: [runtime.builtinClass('dict')], allocate: allocateDict });
    const set = nativeClass(runtime, 'weakref.WeakSet', {
      bases: [runtime.builtinClass('set')],
      allocate: allocateSet,
    });
    const reference = referenceClass(runtime);
    return mergeMembers(
      new Map<string, Value>([
        ['ref', reference],
        ['ReferenceType', reference],
        ['WeakMethod', reference],
        ['WeakKeyDictionary', dict('WeakKeyDictionary')],
        ['WeakValueDictionary', dict('WeakValueDictionary')],
        ['WeakSet', set],
      ]),
      members('weakref', {
        'proxy(object, callback=None, /)': (_, object) => object,
        'finalize(obj, func, /, *args, **kwargs)': () => null,
        'getweakrefcount(object, /)': () => 0,
      }),
    );
  },
};

function referenceClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'weakref.ReferenceType', {
    allocate: (_, cls, args) => {
      const [target = null] = args.positional;
      if (target === null || typeof target !== 'object' || ['float', 'tuple', 'bytes'].includes(target.kind)) {
        const { name } = runtime.typeOf(target);
        return runtime.raise('TypeError', `cannot create weak reference to '${name}' object`);
      }
      const reference = new PyInstance(cls);
      reference.attributes.set('_target', args.positional[0] ?? null);
      return reference;
    },
    members: members('weakref.ReferenceType', {
      '__init__(self, object, callback=None, /)': () => null,
      '__call__(self)': (_, self) => (self instanceof PyInstance ? (self.attributes.get('_target') ?? null) : null),
      '__eq__(self, other)': (_, self, other) =>
        self instanceof PyInstance &&
        other instanceof PyInstance &&
        self.attributes.get('_target') === other.attributes.get('_target'),
    }),
  });
}

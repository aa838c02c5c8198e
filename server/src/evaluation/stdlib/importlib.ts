/**
 * The modules `importlib`, `importlib.util` and `__future__`: import_module(".layers", __package__) imports as usual.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { PyModule, PyRaise, PyUnknown, type PyInstance } from '../values.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

export const importlibModule: NativeModuleDefinition = {
  name: 'importlib',
  members: () =>
    members('importlib', {
      'import_module(name, package=None)': (runtime, name, from) =>
        typeof name === 'string'
          ? runtime.importModule(name, typeof from === 'string' ? from : undefined)
          : runtime.unknown('a module whose name is unknown'),
      'reload(module)': (_, module) => module,
      'invalidate_caches()': () => null,
    }),
};

export const importlibUtilModule: NativeModuleDefinition = {
  name: 'importlib.util',
  members: () =>
    members('importlib.util', {
      /** Whether a module is installed is all that is asked of a spec. */
      'find_spec(name, package=None)': (runtime, name, from) => {
        if (typeof name !== 'string') return name;
        const module = runtime.findModule(name, typeof from === 'string' ? from : undefined);
        if (module instanceof PyModule) return module;
        return module instanceof PyUnknown && /modelled/.test(module.reason) ? module : null;
      },
    }),
};

/** Versions of what we model, by its `__version__`; what else is installed with which version is not looked at. */
export const importlibMetadataModule: NativeModuleDefinition = {
  name: 'importlib.metadata',
  members: (runtime) => {
    const notFound = nativeClass(runtime, 'importlib.metadata.PackageNotFoundError', {
      bases: [runtime.builtinClass('ModuleNotFoundError')],
    });
    return mergeMembers(
      new Map([['PackageNotFoundError', notFound]]),
      members('importlib.metadata', {
        'version(distribution_name)': (_, name) => {
          if (typeof name !== 'string') return name;
          const module = runtime.importModule(name.replaceAll('-', '_'));
          if (module instanceof PyUnknown && !/modelled/.test(module.reason)) {
            throw new PyRaise(runtime.call(notFound, [name]) as PyInstance, runtime.callStack());
          }
          const isModelled = module instanceof PyModule && module.file === undefined;
          const version = isModelled ? runtime.lookupAttribute(module, '__version__') : undefined;
          return typeof version === 'string' ? version : runtime.unknown(`the installed version of ${name}`);
        },
      }),
    );
  },
};

export const futureModule: NativeModuleDefinition = {
  name: '__future__',
  members: () => new Map(),
  missing: () => null,
};

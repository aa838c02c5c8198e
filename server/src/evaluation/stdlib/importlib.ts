/**
 * The modules `importlib`, `importlib.util` and `__future__`: import_module(".layers", __package__) imports as usual.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { PyModule, PyUnknown } from '../values.ts';
import { members } from '../builtins/define.ts';

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
        const module = runtime.importModule(name, typeof from === 'string' ? from : undefined);
        if (module instanceof PyModule) return module;
        return module instanceof PyUnknown && /modelled/.test(module.reason) ? module : null;
      },
    }),
};

export const futureModule: NativeModuleDefinition = {
  name: '__future__',
  members: () => new Map(),
  missing: () => null,
};

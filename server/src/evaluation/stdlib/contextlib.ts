/**
 * The module `contextlib`: context managers from generators, nullcontext, suppress, ExitStack.
 */
import { members, mergeMembers, define } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { NativeFunction, PyClass, PyInstance, PyList, PyTuple, type Value } from '../values.ts';

export const contextlibModule: NativeModuleDefinition = {
  name: 'contextlib',
  members: (runtime) => {
    const manager = generatorManager(runtime);
    return mergeMembers(
      new Map<string, Value>([
        ['nullcontext', nullContext(runtime)],
        ['suppress', suppress(runtime)],
        ['ExitStack', exitStack(runtime)],
        ['ContextDecorator', nativeClass(runtime, 'contextlib.ContextDecorator')],
        ['AbstractContextManager', nativeClass(runtime, 'contextlib.AbstractContextManager')],
      ]),
      members('contextlib', {
        'contextmanager(func)': (_, fn) => managerFactory(manager, fn),
        'asynccontextmanager(func)': (_, fn) => managerFactory(manager, fn),
        'closing(thing)': (_, thing) => thing,
      }),
    );
  },
};

/** `@contextmanager`: each call makes a manager around a new generator. */
function managerFactory(manager: PyClass, fn: Value): NativeFunction {
  return new NativeFunction('contextmanager', (runtime, args) => {
    const instance = new PyInstance(manager);
    instance.attributes.set('gen', runtime.call(fn, args.positional, args.keywords));
    return instance;
  });
}

function generatorManager(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib._GeneratorContextManager', {
    members: members('contextlib._GeneratorContextManager', {
      '__enter__(self)': (each, self) => nextOf(each, each.getAttribute(self, 'gen')),
      '__exit__(self, type, value, traceback)': (each, self, _, value) => {
        const generator = each.getAttribute(self, 'gen');
        if (value === null) {
          nextOf(each, generator);
          return false;
        }
        each.callMethod(generator, 'throw', [value]);
        return true;
      },
      // A manager also decorates: the function runs inside of it.
      '__call__(self, func)': (_, self, fn) =>
        define('inner(*args, **kwargs)', (each, args) => {
          nextOf(each, each.getAttribute(self, 'gen'));
          return each.call(fn ?? null, args instanceof PyTuple ? args.items : []);
        }),
    }),
  });
}

function nextOf(runtime: Runtime, generator: Value): Value {
  const next = runtime.getAttribute(runtime.importModule('builtins'), 'next');
  return runtime.call(next, [generator, null]);
}

function nullContext(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.nullcontext', {
    members: members('contextlib.nullcontext', {
      '__init__(self, enter_result=None)': (each, self, result) => {
        each.setAttribute(self, 'enter_result', result);
        return null;
      },
      '__enter__(self)': (each, self) => each.getAttribute(self, 'enter_result'),
      '__exit__(self, *excinfo)': () => false,
    }),
  });
}

function suppress(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.suppress', {
    members: members('contextlib.suppress', {
      '__init__(self, *exceptions)': (each, self, exceptions) => {
        each.setAttribute(self, '_exceptions', exceptions);
        return null;
      },
      '__enter__(self)': () => null,
      '__exit__(self, type, value, traceback)': (each, self, type) => {
        const wanted = each.getAttribute(self, '_exceptions');
        if (!(type instanceof PyClass) || !(wanted instanceof PyTuple)) return false;
        return wanted.items.some((item) => item instanceof PyClass && type.mro.includes(item));
      },
    }),
  });
}

function exitStack(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.ExitStack', {
    members: members('contextlib.ExitStack', {
      '__init__(self)': (each, self) => {
        each.setAttribute(self, '_managers', new PyList([]));
        return null;
      },
      'enter_context(self, cm)': (each, self, manager) => {
        each.callMethod(each.getAttribute(self, '_managers'), 'append', [manager]);
        return each.callMethod(manager, '__enter__');
      },
      'callback(self, callback, /, *args, **kwds)': (_, __, callback) => callback,
      'close(self)': () => null,
      '__enter__(self)': (_, self) => self,
      '__exit__(self, *excinfo)': (each, self, info) => {
        const managers = each.getAttribute(self, '_managers');
        const items = managers instanceof PyList ? [...managers.items].reverse() : [];
        for (const manager of items) each.callMethod(manager, '__exit__', info instanceof PyTuple ? info.items : []);
        return false;
      },
    }),
  });
}

/**
 * The module `contextlib`: context managers from generators, nullcontext, suppress, ExitStack, closing.
 * `with suppress(KeyError): ...` swallows that exception; a contextmanager also decorates functions.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyInstance, PyRaise, PyTuple, PyUnknown, type Arguments, type Value } from '../values.ts';
import { callableObject } from '../builtins/callableObject.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { nextItem } from '../builtins/iterationFunctions.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { isRaisedException } from '../builtins/raising.ts';
import { exitStackClass } from './exitStack.ts';
import { updateWrapper } from './functionWrapper.ts';

export const contextlibModule: NativeModuleDefinition = {
  name: 'contextlib',
  members: (runtime) => {
    const manager = generatorManager(runtime);
    const makeFactory = (_: Runtime, fn: Value): Value => {
      if (fn instanceof PyUnknown) return fn;
      const factory = callableObject(runtime, (args) => new GeneratorManager(manager, fn, args));
      return updateWrapper(runtime, factory, fn);
    };
    return mergeMembers(
      new Map<string, Value>([
        ['nullcontext', nullContext(runtime)],
        ['suppress', suppress(runtime)],
        ['closing', closing(runtime)],
        ['ExitStack', exitStackClass(runtime, 'contextlib.ExitStack')],
        ['AsyncExitStack', exitStackClass(runtime, 'contextlib.AsyncExitStack')],
        [
          'ContextDecorator',
          nativeClass(runtime, 'contextlib.ContextDecorator', { members: decoratorMembers(runtime) }),
        ],
        ['AbstractContextManager', abstractManager(runtime)],
        ['AbstractAsyncContextManager', nativeClass(runtime, 'contextlib.AbstractAsyncContextManager')],
        ['redirect_stdout', nullContext(runtime)],
        ['redirect_stderr', nullContext(runtime)],
      ]),
      members('contextlib', { 'contextmanager(func)': makeFactory, 'asynccontextmanager(func)': makeFactory }),
    );
  },
};

/** Makes its generator when it is entered, and a new one for each call of a function that it decorates. */
class GeneratorManager extends PyInstance {
  generator: Value = null;
  constructor(
    cls: PyClass,
    readonly factory: Value,
    readonly args: Arguments,
  ) {
    super(cls);
  }
}

function generatorManager(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib._GeneratorContextManager', {
    members: members('contextlib._GeneratorContextManager', {
      '__enter__(self)': (_, self) => {
        if (!(self instanceof GeneratorManager)) return self;
        self.generator = runtime.call(self.factory, self.args.positional, self.args.keywords);
        const value = nextItem(runtime, self.generator);
        return value === undefined ? runtime.raise('RuntimeError', "generator didn't yield") : value;
      },
      '__exit__(self, type, value, traceback)': (_, self, type, value) =>
        self instanceof GeneratorManager ? leave(runtime, self.generator, type, value) : false,
      '__call__(self, func)': (_, self, fn) => {
        if (!(self instanceof GeneratorManager)) return fn;
        const { class_: cls, factory, args } = self;
        const inner = callableObject(runtime, (given) =>
          runWithin(runtime, new GeneratorManager(cls, factory, args), fn, given),
        );
        return updateWrapper(runtime, inner, fn);
      },
    }),
  });
}

/** Lets the generator end, or raises the exception at its `yield`; True where it swallowed the exception. */
function leave(runtime: Runtime, generator: Value, type: Value, value: Value): Value {
  if (generator instanceof PyUnknown) return false;
  if (type === null) {
    const rest = nextItem(runtime, generator);
    return rest === undefined ? false : runtime.raise('RuntimeError', "generator didn't stop");
  }
  try {
    runtime.callMethod(generator, 'throw', [value === null ? type : value]);
  } catch (error) {
    if (isRaisedException(runtime, error, 'StopIteration')) return error.value !== value;
    if (error instanceof PyRaise && error.value === value) return false;
    throw error;
  }
  return runtime.raise('RuntimeError', "generator didn't stop after throw()");
}

/** Calls a function inside of a context manager. */
function runWithin(runtime: Runtime, manager: Value, fn: Value, args: Arguments): Value {
  runtime.callMethod(manager, '__enter__');
  let result: Value;
  try {
    result = runtime.call(fn, args.positional, args.keywords);
  } catch (error) {
    if (!(error instanceof PyRaise)) throw error;
    const isSwallowed = runtime.callMethod(manager, '__exit__', [error.value.class_, error.value, null]);
    if (runtime.truth(isSwallowed) === true) return null;
    throw error;
  }
  runtime.callMethod(manager, '__exit__', [null, null, null]);
  return result;
}

/** `class track(ContextDecorator)`: instances decorate functions. */
function decoratorMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  return members('contextlib.ContextDecorator', {
    '__call__(self, func)': (_, self, fn) =>
      updateWrapper(
        runtime,
        callableObject(runtime, (args) => runWithin(runtime, self, fn, args)),
        fn,
      ),
  });
}

function abstractManager(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.AbstractContextManager', {
    members: members('contextlib.AbstractContextManager', {
      '__enter__(self)': (_, self) => self,
      '__exit__(self, type, value, traceback)': () => null,
    }),
  });
}

/** Also stands for redirect_stdout, as what is printed goes nowhere. */
function nullContext(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.nullcontext', {
    members: members('contextlib.nullcontext', {
      '__init__(self, enter_result=None)': (_, self, result) => {
        runtime.genericSetAttribute(self, 'enter_result', result);
        return null;
      },
      '__enter__(self)': (_, self) => runtime.getAttribute(self, 'enter_result'),
      '__exit__(self, *excinfo)': () => null,
    }),
  });
}

function suppress(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.suppress', {
    members: members('contextlib.suppress', {
      '__init__(self, *exceptions)': (_, self, exceptions) => {
        runtime.genericSetAttribute(self, '_exceptions', exceptions);
        return null;
      },
      '__enter__(self)': () => null,
      '__exit__(self, type, value, traceback)': (_, self, type) => {
        const wanted = runtime.getAttribute(self, '_exceptions');
        if (!(type instanceof PyClass) || !(wanted instanceof PyTuple)) return false;
        return wanted.items.some((item) => item instanceof PyClass && type.mro.includes(item));
      },
    }),
  });
}

function closing(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'contextlib.closing', {
    members: members('contextlib.closing', {
      '__init__(self, thing)': (_, self, thing) => {
        runtime.genericSetAttribute(self, 'thing', thing);
        return null;
      },
      '__enter__(self)': (_, self) => runtime.getAttribute(self, 'thing'),
      '__exit__(self, *excinfo)': (_, self) => {
        runtime.callMethod(runtime.getAttribute(self, 'thing'), 'close');
        return null;
      },
    }),
  });
}

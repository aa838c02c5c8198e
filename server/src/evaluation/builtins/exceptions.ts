/**
 * The hierarchy of Python's builtin exceptions, and what BaseException offers:
 * `raise KeyError("x")` makes an instance whose `args` is ("x",) and whose str is "'x'".
 */
import type { Runtime } from '../runtime.ts';
import { PyInstance, PyProperty, PyTuple, type Arguments, type PyClass, type Value } from '../values.ts';
import { define, members } from './define.ts';

/** [name, base], bases before subclasses. Source: Python 3.12, "Exception hierarchy". */
export const EXCEPTION_BASES: readonly (readonly [string, string])[] = [
  ['BaseException', 'object'],
  ['BaseExceptionGroup', 'BaseException'],
  ['GeneratorExit', 'BaseException'],
  ['KeyboardInterrupt', 'BaseException'],
  ['SystemExit', 'BaseException'],
  ['Exception', 'BaseException'],
  ['ArithmeticError', 'Exception'],
  ['FloatingPointError', 'ArithmeticError'],
  ['OverflowError', 'ArithmeticError'],
  ['ZeroDivisionError', 'ArithmeticError'],
  ['AssertionError', 'Exception'],
  ['AttributeError', 'Exception'],
  ['BufferError', 'Exception'],
  ['EOFError', 'Exception'],
  ['ImportError', 'Exception'],
  ['ModuleNotFoundError', 'ImportError'],
  ['LookupError', 'Exception'],
  ['IndexError', 'LookupError'],
  ['KeyError', 'LookupError'],
  ['MemoryError', 'Exception'],
  ['NameError', 'Exception'],
  ['UnboundLocalError', 'NameError'],
  ['OSError', 'Exception'],
  ['BlockingIOError', 'OSError'],
  ['ChildProcessError', 'OSError'],
  ['ConnectionError', 'OSError'],
  ['BrokenPipeError', 'ConnectionError'],
  ['ConnectionAbortedError', 'ConnectionError'],
  ['ConnectionRefusedError', 'ConnectionError'],
  ['ConnectionResetError', 'ConnectionError'],
  ['FileExistsError', 'OSError'],
  ['FileNotFoundError', 'OSError'],
  ['InterruptedError', 'OSError'],
  ['IsADirectoryError', 'OSError'],
  ['NotADirectoryError', 'OSError'],
  ['PermissionError', 'OSError'],
  ['ProcessLookupError', 'OSError'],
  ['TimeoutError', 'OSError'],
  ['ReferenceError', 'Exception'],
  ['RuntimeError', 'Exception'],
  ['NotImplementedError', 'RuntimeError'],
  ['RecursionError', 'RuntimeError'],
  ['StopAsyncIteration', 'Exception'],
  ['StopIteration', 'Exception'],
  ['SyntaxError', 'Exception'],
  ['IndentationError', 'SyntaxError'],
  ['TabError', 'IndentationError'],
  ['SystemError', 'Exception'],
  ['TypeError', 'Exception'],
  ['ValueError', 'Exception'],
  ['UnicodeError', 'ValueError'],
  ['UnicodeDecodeError', 'UnicodeError'],
  ['UnicodeEncodeError', 'UnicodeError'],
  ['UnicodeTranslateError', 'UnicodeError'],
  ['Warning', 'Exception'],
  ['BytesWarning', 'Warning'],
  ['DeprecationWarning', 'Warning'],
  ['EncodingWarning', 'Warning'],
  ['FutureWarning', 'Warning'],
  ['ImportWarning', 'Warning'],
  ['PendingDeprecationWarning', 'Warning'],
  ['ResourceWarning', 'Warning'],
  ['RuntimeWarning', 'Warning'],
  ['SyntaxWarning', 'Warning'],
  ['UnicodeWarning', 'Warning'],
  ['UserWarning', 'Warning'],
];

/** `BaseException.__new__`: keeps the arguments before any `__init__` runs. */
export function allocateException(_: Runtime, cls: PyClass, args: Arguments): Value {
  const instance = new PyInstance(cls);
  instance.attributes.set('args', new PyTuple(args.positional));
  instance.attributes.set('__cause__', null);
  instance.attributes.set('__context__', null);
  instance.attributes.set('__traceback__', null);
  for (const [name, value] of args.keywords) {
    // ImportError(name=, path=), AttributeError(name=, obj=)
    if (cls.mro.every((ancestor) => !ancestor.attributes.has(name))) instance.attributes.set(name, value);
  }
  return instance;
}

export function baseExceptionMembers(): ReadonlyMap<string, Value> {
  return members('BaseException', {
    '__init__(self, *args, **kwargs)': (runtime, self, args) => {
      if (self instanceof PyInstance) {
        runtime.mutating(self);
        self.attributes.set('args', args);
      }
      return null;
    },
    '__str__(self, /)': (runtime, self) => exceptionText(runtime, self),
    '__repr__(self, /)': (runtime, self) => {
      const items = exceptionArguments(self).map((item) => runtime.repr(item));
      return `${runtime.typeOf(self).name}(${items.join(', ')})`;
    },
    'with_traceback(self, tb, /)': (_, self) => self,
    'add_note(self, note, /)': () => null,
  });
}

export function keyErrorMembers(): ReadonlyMap<string, Value> {
  return members('KeyError', {
    '__str__(self, /)': (runtime, self) => {
      const args = exceptionArguments(self);
      const [only] = args;
      return args.length === 1 && only !== undefined ? runtime.repr(only) : exceptionText(runtime, self);
    },
  });
}

export function stopIterationMembers(): ReadonlyMap<string, Value> {
  const value = define('value(self)', (_, self) => exceptionArguments(self)[0] ?? null, 'StopIteration');
  return new Map([['value', new PyProperty(value)]]);
}

/** The `args` of an exception instance. */
export function exceptionArguments(exception: Value): readonly Value[] {
  const args = exception instanceof PyInstance ? exception.attributes.get('args') : undefined;
  return args instanceof PyTuple ? args.items : [];
}

/** `str(exception)` as BaseException gives it: "" without arguments, the argument alone, or the tuple. */
function exceptionText(runtime: Runtime, exception: Value): string {
  const args = exceptionArguments(exception);
  const [first] = args;
  if (first === undefined) return '';
  return args.length === 1 ? runtime.str(first) : runtime.repr(new PyTuple(args));
}

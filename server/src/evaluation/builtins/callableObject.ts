/**
 * Callables that a modelled library makes and that bind like Python functions: decorated with
 * `@contextlib.contextmanager`, a method still gets its `self`, which plain native functions would not.
 */
import type { Runtime } from '../runtime.ts';
import { PyBoundMethod, PyInstance, PyTuple, type Arguments, type PyClass, type Value } from '../values.ts';
import { members } from './define.ts';
import { keywordsOf } from './genericAlias.ts';
import { oncePerRuntime } from './lazily.ts';
import { nativeClass } from './nativeClass.ts';

export type CallBody = (args: Arguments) => Value;

class CallableObject extends PyInstance {
  constructor(
    cls: PyClass,
    readonly body: CallBody,
  ) {
    super(cls);
  }
}

export function callableObject(runtime: Runtime, body: CallBody): PyInstance {
  return new CallableObject(classOf(runtime), body);
}

const classOf = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'functools.wrapper', {
    members: members('functools.wrapper', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => {
        if (!(self instanceof CallableObject)) return runtime.raise('TypeError', 'the object is not callable');
        return self.body({ positional: args instanceof PyTuple ? args.items : [], keywords: keywordsOf(kwargs) });
      },
      '__get__(self, instance, owner=None, /)': (_, self, instance) =>
        instance === null ? self : new PyBoundMethod(instance, self),
    }),
  }),
);

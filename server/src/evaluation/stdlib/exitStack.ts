/**
 * contextlib.ExitStack: managers and callbacks that are left in reverse order; one may swallow the exception for those
 * before it.
 */
import type { Runtime } from '../runtime.ts';
import type { PyRaise } from '../values.ts';
import { PyInstance, PyTuple, type PyClass, type Value } from '../values.ts';
import { members } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { isRaisedException } from '../builtins/raising.ts';

/** Takes the exception in flight, or null; says whether it swallows it. */
type Exit = (exception: Value) => boolean;

class ExitStack extends PyInstance {
  exits: Exit[] = [];
}

export function exitStackClass(runtime: Runtime, qualifiedName: string): PyClass {
  const push = (self: Value, exit: Exit): void => {
    if (self instanceof ExitStack) self.exits.push(exit);
  };
  const enter = (self: Value, manager: Value): Value => {
    const value = runtime.callMethod(manager, '__enter__');
    push(self, exitOf(runtime, manager));
    return value;
  };
  return nativeClass(runtime, qualifiedName, {
    allocate: (_, cls) => new ExitStack(cls),
    members: members(qualifiedName, {
      'enter_context(self, cm)': (_, self, manager) => enter(self, manager),
      'enter_async_context(self, cm)': (_, self, manager) => enter(self, manager),
      'push(self, exit)': (_, self, manager) => {
        const hasExit = runtime.lookupAttribute(manager, '__exit__') !== undefined;
        push(self, hasExit ? exitOf(runtime, manager) : callExit(runtime, manager));
        return manager;
      },
      'callback(self, callback, /, *args, **kwds)': (_, self, callback, args, keywords) => {
        push(self, () => {
          runtime.call(callback, args instanceof PyTuple ? args.items : [], keywordsOf(keywords));
          return false;
        });
        return callback;
      },
      'pop_all(self)': (_, self) => {
        const fresh = new ExitStack(runtime.typeOf(self));
        if (self instanceof ExitStack) {
          fresh.exits = self.exits;
          self.exits = [];
        }
        return fresh;
      },
      'close(self)': (_, self) => {
        if (self instanceof ExitStack) unwind(runtime, self, null);
        return null;
      },
      '__enter__(self)': (_, self) => self,
      '__exit__(self, type, value, traceback)': (_, self, __, value) =>
        self instanceof ExitStack && unwind(runtime, self, value),
    }),
  });
}

function exitOf(runtime: Runtime, manager: Value): Exit {
  return callExit(runtime, runtime.getAttribute(manager, '__exit__'));
}

function callExit(runtime: Runtime, callee: Value): Exit {
  return (exception) => {
    const type = exception instanceof PyInstance ? exception.class_ : null;
    return runtime.truth(runtime.call(callee, [type, exception, null])) === true;
  };
}

/** Leaves all; True where the given exception was swallowed. Another that is raised on the way goes on. */
function unwind(runtime: Runtime, stack: ExitStack, exception: Value): boolean {
  const exits = stack.exits.reverse();
  stack.exits = [];
  let current = exception;
  let raised: PyRaise | undefined;
  for (const exit of exits) {
    try {
      if (exit(current)) {
        current = null;
        raised = undefined;
      }
    } catch (error) {
      if (!isRaisedException(runtime, error, 'BaseException')) throw error;
      current = error.value;
      raised = error;
    }
  }
  if (raised !== undefined) throw raised;
  return exception !== null && current === null;
}

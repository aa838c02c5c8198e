/**
 * `module.name`: what its text bound, submodules that ran, and the module's own `__getattr__`.
 */
import type { Executor } from './executor.ts';
import { liveDict } from './liveDict.ts';
import { PyTuple, type PyModule, type Value } from './values.ts';

/** Undefined where the module has no such name. */
export function memberOfModule(executor: Executor, module: PyModule, name: string): Value | undefined {
  const found = executor.modules.member(module, name);
  if (found !== undefined) return found;
  switch (name) {
    case '__dict__':
      return liveDict(module, () => module.names);
    case '__name__':
      return module.name;
    case '__file__':
      return module.file;
    case '__doc__':
    case '__spec__':
    case '__loader__':
      return null;
    case '__package__':
      return executor.modules.known.packageOf(module);
    case '__path__':
      return new PyTuple([]);
    case '__class__':
      return executor.builtinClass('module');
    default:
      return undefined;
  }
}

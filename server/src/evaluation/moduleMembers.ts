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
      return executor.modules.known.packageOf(module) === module.name
        ? new PyTuple([])
        : fallbackMember(executor, module, name);
    case '__class__':
      return executor.typeOf(module);
    default:
      return fallbackMember(executor, module, name);
  }
}

/** What the module's own `__getattr__` gives for a name that it lacks, special ones too. */
function fallbackMember(executor: Executor, module: PyModule, name: string): Value | undefined {
  const fallback = module.names.get('__getattr__');
  if (fallback !== undefined) return executor.call(fallback, [name]);
  return module.unknownNames === undefined ? undefined : executor.unknown(module.unknownNames);
}

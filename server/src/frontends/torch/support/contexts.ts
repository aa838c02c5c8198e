/**
 * Context managers that change nothing that we count: torch.no_grad, inference_mode, autocast, profilers.
 * Each works as `with torch.no_grad():`, as `@torch.no_grad()` and as `@torch.no_grad`.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyInstance, type PyClass, type Value } from '../../../evaluation/values.ts';
import { worldOf } from '../torchWorld.ts';

const contextMembers = members('torch', {
  '__init__(self, *args, **kwargs)': () => null,
  '__enter__(self)': (_, self) => self,
  '__exit__(self, *args)': () => null,
  '__call__(self, function=None)': (_, self, decorated) => decorated ?? self,
  'step(self, *args)': () => null,
});

/** A class whose instances do nothing on entering and leaving. `note`, of autocast, is an assumption that its use rests on. */
export function inertContext(runtime: Runtime, name: string, module: string, note?: string): PyClass {
  const cls = worldOf(runtime).defineClass(name, module, undefined, contextMembers);
  cls.allocate = (inner, actual, args) => {
    const { recorder } = worldOf(inner);
    if (note !== undefined && recorder !== undefined) {
      recorder.usesAutocast = true;
      inner.assume(note);
    }
    const [first] = args.positional;
    return first !== undefined && isFunction(first) ? first : new PyInstance(actual);
  };
  return cls;
}

/** [name, class] for each name. */
export function inertContexts(
  runtime: Runtime,
  module: string,
  names: readonly string[],
): readonly (readonly [string, Value])[] {
  return names.map((name) => [name, inertContext(runtime, name, module)] as const);
}

/** `autocast`: mixed precision changes the width of activations, which we do not follow. */
export function autocastContext(runtime: Runtime, module: string): PyClass {
  return inertContext(runtime, 'autocast', module, 'autocast is not followed: activations keep their own dtype');
}

/** A decorator that gives back what it decorates: `@script`, `@ignore(drop=True)`. */
export function identityDecorator(name: string, module: string): NativeFunction {
  const decorator: NativeFunction = new NativeFunction(
    name,
    (_runtime, args) => {
      const first = args.positional[0] ?? args.keywords.get('fn') ?? args.keywords.get('model');
      return first === undefined || first === null || typeof first !== 'object' ? decorator : first;
    },
    `${module}.${name}`,
  );
  return decorator;
}

function isFunction(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value.kind === 'function' || value.kind === 'native' || value.kind === 'boundMethod';
}

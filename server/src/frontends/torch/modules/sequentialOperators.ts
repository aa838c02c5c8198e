/**
 * Operators of nn.Sequential: `a + b` holds the layers of both, `a * 3` those of `a` three times over (the same modules,
 * so their parameters count once). The results are plain Sequentials, whatever subclass `a` is of.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClass, PyInstance, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { callTorch } from './callText.ts';
import { entriesOf, entryOf } from './moduleValue.ts';

export const sequentialOperators = members('torch.nn.Sequential', {
  '__add__(self, other)': (runtime, self, other) => {
    if (other instanceof PyUnknown) return other;
    requireSequential(runtime, other);
    return sequentialOf(runtime, [...runtime.iterate(self), ...runtime.iterate(other)]);
  },
  '__iadd__(self, other)': (runtime, self, other) => {
    if (other instanceof PyUnknown) return other;
    requireSequential(runtime, other);
    const added = [...runtime.iterate(other)];
    const { length } = modulesOf(self);
    added.forEach((module, index) => runtime.callMethod(self, 'add_module', [String(length + index), module]));
    return self;
  },
  '__mul__(self, other)': repeated,
  '__rmul__(self, other)': repeated,
  '__imul__(self, other)': (runtime, self, other) => {
    const count = factorOf(runtime, self, other);
    if (count instanceof PyUnknown || !(self instanceof PyInstance)) return count;
    const { length } = modulesOf(self);
    runtime.step(length * count);
    for (let at = length; at < length * count; at++) {
      const name = String(at % length);
      const module = entryOf(self, '_modules', name) ?? runtime.raise('KeyError', name);
      runtime.callMethod(self, 'add_module', [String(at), module]);
    }
    return self;
  },
});

function repeated(runtime: Runtime, self: Value, other: Value): Value {
  const count = factorOf(runtime, self, other);
  if (count instanceof PyUnknown) return count;
  const modules = [...runtime.iterate(self)];
  runtime.step(modules.length * count);
  return sequentialOf(runtime, Array.from({ length: count }, () => modules).flat());
}

/** How many times; PyTorch refuses what is no int, and what is not positive. */
function factorOf(runtime: Runtime, self: Value, other: Value): number | PyUnknown {
  if (other instanceof PyUnknown) return other;
  if (typeof other === 'object' && other?.kind === 'symbolicInt') {
    return runtime.unknown('how many times a Sequential is repeated is not known');
  }
  const [left, right] = [runtime.str(runtime.typeOf(self)), runtime.str(runtime.typeOf(other))];
  const count = typeof other === 'boolean' ? Number(other) : other;
  if (typeof count !== 'number')
    return runtime.raise('TypeError', `unsupported operand type(s) for *: ${left} and ${right}`);
  if (count <= 0) return runtime.raise('ValueError', `Non-positive multiplication factor ${count} for ${left}`);
  return count;
}

function requireSequential(runtime: Runtime, other: Value): void {
  const cls = runtime.getAttribute(runtime.importModule('torch.nn'), 'Sequential');
  if (cls instanceof PyClass && runtime.isInstance(other, cls)) return;
  const found = runtime.str(runtime.typeOf(other));
  runtime.raise('ValueError', `add operator supports only objects of Sequential class, but ${found} is given.`);
}

function sequentialOf(runtime: Runtime, modules: readonly Value[]): Value {
  const result = callTorch(runtime, 'torch.nn.Sequential', []);
  modules.forEach((module, index) => runtime.callMethod(result, 'add_module', [String(index), module]));
  return result;
}

function modulesOf(self: Value): readonly (readonly [string, Value])[] {
  return self instanceof PyInstance ? entriesOf(self, '_modules') : [];
}

/**
 * What changes a module without running it: train and eval, moves and casts (only a cast changes what we count),
 * apply, requires_grad_, and how a module prints.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import { DTypeValue, TensorValue } from '../tensorValue.ts';
import { ModuleValue, namedChildren, namedTensors } from './moduleValue.ts';

const CASTS = { float: 'float32', double: 'float64', half: 'float16', bfloat16: 'bfloat16' } as const;

export const moduleStateMembers = members('torch.nn.Module', {
  'train(self, mode=True)': (runtime, self, mode) => setMode(runtime, self, mode),
  'eval(self)': (runtime, self) => runtime.callMethod(self, 'train', [false]),
  'apply(self, fn)': (runtime, self, fn) => {
    for (const child of childModules(self)) runtime.callMethod(child, 'apply', [fn]);
    runtime.call(fn, [self]);
    return self;
  },
  'to(self, *args, **kwargs)': (runtime, self, args, kwargs) => castTo(runtime, self, dtypeAmong(args, kwargs)),
  'float(self)': (runtime, self) => castTo(runtime, self, CASTS.float),
  'double(self)': (runtime, self) => castTo(runtime, self, CASTS.double),
  'half(self)': (runtime, self) => castTo(runtime, self, CASTS.half),
  'bfloat16(self)': (runtime, self) => castTo(runtime, self, CASTS.bfloat16),
  'type(self, dst_type)': (runtime, self, target) =>
    castTo(runtime, self, target instanceof DTypeValue ? target.dtype : undefined),
  'cuda(self, device=None)': (_, self) => self,
  'cpu(self)': (_, self) => self,
  'xpu(self, device=None)': (_, self) => self,
  'ipu(self, device=None)': (_, self) => self,
  'mtia(self, device=None)': (_, self) => self,
  'to_empty(self, *, device=None, recurse=True)': (_, self) => self,
  'share_memory(self)': (_, self) => self,
  'compile(self, *args, **kwargs)': () => null,
  'zero_grad(self, set_to_none=True)': () => null,
  'requires_grad_(self, requires_grad=True)': (runtime, self, isRequired) => {
    if (!(self instanceof ModuleValue)) return self;
    for (const { tensor } of namedTensors(self, '_parameters')) {
      runtime.mutating(tensor);
      tensor.requiresGrad = isRequired !== false;
    }
    return self;
  },
  'extra_repr(self)': () => '',
  '_get_name(self)': (runtime, self) => runtime.typeOf(self).name,
  '__repr__(self)': (runtime, self) => moduleText(runtime, self, 0),
  'get_extra_state(self)': () => null,
  'set_extra_state(self, state)': () => null,
});

function setMode(runtime: Runtime, self: Value, mode: Value): Value {
  if (!(self instanceof PyInstance)) return self;
  if (typeof mode !== 'boolean' && !(mode instanceof PyUnknown)) {
    runtime.raise('ValueError', 'training mode is expected to be boolean');
  }
  runtime.mutating(self);
  self.attributes.set('training', mode);
  // Through the method, since user code overrides it to keep parts frozen.
  for (const child of childModules(self)) runtime.callMethod(child, 'train', [mode]);
  return self;
}

function castTo(runtime: Runtime, self: Value, dtype: DType | undefined): Value {
  if (dtype === undefined || !(self instanceof ModuleValue)) return self;
  for (const registry of ['_parameters', '_buffers'] as const) {
    for (const { tensor } of namedTensors(self, registry)) {
      if (!isFloatingPoint(tensor.type.dtype)) continue;
      runtime.mutating(tensor);
      tensor.type = { ...tensor.type, dtype };
    }
  }
  return self;
}

/** `to(dtype)`, `to(device, dtype)`, `to(dtype=...)`, `to(other_tensor)`. */
function dtypeAmong(args: Value, kwargs: Value): DType | undefined {
  const positional = args instanceof PyTuple ? args.items : [];
  const keywords = kwargs instanceof PyDict ? [...kwargs.entries.values()].map((entry) => entry.value) : [];
  for (const value of [...positional, ...keywords]) {
    if (value instanceof DTypeValue) return value.dtype;
    if (value instanceof TensorValue) return value.type.dtype;
  }
  return undefined;
}

function childModules(self: Value): readonly ModuleValue[] {
  return self instanceof PyInstance ? namedChildren(self).map(([, child]) => child) : [];
}

const MAX_PRINTED_DEPTH = 12;

/** "Net(\n  (fc): Linear(...)\n)", as PyTorch prints it. */
function moduleText(runtime: Runtime, module: Value, depth: number): string {
  const name = runtime.typeOf(module).name;
  const extra = runtime.callMethod(module, 'extra_repr');
  const lines = extra instanceof PyUnknown ? [] : [runtime.str(extra)].filter((line) => line !== '');
  const children = module instanceof PyInstance && depth < MAX_PRINTED_DEPTH ? namedChildren(module) : [];
  if (children.length === 0) return `${name}(${lines.join(', ')})`;
  for (const [key, child] of children) {
    lines.push(`(${key}): ${moduleText(runtime, child, depth + 1).replaceAll('\n', '\n  ')}`);
  }
  return `${name}(\n  ${lines.join('\n  ')}\n)`;
}

/**
 * torch.autograd: `class Swish(torch.autograd.Function)` runs its own forward when `Swish.apply(x)` is called;
 * gradients are never computed.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClass, PyClassMethod, PyInstance, PyTuple, type Value } from '../../../evaluation/values.ts';
import { worldOf, type TorchWorld } from '../torchWorld.ts';
import { identityDecorator, inertContexts } from './contexts.ts';

const contextMembers = members('torch.autograd.function.FunctionCtx', {
  'save_for_backward(self, *tensors)': (runtime, self, tensors) => {
    runtime.setAttribute(self, 'saved_tensors', tensors);
    return null;
  },
  'save_for_forward(self, *tensors)': () => null,
  'mark_dirty(self, *args)': () => null,
  'mark_non_differentiable(self, *args)': () => null,
  'set_materialize_grads(self, value)': () => null,
});

function functionClass(runtime: Runtime): PyClass {
  const world = worldOf(runtime);
  const contextClass = world.defineClass('FunctionCtx', 'torch.autograd.function', undefined, contextMembers);
  const [apply = null] = members('torch.autograd.Function', {
    'apply(cls, *args)': (inner, cls, args) => {
      const given = args instanceof PyTuple ? args.items : [];
      const forward = inner.getAttribute(cls, 'forward');
      // With `setup_context`, forward takes no context.
      const hasSetup = cls instanceof PyClass && cls.mro.some((ancestor) => ancestor.attributes.has('setup_context'));
      return inner.call(forward, hasSetup ? given : [new PyInstance(contextClass), ...given]);
    },
  }).values();
  return world.defineClass('Function', 'torch.autograd', undefined, [['apply', new PyClassMethod(apply)]]);
}

const autogradMembers = (runtime: Runtime): Map<string, Value> =>
  new Map<string, Value>([
    ['Function', functionClass(runtime)],
    ['Variable', identityDecorator('Variable', 'torch.autograd')],
    ...members('torch.autograd.function', { 'once_differentiable(fn)': (_, fn) => fn }),
    ...inertContexts(runtime, 'torch.autograd', ['set_detect_anomaly', 'detect_anomaly', 'no_grad', 'enable_grad']),
  ]);

const shared = new WeakMap<TorchWorld, ReadonlyMap<string, Value>>();

/** One class under all its names. */
function sharedMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const world = worldOf(runtime);
  const names = shared.get(world) ?? autogradMembers(runtime);
  shared.set(world, names);
  return names;
}

export const autogradModules: readonly NativeModuleDefinition[] = [
  { name: 'torch.autograd', members: sharedMembers },
  { name: 'torch.autograd.function', members: sharedMembers },
  {
    name: 'torch.autograd.profiler',
    members: (runtime) => new Map(inertContexts(runtime, 'torch.autograd.profiler', ['profile', 'record_function'])),
  },
];

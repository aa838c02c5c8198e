/**
 * `torch.nn.Module` itself: its instances are ModuleValues, and its methods come from the files beside this one.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { PyClass, Value } from '../../../evaluation/values.ts';
import { deviceClass } from '../tensor/deviceClass.ts';
import { dtypeClass } from '../tensor/dtypeClass.ts';
import { sizeClass } from '../tensor/sizeClass.ts';
import { tensorClass } from '../tensor/tensorClass.ts';
import { worldOf } from '../torchWorld.ts';
import { deepCopyMembers } from './deepCopy.ts';
import { moduleAttributeMembers } from './moduleAttributes.ts';
import { hookRegistrationMembers } from './hookRegistration.ts';
import { moduleCallMembers } from './moduleCall.ts';
import { hookProperties, removableHandleMembers } from './moduleHooks.ts';
import { moduleStateMembers } from './moduleState.ts';
import { incompatibleKeysMembers, moduleStateDictMembers } from './moduleStateDict.ts';
import { moduleTraversalMembers } from './moduleTraversal.ts';
import { ModuleValue } from './moduleValue.ts';

/** `nn.Module` with its methods, installed on first use. */
export function moduleClass(runtime: Runtime): PyClass {
  const world = worldOf(runtime);
  const { moduleClass: cls } = world;
  if (cls.allocate !== undefined) return cls;
  // Whoever has modules has tensors with methods, also where `torch` itself was never asked for a name.
  tensorClass(runtime);
  sizeClass(runtime);
  dtypeClass(runtime);
  deviceClass(runtime);
  cls.allocate = (inner, actual) => {
    inner.budget.addLayer();
    return new ModuleValue(actual, inner.callStack());
  };
  const tables: readonly ReadonlyMap<string, Value>[] = [
    moduleAttributeMembers,
    moduleCallMembers,
    hookRegistrationMembers,
    hookProperties(),
    moduleStateMembers,
    moduleStateDictMembers,
    moduleTraversalMembers,
  ];
  for (const table of tables) {
    for (const [name, member] of table) cls.attributes.set(name, member);
  }
  for (const [name, member] of deepCopyMembers) {
    cls.attributes.set(name, member);
    world.tensorClass.attributes.set(name, member);
  }
  for (const name of UNMODELLED) {
    if (!cls.attributes.has(name)) cls.attributes.set(name, runtime.unknown(`torch.nn.Module.${name} is not modelled`));
  }
  cls.attributes.set('dump_patches', false);
  cls.attributes.set('call_super_init', false);
  cls.attributes.set('_compiled_call_impl', null);
  cls.attributes.set('_version', 1);
  for (const [name, member] of incompatibleKeysMembers) world.incompatibleKeysClass.attributes.set(name, member);
  for (const [name, member] of removableHandleMembers) world.removableHandleClass.attributes.set(name, member);
  return cls;
}

/** Members of torch.nn.Module (PyTorch 2.13) that exist, but say nothing that we follow. */
const UNMODELLED = [
  'T_destination',
  '_apply',
  '_get_backward_hooks',
  '_get_backward_pre_hooks',
  '_maybe_warn_non_full_backward_hook',
  '_named_members',
  '_replicate_for_data_parallel',
];

/**
 * Devices as a static reader sees them: there are none. torch.cuda.is_available() is False, and switches such as
 * `torch.backends.cudnn.benchmark = True` are kept and have no effect.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyInstance, PyTuple, type Value } from '../../../evaluation/values.ts';
import { worldOf } from '../torchWorld.ts';
import { falses, identities, inertFunctions } from './compilation.ts';
import { autocastContext, inertContexts } from './contexts.ts';

const CUDA_INERT = [
  'empty_cache',
  'synchronize',
  'manual_seed',
  'manual_seed_all',
  'set_device',
  'init',
  'reset_peak_memory_stats',
  'ipc_collect',
];

function deviceModule(name: string): NativeModuleDefinition {
  return {
    name,
    members: (runtime) =>
      new Map<string, Value>([
        ...falses(name, ['is_available', 'is_initialized', 'is_bf16_supported', 'is_built', 'is_macos13_or_newer']),
        ...inertFunctions(name, CUDA_INERT),
        ...members(name, {
          'device_count()': () => 0,
          'current_device()': () => 0,
          'memory_allocated(device=None)': () => 0,
          'max_memory_allocated(device=None)': () => 0,
          'get_device_capability(device=None)': () => new PyTuple([0, 0]),
        }),
        ...inertContexts(runtime, name, ['device', 'stream', 'graph']),
      ]),
  };
}

/** A bag of switches that code reads and sets. */
function switches(runtime: Runtime, name: string, values: Readonly<Record<string, Value>>): PyInstance {
  const bag = new PyInstance(worldOf(runtime).defineClass('switches', name));
  bag.attributes = new Map(Object.entries(values));
  return bag;
}

function backend(name: string, values: Readonly<Record<string, Value>>): NativeModuleDefinition {
  return {
    name,
    members: (runtime) =>
      new Map<string, Value>([
        ...Object.entries(values),
        ['matmul', switches(runtime, name, { allow_tf32: false, allow_fp16_reduced_precision_reduction: true })],
        ...falses(name, ['is_available', 'is_built', 'mem_efficient_sdp_enabled', 'flash_sdp_enabled']),
        ...members(name, { 'version()': () => null, 'math_sdp_enabled()': () => true }),
        ...inertFunctions(name, [
          'enable_flash_sdp',
          'enable_math_sdp',
          'enable_mem_efficient_sdp',
          'enable_cudnn_sdp',
        ]),
        ...inertContexts(runtime, name, ['flags', 'sdp_kernel']),
      ]),
  };
}

function ampModule(name: string): NativeModuleDefinition {
  return {
    name,
    members: (runtime) =>
      new Map<string, Value>([
        ['autocast', autocastContext(runtime, name)],
        ...identities(name, ['custom_fwd', 'custom_bwd']),
      ]),
  };
}

const distributed: NativeModuleDefinition = {
  name: 'torch.distributed',
  members: () =>
    new Map<string, Value>([
      ...falses('torch.distributed', ['is_available', 'is_initialized', 'is_torchelastic_launched']),
      ...inertFunctions('torch.distributed', ['barrier', 'init_process_group', 'destroy_process_group']),
      ...members('torch.distributed', { 'get_world_size(group=None)': () => 1, 'get_rank(group=None)': () => 0 }),
    ]),
};

export const deviceModules: readonly NativeModuleDefinition[] = [
  ...['torch.cuda', 'torch.mps', 'torch.xpu', 'torch.cpu', 'torch.accelerator'].map(deviceModule),
  backend('torch.backends', {}),
  backend('torch.backends.cudnn', { benchmark: false, deterministic: false, enabled: true, allow_tf32: true }),
  backend('torch.backends.cuda', {}),
  backend('torch.backends.mps', {}),
  backend('torch.backends.mkldnn', { enabled: true }),
  ampModule('torch.amp'),
  ampModule('torch.cuda.amp'),
  ampModule('torch.cpu.amp'),
  distributed,
];

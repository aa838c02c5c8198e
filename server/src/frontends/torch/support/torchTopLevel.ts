/**
 * The names of `torch` itself that are no tensor functions: gradient modes, compile, seeds, switches, version.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { Value } from '../../../evaluation/values.ts';
import { asDType } from '../torchNatives.ts';
import { worldOf } from '../torchWorld.ts';
import { falses, identities, inertFunctions } from './compilation.ts';
import { autocastContext, inertContexts } from './contexts.ts';

/** The PyTorch that we follow, for code that asks for its version. */
const TORCH_VERSION = '2.14.1';

const INERT: readonly string[] = [
  'manual_seed',
  'seed',
  'set_rng_state',
  'set_num_threads',
  'set_num_interop_threads',
  'set_float32_matmul_precision',
  'use_deterministic_algorithms',
  'set_printoptions',
  'set_default_device',
  'set_default_tensor_type',
  'save',
];

/** To be merged into the members of the module `torch`. */
export function torchTopLevel(runtime: Runtime): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['__version__', TORCH_VERSION],
    ['autocast', autocastContext(runtime, 'torch')],
    ...inertContexts(runtime, 'torch', ['no_grad', 'enable_grad', 'set_grad_enabled', 'inference_mode']),
    ...identities('torch', ['compile']),
    ...inertFunctions('torch', INERT),
    ...falses('torch', [
      'is_grad_enabled',
      'is_inference_mode_enabled',
      'is_autocast_enabled',
      'is_autocast_cache_enabled',
      'are_deterministic_algorithms_enabled',
    ]),
    ...members('torch', {
      '_assert(condition, message)': (inner, condition, message) => {
        if (inner.truth(condition) === false) inner.raise('AssertionError', inner.str(message));
        return null;
      },
      // The check is queued on a device: it never stops the code around it.
      '_assert_async(condition, message=None)': () => null,
      'load(*args, **kwargs)': (inner) => inner.unknown('weights are not read or downloaded'),
      'get_num_threads()': () => 1,
      'initial_seed()': () => 0,
      'get_default_dtype()': (inner) => worldOf(inner).dtype(worldOf(inner).defaultDType),
      'set_default_dtype(d)': (inner, d) => {
        const { settings } = worldOf(inner);
        inner.mutating(settings);
        settings.defaultDType = asDType(inner, d, 'd') ?? 'float32';
        return null;
      },
    }),
  ]);
}

/**
 * The modules `warnings` and `traceback`: nothing is shown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyList, type Value } from '../values.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

const NOTHING = (): Value => null;

export const warningsModule: NativeModuleDefinition = {
  name: 'warnings',
  members: (runtime) =>
    mergeMembers(
      members('warnings', {
        'warn(*args, **kwargs)': NOTHING,
        'warn_explicit(*args, **kwargs)': NOTHING,
        'showwarning(*args, **kwargs)': NOTHING,
        'filterwarnings(*args, **kwargs)': NOTHING,
        'simplefilter(*args, **kwargs)': NOTHING,
        'resetwarnings()': NOTHING,
        'deprecated(message, /, **kwargs)': () => define('decorator(arg)', (_, argument) => argument),
      }),
      new Map<string, Value>([
        ['catch_warnings', catchWarnings(runtime)],
        ['filters', new PyList([])],
      ]),
    ),
};

export const tracebackModule: NativeModuleDefinition = {
  name: 'traceback',
  members: () =>
    members('traceback', {
      'print_exc(*args, **kwargs)': NOTHING,
      'print_stack(*args, **kwargs)': NOTHING,
      'print_exception(*args, **kwargs)': NOTHING,
      'format_exc(*args, **kwargs)': (runtime) => runtime.unknown('the text of a traceback'),
      'format_exception(*args, **kwargs)': (runtime) => runtime.unknown('the text of a traceback'),
    }),
};

/** `with catch_warnings(record=True) as caught`: an empty list. */
function catchWarnings(runtime: Runtime): Value {
  return nativeClass(runtime, 'warnings.catch_warnings', {
    members: members('warnings.catch_warnings', {
      '__init__(self, *, record=False, **kwargs)': (_, self, record) => {
        runtime.genericSetAttribute(self, '_record', record);
        return null;
      },
      '__enter__(self)': (_, self) => (runtime.getAttribute(self, '_record') === true ? new PyList([]) : null),
      '__exit__(self, *excinfo)': NOTHING,
    }),
  });
}

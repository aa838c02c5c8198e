/**
 * The module `copy`.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { PyDict, type Value } from '../values.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { deepCopy, shallowCopy } from './copyValue.ts';

export const copyModule: NativeModuleDefinition = {
  name: 'copy',
  members: (runtime) =>
    mergeMembers(
      members('copy', {
        'copy(x)': shallowCopy,
        'deepcopy(x, memo=None)': (_, x, memo) => deepCopy(runtime, x, memo instanceof PyDict ? memo : new PyDict()),
      }),
      new Map<string, Value>([['Error', runtime.builtinClass('Exception')]]),
    ),
};

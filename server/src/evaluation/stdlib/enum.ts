/**
 * The module `enum`: Enum, IntEnum, StrEnum, Flag, IntFlag, auto, unique. Members are made by the metaclass when a class
 * is: `class Color(Enum): RED = 1` gives Color.RED with name and value, Color(1), Color["RED"] and iteration.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyInstance, PyTuple, type Value } from '../values.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { autoClass, wrapperClass } from './enumCreation.ts';
import { enumMembers, plainTextMembers, strEnumMembers } from './enumMembers.ts';
import { enumMetaclass } from './enumMetaclass.ts';
import { flagMembers } from './enumFlags.ts';

export const enumModule: NativeModuleDefinition = {
  name: 'enum',
  members: (runtime) => {
    const classes = enumClasses(runtime);
    return mergeMembers(
      new Map<string, Value>(Object.entries(classes)),
      new Map<string, Value>([
        ['EnumMeta', classes.EnumType],
        ['property', runtime.builtinClass('property')],
        ['auto', autoClass(runtime)],
        ['member', wrapperClass(runtime, 'member')],
        ['nonmember', wrapperClass(runtime, 'nonmember')],
        ...['CONTINUOUS', 'NAMED_FLAGS', 'UNIQUE', 'STRICT', 'CONFORM', 'EJECT', 'KEEP'].map(
          (name): [string, Value] => [name, name],
        ),
      ]),
      members('enum', {
        'unique(enumeration)': (_, enumeration) => refuseAliases(runtime, enumeration),
        'verify(*checks)': () => define('decorator(enumeration)', (_, enumeration) => enumeration),
        'global_enum(cls, update_str=False)': (_, cls) => cls,
      }),
    );
  },
};

interface EnumClasses {
  readonly EnumType: PyClass;
  readonly Enum: PyClass;
  readonly ReprEnum: PyClass;
  readonly IntEnum: PyClass;
  readonly StrEnum: PyClass;
  readonly Flag: PyClass;
  readonly IntFlag: PyClass;
}

export const enumClasses = oncePerRuntime((runtime): EnumClasses => {
  const metaclass = enumMetaclass(runtime);
  const int = runtime.builtinClass('int');
  const make = (name: string, bases: readonly PyClass[], content: ReadonlyMap<string, Value>): PyClass =>
    nativeClass(runtime, `enum.${name}`, { metaclass, members: content, ...(bases.length > 0 ? { bases } : {}) });
  const base = make('Enum', [], enumMembers(runtime));
  const repr = make('ReprEnum', [base], new Map());
  const flag = make('Flag', [base], flagMembers(runtime));
  return {
    EnumType: metaclass,
    Enum: base,
    ReprEnum: repr,
    IntEnum: make('IntEnum', [int, repr], plainTextMembers(runtime)),
    StrEnum: make('StrEnum', [runtime.builtinClass('str'), repr], strEnumMembers(runtime)),
    Flag: flag,
    IntFlag: make('IntFlag', [int, repr, flag], plainTextMembers(runtime)),
  };
});

function refuseAliases(runtime: Runtime, enumeration: Value): Value {
  const all = runtime.getAttribute(enumeration, '__members__');
  for (const item of runtime.iterate(runtime.callMethod(all, 'items'))) {
    const [name, member] = item instanceof PyTuple ? item.items : [];
    const ownName = member instanceof PyInstance ? member.attributes.get('_name_') : undefined;
    if (typeof name === 'string' && typeof ownName === 'string' && name !== ownName) {
      const title = enumeration instanceof PyClass ? enumeration.name : '?';
      return runtime.raise('ValueError', `duplicate values found in <enum '${title}'>: ${name} -> ${ownName}`);
    }
  }
  return enumeration;
}

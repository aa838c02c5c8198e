/**
 * The module `numbers`: abstract classes that int, float and complex belong to.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { PyClass, PyClassMethod, type Value } from '../values.ts';
import { define } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { abcMetaclass } from './abc.ts';

/** Name and the builtin classes below it; each is a subclass of the one before. */
const TOWER = [
  ['Number', ['int', 'float', 'complex']],
  ['Complex', ['int', 'float', 'complex']],
  ['Real', ['int', 'float']],
  ['Rational', ['int']],
  ['Integral', ['int']],
] as const;

export const numbersModule: NativeModuleDefinition = {
  name: 'numbers',
  members: (runtime) => {
    const classes = new Map<string, PyClass>();
    let base: PyClass | undefined;
    for (const [name, builtins] of TOWER) {
      const known = builtins.map((builtin) => runtime.builtinClass(builtin));
      const hook = define(
        '__subclasshook__(cls, subclass, /)',
        (_, __, subclass) => subclass instanceof PyClass && known.some((cls) => subclass.mro.includes(cls)),
      );
      base = nativeClass(runtime, `numbers.${name}`, {
        ...(base === undefined ? {} : { bases: [base] }),
        members: new Map<string, Value>([['__subclasshook__', new PyClassMethod(hook)]]),
        metaclass: abcMetaclass(runtime),
      });
      classes.set(name, base);
    }
    return classes;
  },
};

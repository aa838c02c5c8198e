/**
 * Modules that we model instead of reading their text: `math`, `torch`, `builtins` itself.
 * { name: 'math', members: () => members('math', { 'sqrt(x, /)': ... }) } answers `import math; math.sqrt(2)`.
 * They win over files. A name that a module does not give is Unknown ("math.foo is not modelled"), never an error.
 */
import type { Runtime } from './runtime.ts';
import type { Value } from './values.ts';

export interface NativeModuleDefinition {
  /** Full dotted name: "torch.nn.functional". */
  readonly name: string;
  /**
   * Makes the members, once for each project and only when a name of the module is first asked for. Submodules need
   * not be among them: `torch.nn` is found because a definition of that name exists.
   */
  readonly members: (runtime: Runtime) => ReadonlyMap<string, Value>;
  /** Answers a name that `members` lacks, once; undefined falls back to Unknown. */
  readonly missing?: (runtime: Runtime, name: string) => Value | undefined;
}

/**
 * The executor expects `builtins/builtins.ts` to export `builtinsModule: NativeModuleDefinition` with every builtin
 * name. Its classes are PyClass values whose `module` is "builtins"; `runtime.builtinClass(name)` finds them there.
 * The classes of values are: NoneType, bool, int, float, complex, str, bytes, ellipsis, NotImplementedType, tuple, list,
 * dict, set, frozenset, slice, range, function, builtin_function_or_method, method, type, module, property, staticmethod,
 * classmethod, super, generator, object and every exception; the ones that Python does not name in `builtins` are also
 * looked up there. Methods are native functions in `attributes` that take `self` first.
 *
 * Who does what: the executor itself implements operators, comparisons, truth, iteration, subscripts, length, `str` and
 * `repr` of every kind of value, classes (`type`'s `__call__` and `__new__` by `runtime.instantiate` and
 * `runtime.makeClass`), attribute lookup with descriptors, `super` in all forms and f-strings (by `formatValue` of
 * `builtins/format.ts`). Native `object.__setattr__` and the like call `runtime.genericSetAttribute` and its siblings,
 * which do not call back into the class. A class whose instances are values of another kind sets `allocate`
 * (inherited by subclasses through the MRO); `instantiate` then calls `__init__` where a class after it defines one.
 */
export const BUILTINS_MODULE_NAME = 'builtins';

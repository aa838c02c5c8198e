/**
 * What native functions may ask of the executor. `Executor` (executor.ts) implements it; builtins and the torch
 * front end are written against this interface alone.
 */
import type { Severity } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import type { BinaryOperator, ComparisonOperator, UnaryOperator } from '../syntax/ast.ts';
import type { Budget } from './bounds.ts';
import type { Arguments, Environment, PyClass, PyDict, PyModule, PyMutable, PyUnknown, Value } from './values.ts';

export interface Runtime {
  /** What is left for the execution that runs: steps, memory, layers. */
  readonly budget: Budget;

  call(callee: Value, positional?: readonly Value[], keywords?: ReadonlyMap<string, Value>): Value;
  /** Calls a method by name. */
  callMethod(object: Value, name: string, positional?: readonly Value[], keywords?: ReadonlyMap<string, Value>): Value;

  /** Raises AttributeError where there is none. */
  getAttribute(object: Value, name: string): Value;
  /** Undefined where there is none. Runs descriptors, `__getattribute__` and `__getattr__`. */
  lookupAttribute(object: Value, name: string): Value | undefined;
  setAttribute(object: Value, name: string, value: Value): void;
  deleteAttribute(object: Value, name: string): void;
  /** What `object.__getattribute__` does: descriptors, instance, class; never `__getattribute__` or `__getattr__`. */
  genericGetAttribute(object: Value, name: string): Value | undefined;
  /** What `object.__setattr__` does: data descriptors, else the instance; never a `__setattr__` of the class. */
  genericSetAttribute(object: Value, name: string, value: Value): void;
  genericDeleteAttribute(object: Value, name: string): void;
  /** Finds a name along a class's MRO, as it stands there (no binding). */
  lookupInClass(cls: PyClass, name: string): Value | undefined;
  /** The live `__dict__` of an instance, class, module or function: writing to it sets attributes. */
  attributesOf(object: Value): PyDict | undefined;
  getItem(object: Value, key: Value): Value;
  setItem(object: Value, key: Value, value: Value): void;
  deleteItem(object: Value, key: Value): void;

  binary(operator: BinaryOperator, left: Value, right: Value): Value;
  compare(operator: ComparisonOperator, left: Value, right: Value): Value;
  unary(operator: UnaryOperator, operand: Value): Value;
  /** Python's `==` as a fact; unknown where either side is. */
  equals(left: Value, right: Value): boolean | PyUnknown;
  /** Truth by `__bool__` and `__len__`; unknown where it is not determined. */
  truth(value: Value): boolean | PyUnknown;
  /** Every step counts against the bounds. Raises TypeError where not iterable; an unknown yields nothing and is noted. */
  iterate(value: Value): Iterable<Value>;
  length(value: Value): Value;
  str(value: Value): string;
  repr(value: Value): string;
  /** The class of any value: `int` for 3, `torch.Tensor` for a tensor. */
  typeOf(value: Value): PyClass;
  isInstance(value: Value, cls: PyClass): boolean;
  /** A class of `builtins` by name: "int", "ValueError", "object". */
  builtinClass(name: string): PyClass;
  /** What `type.__call__` does: `__new__` (or `allocate`), then `__init__`. */
  instantiate(cls: PyClass, args: Arguments): Value;
  /** What `type.__new__` does, with `__set_name__` and `__init_subclass__`; bases that are unknown are left out. */
  makeClass(
    name: string,
    bases: readonly Value[],
    namespace: ReadonlyMap<string, Value>,
    keywords?: ReadonlyMap<string, Value>,
    metaclass?: PyClass,
  ): PyClass;

  /** Raises a Python exception of a builtin class. */
  raise(exceptionName: string, message: string): never;
  /** Whether a `try` around, here or in a caller, has a clause for RuntimeError. */
  catchesRuntimeErrors(): boolean;
  /** An unknown value that remembers where it came from. */
  unknown(reason: string): PyUnknown;
  /** Takes a note that the result rests on an assumption; shown to the user. */
  assume(message: string): void;
  /** As `assume`, where something was left out that the result may lack: counts can no longer be exact. */
  omit(message: string): void;
  /** Reports a problem at the innermost place in the user's code. */
  report(code: string, severity: Severity, message: string): void;

  /** Takes what `print` writes, line ends included; printing is dropped where there is none. */
  print?(text: string): void;

  /** Call this before changing an object in place. */
  mutating(object: PyMutable): void;
  /** Counts work against the step bound; throws BoundExceeded (not a Python exception) where it is spent. */
  step(count: number): void;
  /** Where execution stands: the expression, then the call sites that led to it, innermost first. */
  callStack(): readonly SourceRange[];
  /** Imports by absolute name; `from` resolves a relative one (".layers") as `importlib.import_module` does. */
  importModule(name: string, from?: string): PyModule | PyUnknown;
  /** As `importModule`, but runs nothing: whether there is such a module. */
  findModule(name: string, from?: string): PyModule | PyUnknown;
  /** What `sys.modules` holds under a name; modules of ours count as imported. */
  importedModule(name: string): Value | undefined;
  /** `sys.modules[name] = value`: imports of the name give the value from now on; false where that is not followed. */
  replaceModule(name: string, value: Value): boolean;
  /**
   * Tries something out: what it changed in objects, and its notes, are taken back where it throws, and where `keeps` says so
   * of what it gave.
   */
  attempt<T>(body: () => T, keeps: (value: T) => boolean): T;
  /** What an expression given as text evaluates to, with names beside the module's; undefined where it is none. */
  evaluateText(module: PyModule, text: string, names: ReadonlyMap<string, Value>): Value | undefined;
  /** Runs statements given as text with a module's names; false where the text is not Python. */
  executeText(module: PyModule, text: string): boolean;
  /** The innermost Python scope that runs now: for `globals()`, `locals()`, `__name__`; undefined outside of Python code. */
  currentScope(): { readonly module: PyModule; readonly environment: Environment } | undefined;
}

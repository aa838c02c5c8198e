/**
 * The symbolic executor of Python: runs compiled code and implements what native functions may ask of it (runtime.ts).
 * It holds the state of the execution that runs now; what each operation does stands in the files beside this one.
 */
import { evaluateText } from './evaluateText.ts';
import { executeText } from './executeText.ts';
import { textProblem, type Severity } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import { invariant } from '../base/assert.ts';
import type { BinaryOperator, Chunk, ComparisonOperator, UnaryOperator } from '../syntax/ast.ts';
import { deleteAttribute, genericDeleteAttribute, genericSetAttribute, setAttribute } from './assignments.ts';
import { genericGetAttribute, getAttribute, lookupAttribute, lookupInClass } from './attributes.ts';
import { binary } from './binaryOperators.ts';
import { Budget, DEFAULT_BOUNDS, type Bounds } from './bounds.ts';
import { createBuiltins } from './builtins/builtins.ts';
import { typeOfValue } from './builtins/typeOfValue.ts';
import { callValue, NO_KEYWORDS } from './calls.ts';
import { makeClass } from './classes.ts';
import { compare, equals } from './comparisons.ts';
import { makeException, placeIn, setContext } from './exceptions.ts';
import type { Execute, Frame } from './frame.ts';
import { instantiate } from './instantiation.ts';
import { iterate } from './iteration.ts';
import { Journal } from './journal.ts';
import type { ModuleSources } from './moduleSources.ts';
import { LiveDict } from './liveDict.ts';
import { ModuleTable } from './moduleTable.ts';
import { Notes } from './notes.ts';
import type { Runtime } from './runtime.ts';
import { attributesOf } from './specialAttributes.ts';
import { deleteItem, getItem, setItem } from './subscripts.ts';
import { repr, str } from './text.ts';
import { length, truth, unary } from './truth.ts';
import {
  PyRaise,
  PyUnknown,
  type Arguments,
  type Environment,
  type PyClass,
  type PyDict,
  type PyModule,
  type PyMutable,
  type Value,
} from './values.ts';

/** What the host hears while code runs. Ranges are absolute. */
export interface ExecutorHooks {
  /** After each call expression: where, what was called, what it gave. */
  readonly onCallResult?: (range: SourceRange, callee: Value, result: Value) => void;
  /** A call of what is unknown, with what it was given: what it would do is left out. */
  readonly onUnknownCall?: (
    callee: PyUnknown,
    positional: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
  ) => void;
  /** After operators, comparisons and subscripts that gave an instance or a tuple. */
  readonly onExpressionResult?: (range: SourceRange, result: Value) => void;
}

/** Classes whose operations the executor does itself; their dunder methods are for `super()` and explicit calls. */
const CORE_CLASSES = [
  ...['object', 'type', 'int', 'bool', 'float', 'complex', 'str', 'bytes', 'tuple', 'list', 'dict', 'set'],
  ...['frozenset', 'slice', 'range', 'NoneType', 'ellipsis', 'NotImplementedType', 'function', 'method', 'module'],
  ...['builtin_function_or_method', 'property', 'staticmethod', 'classmethod', 'super', 'generator'],
];

/** Those of them whose instances take attributes of any name. */
const CLASSES_WITH_DICT = new Set(['type', 'function', 'module', 'staticmethod', 'classmethod']);

export class Executor implements Runtime {
  readonly builtinNames: ReadonlyMap<string, Value>;
  readonly typeClass: PyClass;
  readonly superClass: PyClass;
  readonly journal = new Journal();
  readonly modules: ModuleTable;
  /** Compiled top-level statements, by the syntax that they were made of. */
  readonly compiledChunks = new WeakMap<Chunk, Execute>();
  /** Modules with `from __future__ import annotations`. */
  readonly futureAnnotations = new WeakSet<PyModule>();
  /** Containers whose repr is being made, to cut cycles. */
  readonly beingPrinted = new Set<object>();
  frame: Frame | undefined;
  depth = 0;
  budget: Budget;
  notes = new Notes(undefined);
  hooks: ExecutorHooks | undefined;
  /** The file whose top level `hooks` listen to while it loads. */
  hookedFile: string | undefined;
  print: (text: string) => void = () => undefined;
  readonly #classes: ReadonlyMap<string, PyClass>;
  readonly #subclasses = new WeakMap<PyClass, Set<PyClass>>();
  #failure: { readonly error: unknown; readonly stack: readonly SourceRange[] } | undefined;

  constructor(sources: ModuleSources, bounds: Bounds = DEFAULT_BOUNDS) {
    const { classes, names } = createBuiltins();
    this.#classes = classes;
    this.builtinNames = names;
    this.typeClass = this.builtinClass('type');
    this.superClass = this.builtinClass('super');
    for (const name of CORE_CLASSES) {
      const cls = this.builtinClass(name);
      cls.isCore = true;
      cls.hasInstanceDict = CLASSES_WITH_DICT.has(name);
    }
    this.budget = new Budget(bounds, () => false);
    this.modules = new ModuleTable(this, sources);
  }

  call(callee: Value, positional: readonly Value[] = [], keywords: ReadonlyMap<string, Value> = NO_KEYWORDS): Value {
    return callValue(this, callee, positional, keywords);
  }

  callMethod(
    object: Value,
    name: string,
    positional: readonly Value[] = [],
    keywords: ReadonlyMap<string, Value> = NO_KEYWORDS,
  ): Value {
    return callValue(this, getAttribute(this, object, name), positional, keywords);
  }

  getAttribute(object: Value, name: string): Value {
    return getAttribute(this, object, name);
  }

  lookupAttribute(object: Value, name: string): Value | undefined {
    return lookupAttribute(this, object, name);
  }

  setAttribute(object: Value, name: string, value: Value): void {
    setAttribute(this, object, name, value);
  }

  deleteAttribute(object: Value, name: string): void {
    deleteAttribute(this, object, name);
  }

  genericGetAttribute(object: Value, name: string): Value | undefined {
    return genericGetAttribute(this, object, name);
  }

  genericSetAttribute(object: Value, name: string, value: Value): void {
    genericSetAttribute(this, object, name, value);
  }

  genericDeleteAttribute(object: Value, name: string): void {
    genericDeleteAttribute(this, object, name);
  }

  lookupInClass(cls: PyClass, name: string): Value | undefined {
    return lookupInClass(cls, name);
  }

  attributesOf(object: Value): PyDict | undefined {
    return attributesOf(this, object);
  }

  getItem(object: Value, key: Value): Value {
    return getItem(this, object, key);
  }

  setItem(object: Value, key: Value, value: Value): void {
    setItem(this, object, key, value);
  }

  deleteItem(object: Value, key: Value): void {
    deleteItem(this, object, key);
  }

  binary(operator: BinaryOperator, left: Value, right: Value): Value {
    return binary(this, operator, left, right);
  }

  compare(operator: ComparisonOperator, left: Value, right: Value): Value {
    return compare(this, operator, left, right);
  }

  unary(operator: UnaryOperator, operand: Value): Value {
    return unary(this, operator, operand);
  }

  equals(left: Value, right: Value): boolean | PyUnknown {
    return equals(this, left, right);
  }

  truth(value: Value): boolean | PyUnknown {
    return truth(this, value);
  }

  iterate(value: Value): Iterable<Value> {
    return iterate(this, value);
  }

  length(value: Value): Value {
    return length(this, value);
  }

  str(value: Value): string {
    return str(this, value);
  }

  repr(value: Value): string {
    return repr(this, value);
  }

  typeOf(value: Value): PyClass {
    return typeOfValue(this.#classes, value);
  }

  isInstance(value: Value, cls: PyClass): boolean {
    return this.typeOf(value).mro.includes(cls);
  }

  builtinClass(name: string): PyClass {
    const cls = this.#classes.get(name);
    invariant(cls !== undefined, `${name} is a builtin class`);
    return cls;
  }

  instantiate(cls: PyClass, args: Arguments): Value {
    return instantiate(this, cls, args);
  }

  makeClass(
    name: string,
    bases: readonly Value[],
    namespace: ReadonlyMap<string, Value>,
    keywords: ReadonlyMap<string, Value> = NO_KEYWORDS,
    metaclass?: PyClass,
  ): PyClass {
    return makeClass(this, name, bases, namespace, keywords, metaclass);
  }

  raise(exceptionName: string, message: string): never {
    throw this.exception(exceptionName, message);
  }

  /** An exception of a builtin class as it would be raised here. */
  exception(exceptionName: string, message: string): PyRaise {
    const exception = makeException(this, exceptionName, message);
    setContext(this.frame, exception);
    return new PyRaise(exception, this.callStack());
  }

  catchesRuntimeErrors(): boolean {
    for (let frame = this.frame; frame !== undefined; frame = frame.caller) {
      if (frame.failureGuards > 0) return true;
    }
    return false;
  }

  unknown(reason: string): PyUnknown {
    return new PyUnknown(reason, this.frame?.range);
  }

  assume(message: string): void {
    this.notes.addAssumption(message, placeIn(this.callStack(), this.notes.file));
  }

  omit(message: string): void {
    this.notes.addOmission(message, placeIn(this.callStack(), this.notes.file));
  }

  report(code: string, severity: Severity, message: string): void {
    const range = placeIn(this.callStack(), this.notes.file);
    this.notes.addProblem(
      range === undefined
        ? { code, severity, message, location: { kind: 'whole' } }
        : textProblem(code, severity, message, range),
    );
  }

  mutating(object: PyMutable): void {
    this.journal.mutating(object instanceof LiveDict ? (object.owner ?? object) : object);
  }

  step(count: number): void {
    this.budget.step(count);
  }

  callStack(): readonly SourceRange[] {
    const ranges: SourceRange[] = [];
    for (let frame = this.frame; frame !== undefined; frame = frame.caller) ranges.push(frame.range);
    return ranges;
  }

  importModule(name: string, from?: string): PyModule | PyUnknown {
    return this.#import(this.modules.imports, name, from);
  }

  findModule(name: string, from?: string): PyModule | PyUnknown {
    return this.#import(this.modules.known, name, from);
  }

  #import(
    importer: ModuleTable['imports'] | ModuleTable['known'],
    name: string,
    from: string | undefined,
  ): PyModule | PyUnknown {
    const base = this.frame?.module;
    const level = /^\.*/.exec(name)?.[0].length ?? 0;
    if (level === 0) return importer.importModule(name, base);
    const origin = from === undefined ? base : this.modules.known.importModule(from, base);
    if (origin === undefined || origin instanceof PyUnknown) return new PyUnknown(`relative import of \`${name}\``);
    return importer.importRelative(origin, level, name.slice(level));
  }

  importedModule(name: string): Value | undefined {
    const { imports } = this.modules;
    const module = imports.imported(name, this.frame?.module);
    return module && imports.valueOf(module);
  }

  replaceModule(name: string, value: Value): boolean {
    return this.modules.imports.replace(name, value);
  }

  attempt<T>(body: () => T, keeps: (value: T) => boolean): T {
    const { notes } = this;
    const own = new Notes(notes.file);
    this.notes = own;
    try {
      return this.modules.imports.attempt(body, (value) => {
        const isKept = keeps(value);
        if (isKept) notes.addAll(own);
        return isKept;
      });
    } finally {
      this.notes = notes;
    }
  }

  evaluateText(module: PyModule, text: string, names: ReadonlyMap<string, Value>): Value | undefined {
    return evaluateText(this, module, text, names);
  }

  executeText(module: PyModule, text: string): boolean {
    return executeText(this, module, text);
  }

  currentScope(): { readonly module: PyModule; readonly environment: Environment } | undefined {
    return this.frame && { module: this.frame.module, environment: this.frame.environment };
  }

  /** A member of a class or its bases, but not of the core builtin classes: `__add__` of a user class, a tensor, a path. */
  customMember(cls: PyClass, name: string): Value | undefined {
    for (const ancestor of cls.mro) {
      if (ancestor.isCore) continue;
      const value = ancestor.attributes.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** `__init__` of a class, unless it is `object`'s, which does nothing. */
  initializerOf(cls: PyClass): Value | undefined {
    const object = this.#classes.get('object');
    for (const ancestor of cls.mro) {
      if (ancestor === object) return undefined;
      const value = ancestor.attributes.get('__init__');
      if (value !== undefined) return value;
    }
    return undefined;
  }

  subclassesOf(cls: PyClass): readonly PyClass[] {
    this.modules.partials.checkAll();
    const all = [...(this.#subclasses.get(cls) ?? [])];
    return all.filter(({ origin }) => origin === undefined || this.modules.imports.isImportedFile(origin.file));
  }

  /** Taken back alone, whatever other subclasses came since: so it entangles nobody. */
  addSubclass(cls: PyClass, subclass: PyClass): void {
    const known = this.#subclasses.get(cls) ?? new Set();
    this.#subclasses.set(cls, known.add(subclass));
    this.journal.record(subclass, () => known.delete(subclass));
  }

  /** For a class that gets other bases. */
  removeSubclass(cls: PyClass, subclass: PyClass): void {
    const known = this.#subclasses.get(cls);
    known?.delete(subclass);
    this.journal.record(subclass, () => known?.add(subclass));
  }

  /** Runs code in a frame that nobody calls. */
  inFrame<T>(frame: Frame, body: () => T): T {
    const outer = this.frame;
    frame.caller = outer;
    this.frame = frame;
    try {
      return body();
    } finally {
      this.frame = outer;
    }
  }

  /** Keeps the place where an error that is no Python exception was thrown, while the frames still stand. */
  rememberStack(error: unknown): void {
    if (error instanceof PyRaise || this.#failure?.error === error) return;
    this.#failure = { error, stack: this.callStack() };
  }

  stackOf(error: unknown): readonly SourceRange[] {
    const failure = this.#failure;
    return failure !== undefined && failure.error === error ? failure.stack : this.callStack();
  }

  /** Whether the hooks of the host listen to the top level of a file. */
  hooksFollow(file: string): boolean {
    return this.hookedFile === file;
  }
}

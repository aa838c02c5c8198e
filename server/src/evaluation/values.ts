/**
 * Values of the symbolic executor. Python's None, bool, int and str are JavaScript's null, boolean, number
 * (safe integers) or bigint, and string; everything else is an object with a `kind`.
 * `3` is the number 3, `3.0` is PyFloat(3): their difference matters (`x // 2` against `x / 2`).
 */
import type { Chunk, Expression, FunctionDef, Lambda } from '../syntax/ast.ts';
import type { SourceRange } from '../base/text.ts';
import type { SymbolicDim } from '../graph/dim.ts';
import { allocations, BYTES } from './allocations.ts';
import type { Runtime } from './runtime.ts';

export type Value = null | boolean | number | bigint | string | PyObject;

export type PyObject =
  | PyFloat
  | PyComplex
  | PyBytes
  | PyEllipsis
  | PyNotImplemented
  | PyTuple
  | PyList
  | PyDict
  | PySet
  | PySlice
  | PyRange
  | PySymbolicInt
  | PyFunction
  | NativeFunction
  | PyBoundMethod
  | PyClass
  | PyInstance
  | PyModule
  | PyProperty
  | PyStaticMethod
  | PyClassMethod
  | PySuper
  | PyIterator
  | PyUnknown;

export class PyFloat {
  readonly kind = 'float';
  constructor(readonly value: number) {
    allocations.bytes += BYTES.float;
  }
}

export class PyComplex {
  readonly kind = 'complex';
  constructor(
    readonly real: number,
    readonly imaginary: number,
  ) {}
}

/** One char code a byte. */
export class PyBytes {
  readonly kind = 'bytes';
  constructor(readonly value: string) {
    allocations.bytes += BYTES.object + value.length;
  }
}

export class PyEllipsis {
  readonly kind = 'ellipsis';
}

export class PyNotImplemented {
  readonly kind = 'notImplemented';
}

export const ELLIPSIS = new PyEllipsis();
export const NOT_IMPLEMENTED = new PyNotImplemented();

export class PyTuple {
  readonly kind = 'tuple';
  /** Attributes of an instance of a Python subclass. */
  attributes: Map<string, Value> | undefined;
  constructor(
    readonly items: readonly Value[],
    /** Set for named tuples and other subclasses of tuple: fields are properties of the class. */
    readonly namedClass?: PyClass,
  ) {
    allocations.bytes += BYTES.object + BYTES.item * items.length;
  }
}

/** The epoch that runs now; moved by the journal (journal.ts) alone, and never twice the same. */
export const epochClock = { now: 0 };

/**
 * Base of everything that can be changed in place. Before a change call `runtime.mutating(object)`, so that a
 * change to an object of an already evaluated module can be taken back before the next version is evaluated.
 */
export abstract class PyMutable {
  /**
   * The epoch in which this object was made or last saved: `epoch = epochClock.now` in each class. Not here, since V8
   * makes a field slowly that a base class gives to objects of many shapes.
   */
  abstract epoch: number;
  /** Returns a function that restores the present content. */
  abstract snapshot(): () => void;
}

export class PyList extends PyMutable {
  readonly kind = 'list';
  epoch = epochClock.now;
  /** `collections.deque` and user subclasses of list. */
  class: PyClass | undefined;
  /** Attributes of a subclass instance. */
  attributes: Map<string, Value> | undefined;
  constructor(public items: Value[]) {
    super();
    allocations.bytes += BYTES.object + BYTES.item * items.length;
  }
  snapshot(): () => void {
    const items = [...this.items];
    allocations.bytes += BYTES.item * items.length;
    const attributes = this.attributes && new Map(this.attributes);
    return () => {
      this.items = items;
      this.attributes = attributes;
    };
  }
}

/** Insertion-ordered; `keyOf` (containers.ts) makes the map key of a hashable value, undefined for unhashable ones. */
export class PyDict extends PyMutable {
  readonly kind = 'dict';
  epoch = epochClock.now;
  entries = new Map<unknown, DictEntry>();
  /** `collections.OrderedDict`, `defaultdict`, `Counter` and user subclasses of dict. */
  class: PyClass | undefined;
  /** Attributes of a subclass instance. */
  attributes: Map<string, Value> | undefined;
  defaultFactory: Value = null;
  /** Why keys that are not found are unknown: code that could not be read may have set them. */
  unknownKeys: string | undefined;
  constructor() {
    super();
    allocations.bytes += BYTES.map;
  }
  snapshot(): () => void {
    const entries = new Map(this.entries);
    allocations.bytes += BYTES.entry * entries.size;
    const attributes = this.attributes && new Map(this.attributes);
    const { unknownKeys } = this;
    return () => {
      this.entries = entries;
      this.attributes = attributes;
      this.unknownKeys = unknownKeys;
    };
  }
}

export interface DictEntry {
  readonly key: Value;
  readonly value: Value;
}

export class PySet extends PyMutable {
  readonly kind = 'set';
  epoch = epochClock.now;
  entries = new Map<unknown, Value>();
  /** User subclasses of set and frozenset. */
  class: PyClass | undefined;
  /** Attributes of a subclass instance. */
  attributes: Map<string, Value> | undefined;
  constructor(readonly isFrozen: boolean) {
    super();
    allocations.bytes += BYTES.map;
  }
  snapshot(): () => void {
    const entries = new Map(this.entries);
    allocations.bytes += BYTES.entry * entries.size;
    const attributes = this.attributes && new Map(this.attributes);
    return () => {
      this.entries = entries;
      this.attributes = attributes;
    };
  }
}

export class PySlice {
  readonly kind = 'slice';
  constructor(
    readonly lower: Value,
    readonly upper: Value,
    readonly step: Value,
  ) {}
}

export class PyRange {
  readonly kind = 'range';
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    allocations.bytes += BYTES.object;
  }
}

/** An integer known only as a symbolic expression: `x.shape[0]` of an input of shape Nx3x224x224. */
export class PySymbolicInt {
  readonly kind = 'symbolicInt';
  constructor(readonly dim: SymbolicDim) {}
}

/** Where a function's code stands: the file and its chunk, whose start may move between versions. */
export interface CodeOrigin {
  readonly file: string;
  readonly chunk: Chunk;
  readonly chunkStart: number;
}

export class PyFunction {
  readonly kind = 'function';
  /** In which it was made. */
  readonly epoch = epochClock.now;
  /** `f.attr = ...`, `__name__`, `__doc__`, set by decorators and functools.wraps. */
  attributes: Map<string, Value> | undefined;
  /** What the executor keeps to run it fast; made when first called. */
  compiled: object | undefined;
  constructor(
    readonly name: string,
    readonly qualifiedName: string,
    readonly definition: FunctionDef | Lambda,
    readonly origin: CodeOrigin,
    readonly module: PyModule,
    readonly closure: Environment,
    readonly defaults: DefaultValues,
    /** The class in whose body it was defined, for argumentless `super()`. */
    readonly definingClass: { class: PyClass | undefined } | undefined,
  ) {
    allocations.bytes += BYTES.function;
  }
}

/** Of parameters, by name. */
export interface DefaultValues {
  get(name: string): Value | undefined;
  has(name: string): boolean;
}

/** Names of one scope; `parent` is the next enclosing function scope, or the module's. */
export interface Environment {
  /** True for the names of a class body. */
  readonly isClassBody?: boolean;
  readonly names: Map<string, Value>;
  readonly parent: Environment | undefined;
}

export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** A function that we model: a builtin, a torch function. See natives.ts for how to define one by its Python signature. */
export class NativeFunction {
  readonly kind = 'native';
  attributes: Map<string, Value> | undefined;
  constructor(
    readonly name: string,
    readonly call: (runtime: Runtime, args: Arguments) => Value,
    /** "torch.nn.functional.conv2d" */
    readonly qualifiedName: string = name,
    /** Python signature for `inspect.signature` and for messages. */
    readonly signature?: string,
  ) {}
}

export class PyBoundMethod {
  readonly kind = 'boundMethod';
  constructor(
    readonly self: Value,
    readonly callee: Value,
  ) {
    allocations.bytes += BYTES.float;
  }
}

const NO_SLOT_NAMES: readonly string[] = [];

export class PyClass extends PyMutable {
  readonly kind = 'class';
  epoch = epochClock.now;
  /** C3 linearisation, this class first. */
  mro: readonly PyClass[];
  metaclass: PyClass | undefined;
  /** Set by the executor for int, list, object and the like, whose operations it does itself. */
  isCore = false;
  /** Set where a base is unknown: members that are not found are unknown then, for this reason. */
  unknownBase: PyUnknown | undefined;
  /** "Outer.Inner"; the name where not set. */
  qualifiedName: string | undefined;
  /** Whether instances take attributes of any name: false where `__slots__` says which there are. */
  hasInstanceDict = true;
  /** The names in `__slots__` of the class itself, but `__dict__` and `__weakref__`. */
  slotNames: readonly string[] = NO_SLOT_NAMES;
  constructor(
    readonly name: string,
    public bases: readonly PyClass[],
    public attributes: Map<string, Value>,
    readonly module: string,
    readonly origin?: SourceRange,
    /** The ancestors in their order, without the class itself. */
    ancestors?: readonly PyClass[],
  ) {
    super();
    this.mro = ancestors === undefined ? linearize(this, bases) : [this, ...ancestors];
    allocations.bytes += BYTES.class + BYTES.item * this.mro.length + BYTES.entry * attributes.size;
  }
  /** Makes the instance that `__new__` returns; native classes with state of their own override it. */
  allocate: ((runtime: Runtime, cls: PyClass, args: Arguments) => Value) | undefined;
  snapshot(): () => void {
    const attributes = new Map(this.attributes);
    const { bases, mro } = this;
    allocations.bytes += BYTES.entry * attributes.size;
    return () => {
      this.attributes = attributes;
      this.bases = bases;
      this.mro = mro;
    };
  }
}

/** An instance of a Python class. Native front ends subclass it to carry state (a tensor's type, a module's identity). */
export class PyInstance extends PyMutable {
  // Declared, and set by the constructor: it has subclasses of many shapes (see PyMutable).
  declare readonly kind: 'instance';
  declare epoch: number;
  declare attributes: Map<string, Value>;
  /** What an instance of a subclass of int, float, str, bytes, range, ... is (an IntEnum member: its number). */
  declare payload: Value | undefined;
  declare class_: PyClass;
  constructor(class_: PyClass) {
    super();
    this.kind = 'instance';
    this.epoch = epochClock.now;
    this.attributes = new Map();
    this.payload = undefined;
    this.class_ = class_;
    allocations.bytes += BYTES.instance;
  }
  snapshot(): () => void {
    const attributes = new Map(this.attributes);
    allocations.bytes += BYTES.entry * attributes.size;
    const class_ = this.class_;
    return () => {
      this.attributes = attributes;
      this.class_ = class_;
    };
  }
}

export class PyModule extends PyMutable {
  readonly kind = 'module';
  epoch = epochClock.now;
  names = new Map<string, Value>();
  /** A subclass of ModuleType that code put in place of it: `sys.modules[__name__].__class__ = Lazy`. */
  class_: PyClass | undefined;
  /** Why names that are not found are unknown: code that could not be read may have bound them. */
  unknownNames: string | undefined;
  constructor(
    /** "torchvision.models.resnet" */
    readonly name: string,
    readonly file: string | undefined,
  ) {
    super();
  }
  snapshot(): () => void {
    const names = new Map(this.names);
    allocations.bytes += BYTES.entry * names.size;
    const { class_, unknownNames } = this;
    return () => {
      this.names = names;
      this.class_ = class_;
      this.unknownNames = unknownNames;
    };
  }
}

export class PyProperty {
  readonly kind = 'property';
  /** Set for the descriptor of a slot, which is no `property` in Python but works like one. */
  slotName: string | undefined;
  constructor(
    readonly getter: Value,
    readonly setter: Value = null,
    readonly deleter: Value = null,
  ) {}
}

export class PyStaticMethod {
  readonly kind = 'staticMethod';
  constructor(readonly callee: Value) {}
}

export class PyClassMethod {
  readonly kind = 'classMethod';
  constructor(readonly callee: Value) {}
}

export class PySuper {
  readonly kind = 'super';
  constructor(
    readonly after: PyClass,
    readonly self: PyInstance | PyClass | PyDict | Value,
  ) {}
}

/** Any one-way iterator: generators, map, zip, enumerate, iter(...). Call `runtime.mutating` before it goes on. */
export class PyIterator extends PyMutable {
  readonly kind = 'iterator';
  epoch = epochClock.now;
  constructor(public iterator: Iterator<Value, Value, Value>) {
    super();
    allocations.bytes += BYTES.instance;
  }

  /** From now on what it gives is kept, so that it can go back to where it is. */
  snapshot(): () => void {
    const kept = this.iterator instanceof KeptIterator ? this.iterator : new KeptIterator(this.iterator);
    this.iterator = kept;
    const { at } = kept;
    return () => {
      kept.at = at;
    };
  }
}

/** An iterator that gives again what it gave after `at` was set back. */
class KeptIterator implements Iterator<Value, Value, Value> {
  at = 0;
  readonly #results: IteratorResult<Value, Value>[] = [];
  constructor(readonly source: Iterator<Value, Value, Value>) {}

  next(sent: Value): IteratorResult<Value, Value> {
    return this.#result(() => this.source.next(sent));
  }

  throw(error?: unknown): IteratorResult<Value, Value> {
    return this.#result(() => {
      if (this.source.throw === undefined) throw error;
      return this.source.throw(error);
    });
  }

  return(value?: Value): IteratorResult<Value, Value> {
    return this.#result(() => this.source.return?.(value) ?? { done: true, value: value ?? null });
  }

  #result(make: () => IteratorResult<Value, Value>): IteratorResult<Value, Value> {
    let result = this.#results[this.at];
    if (result === undefined) {
      result = make();
      allocations.bytes += BYTES.object;
      this.#results[this.at] = result;
    }
    this.at++;
    return result;
  }
}

/** What we cannot know, and why. Flows through every operation. */
export class PyUnknown {
  readonly kind = 'unknown';
  constructor(
    readonly reason: string,
    readonly origin?: SourceRange,
  ) {
    allocations.bytes += BYTES.object;
  }
}

/** A Python exception in flight. `value` is an instance of an exception class. */
export class PyRaise extends Error {
  override readonly name = 'PyRaise';
  /** Innermost first. */
  constructor(
    readonly value: PyInstance,
    readonly trace: readonly SourceRange[],
  ) {
    super();
  }
}

export type LambdaOrExpression = Lambda | Expression;

/** Python's method resolution order (C3); falls back to depth first where bases conflict. */
function linearize(self: PyClass, bases: readonly PyClass[]): readonly PyClass[] {
  const lists = [...bases.map((base) => [...base.mro]), [...bases]].filter((list) => list.length > 0);
  const result: PyClass[] = [self];
  for (;;) {
    const heads = lists.flatMap((list) => list.slice(0, 1));
    const next = heads.find((head) => !lists.some((list) => list.indexOf(head) > 0)) ?? heads[0];
    if (next === undefined) return result;
    result.push(next);
    for (const list of lists) {
      const at = list.indexOf(next);
      if (at >= 0) list.splice(at, 1);
    }
  }
}

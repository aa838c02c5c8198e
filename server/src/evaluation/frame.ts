/**
 * One activation of Python code: a function call, a class body, a comprehension, or a module's top level.
 * `environment` holds its names, `at` the expression that is being evaluated, `caller` who called it.
 */
import type { SourceRange, TextRange } from '../base/text.ts';
import {
  epochClock,
  PyMutable,
  type CodeOrigin,
  type Environment,
  type PyClass,
  type PyFunction,
  type PyModule,
  type PyRaise,
  type Value,
} from './values.ts';

/** How a statement ended. */
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
/** The value stands in `frame.returnValue`. */
export const RETURN = 3;
export type Completion = typeof NORMAL | typeof BREAK | typeof CONTINUE | typeof RETURN;

/** Compiled code: an expression, a statement, and their forms in generators. */
export type Evaluate = (frame: Frame) => Value;
export type Execute = (frame: Frame) => Completion;
export type ExecuteGenerator = (frame: Frame) => Generator<Value, Completion, Value>;

/** Values of the names of a scope, by slot (scopes.ts); undefined where a name is not bound. */
export type Slots = (Value | undefined)[];

/** The names of a function call or a comprehension; closures keep it alive. */
export class CallEnvironment extends PyMutable implements Environment {
  epoch = epochClock.now;
  readonly slots: Slots;

  constructor(
    readonly layout: ReadonlyMap<string, number>,
    readonly parent: Environment | undefined,
  ) {
    super();
    this.slots = new Array<Value | undefined>(layout.size).fill(undefined);
  }

  /** What is bound now, by name; a copy. */
  get names(): Map<string, Value> {
    const names = new Map<string, Value>();
    for (const [name, slot] of this.layout) {
      const value = this.slots[slot];
      if (value !== undefined) names.set(name, value);
    }
    return names;
  }

  snapshot(): () => void {
    const saved = [...this.slots];
    return () => {
      for (const [slot, value] of saved.entries()) this.slots[slot] = value;
    };
  }
}

/** The names of a class body. */
export class ClassEnvironment implements Environment {
  readonly isClassBody = true;
  constructor(
    readonly parent: Environment | undefined,
    readonly names: Map<string, Value> = new Map<string, Value>(),
  ) {}
}

/** The names of a module, as its dict stands now. */
export class ModuleEnvironment implements Environment {
  readonly parent = undefined;
  constructor(readonly module: PyModule) {}
  get names(): Map<string, Value> {
    return this.module.names;
  }
}

/** The cell that methods find their class in, for `super()` and `__class__`. */
export interface ClassCell {
  class: PyClass | undefined;
}

export class Frame {
  at: TextRange = NOWHERE;
  /** The environment's slots, for code of functions and comprehensions. */
  readonly slots: Slots;
  returnValue: Value = null;
  /** The exception that an `except` block is handling, for a bare `raise`. */
  handled: PyRaise | undefined;
  /** The first argument of the function, for argumentless `super()`. */
  firstArgument: Value | undefined;
  /** Values sent into the `yield` expressions of the statement that runs, by syntax node. */
  sent: Map<object, Value> | undefined;
  /** Inside of a `try` that catches ImportError: imports must fail at once. */
  importGuards = 0;
  /** Inside of a `try` with handlers. */
  tries = 0;
  /** Statements around that catch RuntimeError: an operation that does not fit raises then. */
  failureGuards = 0;

  constructor(
    readonly environment: Environment,
    /** What functions that are defined here see as their enclosing scope. */
    readonly closure: Environment,
    readonly module: PyModule,
    public origin: CodeOrigin,
    public caller: Frame | undefined,
    readonly function_: PyFunction | undefined,
    readonly classCell: ClassCell | undefined,
  ) {
    this.slots = environment instanceof CallEnvironment ? environment.slots : NO_SLOTS;
  }

  /** The absolute range of what is being evaluated. */
  get range(): SourceRange {
    const { file, chunkStart } = this.origin;
    return { file, start: chunkStart + this.at.start, end: chunkStart + this.at.end };
  }
}

const NO_SLOTS: Slots = [];

const NOWHERE: TextRange = { start: 0, end: 0 };

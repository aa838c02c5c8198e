/**
 * Python functions: their compiled form, made once for each definition, and the functions that `def` and `lambda` make
 * of it with their defaults and closures.
 */
import type { FunctionDef, Lambda } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import { compileDefaults } from './defaults.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { RETURN, type Evaluate, type Execute, type ExecuteGenerator } from './frame.ts';
import { compileGeneratorBlock } from './generatorStatements.ts';
import { functionScope, MODULE_SCOPE, parametersOf, type StaticScope } from './scopes.ts';
import { compileBlock } from './statements.ts';
import { PyFunction } from './values.ts';

/** What calls of one definition share. */
export class FunctionCode {
  /** Positional-only and positional-or-keyword parameters; their slots are their positions. */
  readonly positional: readonly string[];
  readonly positionalCount: number;
  readonly keywordOnly: readonly string[];
  /** Slot of the first keyword-only parameter; the others follow. */
  readonly keywordOnlySlot: number;
  /** Slots of `*args` and `**kwargs`, -1 where there are none. */
  readonly variadicSlot: number;
  readonly keywordVariadicSlot: number;
  /** Slots of what can be passed by name. */
  readonly keywordSlots: ReadonlyMap<string, number>;
  readonly isGenerator: boolean;
  #scope: StaticScope | undefined;
  #body: Execute | undefined;
  #generatorBody: ExecuteGenerator | undefined;

  constructor(
    readonly executor: Executor,
    readonly definition: FunctionDef | Lambda,
    readonly parent: StaticScope,
  ) {
    const { positional, positionalOnlyCount, keywordOnly, variadic, keywordVariadic } = definition.parameters;
    this.positional = positional.map(({ name }) => name);
    this.positionalCount = positional.length;
    this.keywordOnly = keywordOnly.map(({ name }) => name);
    this.variadicSlot = variadic === undefined ? -1 : positional.length;
    this.keywordOnlySlot = positional.length + (variadic === undefined ? 0 : 1);
    this.keywordVariadicSlot = keywordVariadic === undefined ? -1 : this.keywordOnlySlot + keywordOnly.length;
    this.keywordSlots = new Map([
      ...this.positional.map((name, slot) => [name, slot] as const).slice(positionalOnlyCount),
      ...this.keywordOnly.map((name, index) => [name, this.keywordOnlySlot + index] as const),
    ]);
    this.isGenerator = definition.kind === 'functionDef' && definition.isGenerator;
  }

  /** Found when first called, as it means reading the body. */
  get scope(): StaticScope {
    return (this.#scope ??= functionScope(this.parent, this.definition));
  }

  /** Compiled when first called. */
  get body(): Execute {
    return (this.#body ??= this.#compile());
  }

  get generatorBody(): ExecuteGenerator {
    const { executor, definition, scope } = this;
    const body = definition.kind === 'lambda' ? { statements: [] } : definition.body;
    return (this.#generatorBody ??= compileGeneratorBlock({ executor, scope }, body));
  }

  #compile(): Execute {
    const { executor, definition, scope } = this;
    const context = { executor, scope };
    if (definition.kind === 'functionDef') return compileBlock(context, definition.body);
    const value = compileExpression(context, definition.body);
    return (frame) => {
      frame.returnValue = value(frame);
      return RETURN;
    };
  }
}

/** The compiled form of a function, also of one that was not made by `def`. */
export function codeOf(executor: Executor, fn: PyFunction): FunctionCode {
  if (fn.compiled instanceof FunctionCode) return fn.compiled;
  const code = new FunctionCode(executor, fn.definition, MODULE_SCOPE);
  fn.compiled = code;
  return code;
}

/** Compiles `def` or `lambda`: evaluates the defaults and makes the function, without decorators. */
export function compileFunction(context: CodeContext, definition: FunctionDef | Lambda): Evaluate {
  const { executor, scope } = context;
  const code = new FunctionCode(executor, definition, scope);
  const name = definition.kind === 'lambda' ? '<lambda>' : definition.name;
  const qualifiedName = scope.prefix + name;
  const defaults = compileDefaults(context, parametersOf(definition));
  return (frame) => {
    const fn = new PyFunction(
      name,
      qualifiedName,
      definition,
      frame.origin,
      frame.module,
      frame.closure,
      defaults(frame),
      frame.classCell,
    );
    fn.compiled = code;
    return fn;
  };
}

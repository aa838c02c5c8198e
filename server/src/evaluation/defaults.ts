/**
 * Defaults of parameters, evaluated when `def` runs. One that is an attribute of an import which nobody used yet, as in
 * `mode=InterpolationMode.BILINEAR`, is kept until somebody asks for it: modules load only when they are needed.
 */
import type { Expression, ParameterDef } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import type { Evaluate, Frame } from './frame.ts';
import { mangle, resolveName, type StaticScope } from './scopes.ts';
import type { DefaultValues, Value } from './values.ts';

const NO_DEFAULTS: DefaultValues = new Map<string, Value>();

interface CompiledDefault {
  readonly name: string;
  readonly evaluate: Evaluate;
  /** Gives what evaluates it later, where that is possible in this frame. */
  readonly postpone: ((frame: Frame) => (() => Value) | undefined) | undefined;
}

export function compileDefaults(
  context: CodeContext,
  parameters: readonly ParameterDef[],
): (frame: Frame) => DefaultValues {
  const compiled: CompiledDefault[] = parameters.flatMap(({ name, defaultValue }) => {
    if (defaultValue === undefined) return [];
    const evaluate = compileExpression(context, defaultValue);
    return [{ name, evaluate, postpone: compilePostponed(context, defaultValue) }];
  });
  if (compiled.length === 0) return () => NO_DEFAULTS;
  return (frame) => {
    const values = new Map<string, Value>();
    const postponed = new Map<string, () => Value>();
    for (const { name, evaluate, postpone } of compiled) {
      const later = postpone?.(frame);
      if (later === undefined) values.set(name, evaluate(frame));
      else postponed.set(name, later);
    }
    return postponed.size === 0 ? values : new PostponedDefaults(values, postponed);
  };
}

class PostponedDefaults implements DefaultValues {
  constructor(
    readonly values: Map<string, Value>,
    readonly postponed: Map<string, () => Value>,
  ) {}

  get(name: string): Value | undefined {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    const evaluate = this.postponed.get(name);
    if (evaluate === undefined) return undefined;
    const made = evaluate();
    this.values.set(name, made);
    return made;
  }

  has(name: string): boolean {
    return this.values.has(name) || this.postponed.has(name);
  }
}

function compilePostponed(
  { executor, scope }: CodeContext,
  expression: Expression,
): ((frame: Frame) => (() => Value) | undefined) | undefined {
  const chain = attributeChain(expression);
  if (chain === undefined || !isGlobal(scope, chain.root)) return undefined;
  return (frame) => {
    if (frame.environment.names.has(chain.root)) return undefined;
    const pending = executor.modules.pendingImport(frame.module, chain.root);
    return pending === undefined ? undefined : () => attributeOf(executor, pending(), chain.attributes);
  };
}

function attributeOf(executor: Executor, root: Value, attributes: readonly string[]): Value {
  return attributes.reduce((value, name) => executor.getAttribute(value, name), root);
}

/** `a.b.c` -> a, [b, c]; undefined for anything else. */
function attributeChain(expression: Expression): { readonly root: string; readonly attributes: string[] } | undefined {
  if (expression.kind !== 'attribute') return undefined;
  const { object, name } = expression;
  if (object.kind === 'name') return { root: object.name, attributes: [name] };
  const chain = attributeChain(object);
  return chain === undefined ? undefined : { root: chain.root, attributes: [...chain.attributes, name] };
}

/** In a class's body a name may be the class's too: the frame tells. */
function isGlobal(scope: StaticScope, rawName: string): boolean {
  const name = mangle(scope, rawName);
  if (name !== rawName) return false;
  const resolution = resolveName(scope, name);
  return (resolution.kind === 'class' ? resolution.outer : resolution).kind === 'global';
}

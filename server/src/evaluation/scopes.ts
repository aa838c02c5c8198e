/**
 * Where a name is found, decided once for each function: in `def f(a): return a + b + print`, `a` is local,
 * `b` may stand in an enclosing function (so many environments up), `print` is global.
 * Private names of classes are mangled: `self.__x` in class `A` is `_A__x`.
 */
import type { Block, Comprehension, FunctionDef, Lambda, ParameterDef } from '../syntax/ast.ts';
import { boundNames, boundNamesOfExpression, comprehensionNames, parameterNames } from '../syntax/names.ts';

export interface StaticScope {
  readonly kind: 'module' | 'class' | 'function' | 'comprehension';
  readonly parent: StaticScope | undefined;
  /** Names bound here, with their places in the environment of a call; in order of the signature, then the rest. */
  readonly slots: ReadonlyMap<string, number>;
  readonly globals: ReadonlySet<string>;
  /** Names that a class body binds. */
  readonly classNames?: ReadonlySet<string>;
  /** Name of the innermost class around, for mangling. */
  readonly className: string | undefined;
  /** "Outer.method.<locals>." to put before names that are defined here; "" for a module. */
  readonly prefix: string;
}

export type Resolution =
  | { readonly kind: 'local'; readonly slot: number }
  /** In the class body's own names, else as `outer` says. */
  | { readonly kind: 'class'; readonly outer: Resolution }
  /** So many environments up. */
  | { readonly kind: 'enclosing'; readonly depth: number; readonly slot: number }
  | { readonly kind: 'global' };

const GLOBAL: Resolution = { kind: 'global' };
const NOTHING: ReadonlySet<string> = new Set();
const NO_SLOTS: ReadonlyMap<string, number> = new Map();

export const MODULE_SCOPE: StaticScope = {
  kind: 'module',
  parent: undefined,
  slots: NO_SLOTS,
  globals: NOTHING,
  className: undefined,
  prefix: '',
};

export function classScope(parent: StaticScope, name: string, body: Block): StaticScope {
  const { locals, globals } = boundNames(body);
  return {
    kind: 'class',
    parent,
    slots: NO_SLOTS,
    classNames: new Set(Array.from(locals, (local) => mangleName(name, local))),
    globals,
    className: name,
    prefix: `${parent.prefix}${name}.`,
  };
}

export function functionScope(parent: StaticScope, definition: FunctionDef | Lambda): StaticScope {
  const isLambda = definition.kind === 'lambda';
  const { locals, globals } = isLambda ? boundNamesOfExpression(definition.body) : boundNames(definition.body);
  const { className } = parent;
  return {
    kind: 'function',
    parent,
    slots: slotsOf([...parameterNames(definition.parameters), ...locals], className),
    globals,
    className,
    prefix: `${parent.prefix}${isLambda ? '<lambda>' : definition.name}.<locals>.`,
  };
}

export function comprehensionScope(parent: StaticScope, comprehension: Comprehension): StaticScope {
  return {
    kind: 'comprehension',
    parent,
    slots: slotsOf(comprehensionNames(comprehension.clauses), undefined),
    globals: NOTHING,
    className: parent.className,
    prefix: parent.prefix,
  };
}

/** Where to look for a (mangled) name that code in `scope` uses. */
export function resolveName(scope: StaticScope, name: string): Resolution {
  if (scope.kind === 'module' || scope.globals.has(name)) return GLOBAL;
  if (scope.kind === 'class') {
    // A name that the body binds is looked for in the body, then among the globals, never in a function around it.
    const isBound = scope.parent === undefined || scope.classNames?.has(name) === true;
    return { kind: 'class', outer: isBound ? GLOBAL : resolveEnclosing(scope.parent, name, 1) };
  }
  const slot = scope.slots.get(name);
  if (slot !== undefined) return { kind: 'local', slot };
  return scope.parent === undefined ? GLOBAL : resolveEnclosing(scope.parent, name, 1);
}

export function mangle(scope: StaticScope, name: string): string {
  return scope.className === undefined ? name : mangleName(scope.className, name);
}

/** All parameters, in the order of the signature. */
export function parametersOf(definition: FunctionDef | Lambda): readonly ParameterDef[] {
  const { positional, variadic, keywordOnly, keywordVariadic } = definition.parameters;
  return [...positional, variadic, ...keywordOnly, keywordVariadic].flatMap((parameter) => parameter ?? []);
}

function resolveEnclosing(scope: StaticScope, name: string, depth: number): Resolution {
  let current: StaticScope | undefined = scope;
  let up = depth;
  while (current !== undefined && current.kind !== 'module') {
    if (current.kind !== 'class') {
      if (current.globals.has(name)) return GLOBAL;
      const slot = current.slots.get(name);
      if (slot !== undefined) return { kind: 'enclosing', depth: up, slot };
      up++;
    }
    current = current.parent;
  }
  return GLOBAL;
}

function slotsOf(names: Iterable<string>, className: string | undefined): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const name of names) {
    const mangled = className === undefined ? name : mangleName(className, name);
    if (!slots.has(mangled)) slots.set(mangled, slots.size);
  }
  return slots;
}

function mangleName(className: string, name: string): string {
  if (!name.startsWith('__') || name.endsWith('__') || name.includes('.')) return name;
  return `_${className.replace(/^_+/, '')}${name}`;
}

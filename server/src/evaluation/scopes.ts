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
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  /** Name of the innermost class around, for mangling. */
  readonly className: string | undefined;
  /** "Outer.method.<locals>." to put before names that are defined here; "" for a module. */
  readonly prefix: string;
}

export type Resolution =
  | { readonly kind: 'local' }
  /** In the class body's own names, else as `outer` says. */
  | { readonly kind: 'class'; readonly outer: Resolution }
  /** So many environments up. */
  | { readonly kind: 'enclosing'; readonly depth: number }
  | { readonly kind: 'global' };

const LOCAL: Resolution = { kind: 'local' };
const GLOBAL: Resolution = { kind: 'global' };
const NOTHING: ReadonlySet<string> = new Set();

export const MODULE_SCOPE: StaticScope = {
  kind: 'module',
  parent: undefined,
  locals: NOTHING,
  globals: NOTHING,
  className: undefined,
  prefix: '',
};

export function classScope(parent: StaticScope, name: string, body: Block): StaticScope {
  const { locals, globals } = boundNames(body);
  const mangled = new Set([...locals].map((local) => mangleName(name, local)));
  return { kind: 'class', parent, locals: mangled, globals, className: name, prefix: `${parent.prefix}${name}.` };
}

export function functionScope(parent: StaticScope, definition: FunctionDef | Lambda): StaticScope {
  const isLambda = definition.kind === 'lambda';
  const { locals, globals } = isLambda ? boundNamesOfExpression(definition.body) : boundNames(definition.body);
  const all = new Set([...locals, ...parameterNames(definition.parameters)]);
  const { className } = parent;
  return {
    kind: 'function',
    parent,
    locals: className === undefined ? all : new Set([...all].map((name) => mangleName(className, name))),
    globals,
    className,
    prefix: `${parent.prefix}${isLambda ? '<lambda>' : definition.name}.<locals>.`,
  };
}

export function comprehensionScope(parent: StaticScope, comprehension: Comprehension): StaticScope {
  return {
    kind: 'comprehension',
    parent,
    locals: comprehensionNames(comprehension.clauses),
    globals: NOTHING,
    className: parent.className,
    prefix: parent.prefix,
  };
}

/** Where to look for a (mangled) name that code in `scope` uses. */
export function resolveName(scope: StaticScope, name: string): Resolution {
  if (scope.kind === 'module' || scope.globals.has(name)) return GLOBAL;
  if (scope.kind === 'class') {
    const outer = scope.parent === undefined ? GLOBAL : resolveEnclosing(scope.parent, name, 1);
    return { kind: 'class', outer };
  }
  if (scope.locals.has(name)) return LOCAL;
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
      if (current.locals.has(name)) return { kind: 'enclosing', depth: up };
      up++;
    }
    current = current.parent;
  }
  return GLOBAL;
}

function mangleName(className: string, name: string): string {
  if (!name.startsWith('__') || name.endsWith('__') || name.includes('.')) return name;
  return `_${className.replace(/^_+/, '')}${name}`;
}

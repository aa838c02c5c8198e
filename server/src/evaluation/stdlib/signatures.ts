/**
 * inspect.signature: parameters with name, kind, default and annotation; `bind` sorts arguments onto them.
 * tuple(signature(f).parameters) of `def f(x, *, weights=None)` -> ('x', 'weights').
 */
import type { Parameters } from '../../syntax/ast.ts';
import { dictOf, keyOf } from '../containers.ts';
import { noteDefinitionUse } from '../definitionUse.ts';
import { parseSignature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import type { DefaultValues, PyClass } from '../values.ts';
import { PyDict, PyInstance, PyList, PyProperty, PyTuple, PyUnknown, type Value } from '../values.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf, typeText } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { unbox } from '../builtins/unbox.ts';

/** In CPython's order, which is their number. */
const KINDS = ['POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD'] as const;

export interface ParameterInfo {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  /** Undefined where it is required. */
  readonly defaultValue: Value | undefined;
}

interface SignatureClasses {
  readonly empty: PyClass;
  readonly parameter: PyClass;
  readonly signature: PyClass;
  readonly boundArguments: PyClass;
}

/** Numbers with names, of an IntEnum in CPython. */
const kindMembers = oncePerRuntime((runtime): ReadonlyMap<string, PyInstance> => {
  const cls = nativeClass(runtime, 'inspect._ParameterKind', {
    bases: [runtime.builtinClass('int')],
    members: members('inspect._ParameterKind', {
      '__str__(self)': (_, self) => runtime.getAttribute(self, 'name'),
      '__repr__(self)': (_, self) => `<_ParameterKind.${runtime.str(runtime.getAttribute(self, 'name'))}>`,
    }),
  });
  return new Map(
    KINDS.map((name, index) => {
      const kind = new PyInstance(cls);
      kind.payload = index;
      kind.attributes.set('name', name).set('value', index);
      return [name, kind];
    }),
  );
});

function kindOf(runtime: Runtime, parameter: Value): (typeof KINDS)[number] | undefined {
  const index = unbox(runtime.getAttribute(parameter, 'kind'));
  return typeof index === 'number' ? KINDS[index] : undefined;
}

/** "a, /, b=2, *args, c, **kw" in parentheses, with what the function returns. */
function signatureText(runtime: Runtime, signature: Value): string {
  const parts: string[] = [];
  let isPositionalOnly = false;
  let needsStar = true;
  for (const parameter of parametersIn(runtime, signature)) {
    const kind = kindOf(runtime, parameter);
    if (isPositionalOnly && kind !== 'POSITIONAL_ONLY') parts.push('/');
    isPositionalOnly = kind === 'POSITIONAL_ONLY';
    if (kind === 'VAR_POSITIONAL') needsStar = false;
    if (kind === 'KEYWORD_ONLY' && needsStar) {
      parts.push('*');
      needsStar = false;
    }
    parts.push(parameterText(runtime, parameter));
  }
  if (isPositionalOnly) parts.push('/');
  const returns = runtime.getAttribute(signature, 'return_annotation');
  const suffix = returns === signatureClasses(runtime).empty ? '' : ` -> ${annotationText(runtime, returns)}`;
  return `(${parts.join(', ')})${suffix}`;
}

function parameterText(runtime: Runtime, parameter: Value): string {
  const { empty } = signatureClasses(runtime);
  const kind = kindOf(runtime, parameter);
  const stars = kind === 'VAR_POSITIONAL' ? '*' : kind === 'VAR_KEYWORD' ? '**' : '';
  const annotation = runtime.getAttribute(parameter, 'annotation');
  const fallback = runtime.getAttribute(parameter, 'default');
  const isTyped = annotation !== empty;
  const type = isTyped ? `: ${annotationText(runtime, annotation)}` : '';
  const equals = isTyped ? ' = ' : '=';
  return `${stars}${nameOf(parameter)}${type}${fallback === empty ? '' : equals + runtime.repr(fallback)}`;
}

function annotationText(runtime: Runtime, annotation: Value): string {
  return typeof annotation === 'string' ? runtime.repr(annotation) : typeText(runtime, annotation);
}

const signatureClasses = oncePerRuntime((runtime): SignatureClasses => {
  const empty = nativeClass(runtime, 'inspect._empty');
  const kinds = kindMembers(runtime);
  const boundArguments = nativeClass(runtime, 'inspect.BoundArguments', { members: boundMembers(runtime) });
  return {
    empty,
    boundArguments,
    parameter: nativeClass(runtime, 'inspect.Parameter', {
      members: mergeMembers(
        new Map<string, Value>([['empty', empty], ...kinds]),
        members('inspect.Parameter', {
          '__init__(self, name, kind, *, default=..., annotation=...)': (_, self, name, kind, fallback, annotation) => {
            const orEmpty = (value: Value): Value => (isEllipsis(value) ? empty : value);
            fill(self, { name, kind, default: orEmpty(fallback), annotation: orEmpty(annotation) });
            return null;
          },
          '__str__(self)': (_, self) => parameterText(runtime, self),
          '__repr__(self)': (_, self) => `<Parameter "${parameterText(runtime, self)}">`,
          'replace(self, **changes)': (_, self, changes) => {
            const copy = new PyInstance(runtime.typeOf(self));
            if (self instanceof PyInstance) copy.attributes = new Map([...self.attributes, ...keywordsOf(changes)]);
            return copy;
          },
        }),
      ),
    }),
    signature: nativeClass(runtime, 'inspect.Signature', {
      members: mergeMembers(
        new Map<string, Value>([['empty', empty]]),
        members('inspect.Signature', {
          '__init__(self, parameters=None, *, return_annotation=...)': (_, self, parameters, annotation) => {
            const list = parameters === null ? [] : [...runtime.iterate(parameters)];
            const named = list.map((item): [string, Value] => [nameOf(item), item]);
            const returns = isEllipsis(annotation) ? empty : annotation;
            fill(self, { parameters: dictOf(named), return_annotation: returns });
            return null;
          },
          '__str__(self)': (_, self) => signatureText(runtime, self),
          '__repr__(self)': (_, self) => `<Signature ${signatureText(runtime, self)}>`,
          'bind(self, /, *args, **kwargs)': (_, self, args, kwargs) => bind(runtime, self, args, kwargs, false),
          'bind_partial(self, /, *args, **kwargs)': (_, self, args, kwargs) => bind(runtime, self, args, kwargs, true),
          'replace(self, *, parameters=..., return_annotation=...)': (_, self, parameters) => {
            if (isEllipsis(parameters)) return self;
            return runtime.call(runtime.typeOf(self), [parameters]);
          },
        }),
      ),
    }),
  };
});

export function signatureMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const { empty, parameter, signature, boundArguments } = signatureClasses(runtime);
  return new Map<string, Value>([
    ['_empty', empty],
    ['Parameter', parameter],
    ['Signature', signature],
    ['BoundArguments', boundArguments],
    ['signature', define('signature(obj, /, **options)', (_, callee) => signatureOf(runtime, callee), 'inspect')],
  ]);
}

function signatureOf(runtime: Runtime, callee: Value): Value {
  if (callee instanceof PyUnknown) return callee;
  const own = runtime.lookupAttribute(callee, '__signature__');
  if (own !== undefined && own !== null) return own;
  const classes = signatureClasses(runtime);
  const parameters = parametersOf(runtime, callee, 0);
  if (parameters === undefined) return runtime.unknown('the signature of this object is not modelled');
  const annotations = keywordsOf(runtime.lookupAttribute(callee, '__annotations__') ?? null);
  const entries = parameters.map(({ name, kind, defaultValue }): [string, Value] => {
    const parameter = new PyInstance(classes.parameter);
    fill(parameter, {
      name,
      kind: kindMembers(runtime).get(kind) ?? null,
      default: defaultValue === undefined ? classes.empty : defaultValue,
      annotation: annotations.has(name) ? (annotations.get(name) ?? null) : classes.empty,
    });
    return [name, parameter];
  });
  const signature = new PyInstance(classes.signature);
  const returns = annotations.has('return') ? (annotations.get('return') ?? null) : classes.empty;
  fill(signature, { parameters: dictOf(entries), return_annotation: returns });
  return signature;
}

const MAX_WRAPPERS = 100;

/** Undefined where they are not known. */
export function parametersOf(runtime: Runtime, callee: Value, depth: number): readonly ParameterInfo[] | undefined {
  if (depth > MAX_WRAPPERS || callee === null || typeof callee !== 'object') return undefined;
  const inner = (next: Value): readonly ParameterInfo[] | undefined => parametersOf(runtime, next, depth + 1);
  const withoutSelf = (next: Value | undefined): readonly ParameterInfo[] | undefined =>
    next === undefined ? undefined : dropFirst(inner(next));
  const wrapped = callee.kind === 'class' ? undefined : runtime.lookupAttribute(callee, '__wrapped__');
  if (wrapped !== undefined && callee.kind !== 'boundMethod') return inner(wrapped);
  switch (callee.kind) {
    case 'boundMethod':
      return withoutSelf(callee.callee);
    case 'class':
      return ofClass(runtime, callee, withoutSelf);
    case 'function':
      noteDefinitionUse(callee.definition);
      return ofDefinition(callee.definition.parameters, callee.defaults);
    case 'native':
      return callee.signature === undefined ? undefined : ofText(callee.signature);
    case 'staticMethod':
    case 'classMethod':
      return inner(callee.callee);
    case 'instance': {
      const fn = callee.attributes.get('func');
      const isPartial = callee.class_.mro.some(({ name, module }) => name === 'partial' && module === 'functools');
      if (isPartial && fn !== undefined) return ofPartial(callee, inner(fn));
      return withoutSelf(runtime.lookupInClass(callee.class_, '__call__'));
    }
    default:
      return undefined;
  }
}

function ofClass(
  runtime: Runtime,
  cls: PyClass,
  withoutSelf: (next: Value | undefined) => readonly ParameterInfo[] | undefined,
): readonly ParameterInfo[] | undefined {
  const object = runtime.builtinClass('object');
  for (const name of ['__init__', '__new__']) {
    const found = runtime.lookupInClass(cls, name);
    if (found !== undefined && found !== object.attributes.get(name)) return withoutSelf(found);
  }
  return [];
}

function dropFirst(parameters: readonly ParameterInfo[] | undefined): readonly ParameterInfo[] | undefined {
  return parameters?.[0]?.kind === 'VAR_POSITIONAL' ? parameters : parameters?.slice(1);
}

/** Without what is bound by position; keywords become defaults, and all after the first of them keyword-only. */
function ofPartial(
  partial: PyInstance,
  parameters: readonly ParameterInfo[] | undefined,
): readonly ParameterInfo[] | undefined {
  const args = partial.attributes.get('args');
  const keywords = keywordsOf(partial.attributes.get('keywords') ?? null);
  const skipped = args instanceof PyTuple ? args.items.length : 0;
  let isAfterKeyword = false;
  return parameters?.flatMap((parameter, at): readonly ParameterInfo[] => {
    const isPositional = parameter.kind === 'POSITIONAL_ONLY' || parameter.kind === 'POSITIONAL_OR_KEYWORD';
    if (isPositional && at < skipped) return [];
    if (keywords.has(parameter.name)) {
      isAfterKeyword ||= isPositional;
      return [{ ...parameter, kind: 'KEYWORD_ONLY', defaultValue: keywords.get(parameter.name) }];
    }
    if (!isAfterKeyword) return [parameter];
    if (parameter.kind === 'VAR_POSITIONAL') return [];
    return [isPositional ? { ...parameter, kind: 'KEYWORD_ONLY' } : parameter];
  });
}

function ofDefinition(parameters: Parameters, defaults: DefaultValues): readonly ParameterInfo[] {
  const { positional, positionalOnlyCount, variadic, keywordOnly, keywordVariadic } = parameters;
  const info = (name: string, kind: ParameterInfo['kind']): ParameterInfo => ({
    name,
    kind,
    defaultValue: defaults.get(name),
  });
  return [
    ...positional.map(({ name }, at) =>
      info(name, at < positionalOnlyCount ? 'POSITIONAL_ONLY' : 'POSITIONAL_OR_KEYWORD'),
    ),
    ...(variadic === undefined ? [] : [info(variadic.name, 'VAR_POSITIONAL')]),
    ...keywordOnly.map(({ name }) => info(name, 'KEYWORD_ONLY')),
    ...(keywordVariadic === undefined ? [] : [info(keywordVariadic.name, 'VAR_KEYWORD')]),
  ];
}

const NATIVE_KINDS = {
  positional: 'POSITIONAL_OR_KEYWORD',
  variadic: 'VAR_POSITIONAL',
  keywordOnly: 'KEYWORD_ONLY',
  keywordVariadic: 'VAR_KEYWORD',
} as const;

function ofText(text: string): readonly ParameterInfo[] {
  return parseSignature(text).parameters.map(({ name, kind, isPositionalOnly, defaultValue }) => ({
    name,
    kind: isPositionalOnly ? 'POSITIONAL_ONLY' : NATIVE_KINDS[kind],
    defaultValue,
  }));
}

/** `inspect.getfullargspec` as a tuple of its first fields, by name. */
export function fullArgumentSpec(runtime: Runtime, fn: Value): Value {
  const parameters = parametersOf(runtime, fn, 0);
  if (fn instanceof PyUnknown || parameters === undefined) return runtime.unknown('the arguments of this object');
  const ofKind = (...kinds: readonly ParameterInfo['kind'][]): readonly ParameterInfo[] =>
    parameters.filter(({ kind }) => kinds.includes(kind));
  const positional = ofKind('POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD');
  const defaults = positional.flatMap(({ defaultValue }) => (defaultValue === undefined ? [] : [defaultValue]));
  const keywordOnly = ofKind('KEYWORD_ONLY');
  const keywordDefaults = keywordOnly.flatMap(({ name, defaultValue }): [string, Value][] =>
    defaultValue === undefined ? [] : [[name, defaultValue]],
  );
  const spec = new PyInstance(nativeClass(runtime, 'inspect.FullArgSpec'));
  fill(spec, {
    args: new PyList(positional.map(({ name }) => name)),
    varargs: ofKind('VAR_POSITIONAL')[0]?.name ?? null,
    varkw: ofKind('VAR_KEYWORD')[0]?.name ?? null,
    defaults: defaults.length > 0 ? new PyTuple(defaults) : null,
    kwonlyargs: new PyList(keywordOnly.map(({ name }) => name)),
    kwonlydefaults: keywordDefaults.length > 0 ? dictOf(keywordDefaults) : null,
    annotations: runtime.lookupAttribute(fn, '__annotations__') ?? new PyDict(),
  });
  return spec;
}

function bind(runtime: Runtime, signature: Value, args: Value, kwargs: Value, isPartial: boolean): Value {
  const { empty, boundArguments } = signatureClasses(runtime);
  const positional = args instanceof PyTuple ? [...args.items] : [];
  const keywords = new Map(keywordsOf(kwargs));
  const found: [string, Value][] = [];
  for (const parameter of parametersIn(runtime, signature)) {
    const name = nameOf(parameter);
    const kind = kindOf(runtime, parameter);
    const isPositional = kind === 'POSITIONAL_ONLY' || kind === 'POSITIONAL_OR_KEYWORD';
    if (kind === 'VAR_POSITIONAL') {
      if (positional.length > 0) found.push([name, new PyTuple(positional.splice(0))]);
    } else if (kind === 'VAR_KEYWORD') {
      if (keywords.size > 0) found.push([name, dictOf(keywords)]);
      keywords.clear();
    } else if (isPositional && positional.length > 0) {
      if (keywords.has(name)) return runtime.raise('TypeError', `multiple values for argument '${name}'`);
      found.push([name, positional.shift() ?? null]);
    } else if (keywords.has(name)) {
      found.push([name, keywords.get(name) ?? null]);
      keywords.delete(name);
    } else if (!isPartial && runtime.getAttribute(parameter, 'default') === empty) {
      return runtime.raise('TypeError', `missing a required argument: '${name}'`);
    }
  }
  if (positional.length > 0) return runtime.raise('TypeError', 'too many positional arguments');
  const [unexpected] = keywords.keys();
  if (unexpected !== undefined) {
    return runtime.raise('TypeError', `got an unexpected keyword argument '${unexpected}'`);
  }
  const bound = new PyInstance(boundArguments);
  fill(bound, { signature, arguments: dictOf(found) });
  return bound;
}

function boundMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const split = (self: Value): { readonly args: Value[]; readonly kwargs: PyDict } => {
    const given = keywordsOf(runtime.getAttribute(self, 'arguments'));
    const result = { args: [] as Value[], kwargs: new PyDict() };
    for (const parameter of parametersIn(runtime, runtime.getAttribute(self, 'signature'))) {
      const name = nameOf(parameter);
      const kind = kindOf(runtime, parameter);
      const value = given.get(name);
      if (value === undefined) continue;
      if (kind === 'VAR_POSITIONAL') result.args.push(...runtime.iterate(value));
      else if (kind === 'VAR_KEYWORD') {
        for (const [key, item] of keywordsOf(value)) result.kwargs.entries.set(keyOf(key), { key, value: item });
      } else if (kind === 'KEYWORD_ONLY') result.kwargs.entries.set(keyOf(name), { key: name, value });
      else result.args.push(value);
    }
    return result;
  };
  return mergeMembers(
    new Map<string, Value>([
      ['args', new PyProperty(define('args(self)', (_, self) => new PyTuple(split(self).args)))],
      ['kwargs', new PyProperty(define('kwargs(self)', (_, self) => split(self).kwargs))],
    ]),
    members('inspect.BoundArguments', {
      'apply_defaults(self)': (_, self) => {
        const given = keywordsOf(runtime.getAttribute(self, 'arguments'));
        const all = parametersIn(runtime, runtime.getAttribute(self, 'signature')).flatMap(
          (parameter): [string, Value][] => {
            const name = nameOf(parameter);
            const value = given.has(name) ? (given.get(name) ?? null) : defaultOf(runtime, parameter);
            return value === undefined ? [] : [[name, value]];
          },
        );
        runtime.setAttribute(self, 'arguments', dictOf(all));
        return null;
      },
    }),
  );
}

function defaultOf(runtime: Runtime, parameter: Value): Value | undefined {
  const kind = kindOf(runtime, parameter);
  if (kind === 'VAR_POSITIONAL') return new PyTuple([]);
  if (kind === 'VAR_KEYWORD') return new PyDict();
  const value = runtime.getAttribute(parameter, 'default');
  return value === signatureClasses(runtime).empty ? undefined : value;
}

function parametersIn(runtime: Runtime, signature: Value): readonly Value[] {
  return [...keywordsOf(runtime.getAttribute(signature, 'parameters')).values()];
}

function nameOf(parameter: Value): string {
  const name = parameter instanceof PyInstance ? parameter.attributes.get('name') : undefined;
  return typeof name === 'string' ? name : '';
}

function fill(object: Value, attributes: Readonly<Record<string, Value>>): void {
  if (!(object instanceof PyInstance)) return;
  for (const [name, value] of Object.entries(attributes)) object.attributes.set(name, value);
}

function isEllipsis(value: Value): boolean {
  return value !== null && typeof value === 'object' && value.kind === 'ellipsis';
}

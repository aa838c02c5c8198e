/**
 * `str(value)` and `repr(value)` of every kind of value: repr([1, 2.0, "a"]) -> "[1, 2.0, 'a']".
 * What is unknown prints as "?".
 */
import { printDim } from '../graph/dim.ts';
import { customMethod } from './binaryOperators.ts';
import { reprFloat } from './builtins/floatText.ts';
import { callDirect } from './calls.ts';
import { identity } from './containers.ts';
import type { Executor } from './executor.ts';
import type { PyBoundMethod } from './values.ts';
import { PyInstance, PyUnknown, type PyClass, type PyObject, type Value } from './values.ts';

export function str(executor: Executor, value: Value): string {
  if (typeof value === 'string') return value;
  const method = customMethod(executor, value, '__str__');
  // A subclass of str is its text, whatever its __repr__ says.
  if (method === undefined && value instanceof PyInstance && typeof value.payload === 'string') return value.payload;
  return method === undefined
    ? repr(executor, value)
    : textOf(executor, '__str__', callDirect(executor, method, [value]));
}

export function repr(executor: Executor, value: Value): string {
  const method = customMethod(executor, value, '__repr__');
  if (method !== undefined) return textOf(executor, '__repr__', callDirect(executor, method, [value]));
  return builtinRepr(executor, value);
}

/** What `__repr__` of the builtin class gives. */
export function builtinRepr(executor: Executor, value: Value): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return String(value);
    case 'bigint':
      return longText(executor, value);
    case 'string':
      executor.budget.readText(value);
      return reprText(value);
    default:
      return objectRepr(executor, value);
  }
}

/** Python's own limit on what it prints. */
export function longText(executor: Pick<Executor, 'raise'>, value: bigint): string {
  if (value < LONGEST_PRINTED && value > -LONGEST_PRINTED) return value.toString();
  const message = 'Exceeds the limit (4300 digits) for integer string conversion';
  return executor.raise('ValueError', `${message}; use sys.set_int_max_str_digits() to increase the limit`);
}

const LONGEST_PRINTED = 10n ** 4300n;

/** 'it' -> "'it'", "it's" -> "\"it's\"", with Python's escapes. */
export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + escapeText(text, quote) + quote;
}

/** "torch.nn.modules.conv.Conv2d", "int", "__main__.A". */
export function qualifiedClassName(cls: PyClass): string {
  const module = moduleNameOf(cls);
  const name = cls.qualifiedName ?? cls.name;
  return module === 'builtins' ? name : `${module}.${name}`;
}

function moduleNameOf(cls: PyClass): string {
  const module = cls.attributes.get('__module__');
  return typeof module === 'string' ? module : cls.module;
}

function textOf(executor: Executor, method: string, text: Value): string {
  if (typeof text === 'string') return text;
  if (text instanceof PyInstance && typeof text.payload === 'string') return text.payload;
  if (text instanceof PyUnknown) return '?';
  return executor.raise('TypeError', `${method} returned non-string (type ${executor.typeOf(text).name})`);
}

function objectRepr(executor: Executor, value: PyObject): string {
  switch (value.kind) {
    case 'float':
      return reprFloat(value.value);
    case 'complex':
      return reprComplex(value.real, value.imaginary);
    case 'bytes':
      return `b${reprBytes(value.value)}`;
    case 'ellipsis':
      return 'Ellipsis';
    case 'notImplemented':
      return 'NotImplemented';
    case 'tuple':
    case 'list':
    case 'dict':
    case 'set':
      return nested(executor, value, () => containerRepr(executor, value));
    case 'slice':
      return `slice(${[value.lower, value.upper, value.step].map((part) => repr(executor, part)).join(', ')})`;
    case 'range': {
      const step = value.step === 1 ? '' : `, ${value.step}`;
      return `range(${value.start}, ${value.stop}${step})`;
    }
    case 'symbolicInt':
      return printDim(value.dim);
    case 'function':
      return `<function ${textAttribute(value.attributes, '__qualname__') ?? value.qualifiedName} at ${address(value)}>`;
    case 'native':
      return `<built-in function ${value.name}>`;
    case 'boundMethod':
      return boundMethodRepr(executor, value);
    case 'class':
      return `<class '${qualifiedClassName(value)}'>`;
    case 'instance':
      if (value.payload !== undefined) return repr(executor, value.payload);
      return `<${qualifiedClassName(value.class_)} object at ${address(value)}>`;
    case 'module':
      return value.file === undefined ? `<module '${value.name}'>` : `<module '${value.name}' from '${value.file}'>`;
    case 'unknown':
      return '?';
    case 'super':
      return `<super: ${repr(executor, value.after)}, ${repr(executor, value.self)}>`;
    case 'property':
    case 'staticMethod':
    case 'classMethod':
    case 'iterator':
      return `<${executor.typeOf(value).name} object at ${address(value)}>`;
  }
}

function boundMethodRepr(executor: Executor, { self, callee }: PyBoundMethod): string {
  const isPython = callee !== null && typeof callee === 'object' && callee.kind === 'function';
  const name = isPython ? callee.qualifiedName : repr(executor, callee);
  return `<bound method ${name} of ${repr(executor, self)}>`;
}

type Container = Extract<PyObject, { readonly kind: 'tuple' | 'list' | 'dict' | 'set' }>;

function containerRepr(executor: Executor, value: Container): string {
  switch (value.kind) {
    case 'tuple': {
      const items = joinReprs(executor, value.items);
      return value.items.length === 1 ? `(${items},)` : `(${items})`;
    }
    case 'list':
      return `[${joinReprs(executor, value.items)}]`;
    case 'set': {
      const items = joinReprs(executor, value.entries.values());
      const name = value.class?.name ?? (value.isFrozen ? 'frozenset' : undefined);
      if (name === undefined) return value.entries.size === 0 ? 'set()' : `{${items}}`;
      return value.entries.size === 0 ? `${name}()` : `${name}({${items}})`;
    }
    case 'dict': {
      return `{${joinParts(executor, value.entries.values(), (entry) => `${repr(executor, entry.key)}: ${repr(executor, entry.value)}`)}}`;
    }
  }
}

function joinReprs(executor: Executor, items: Iterable<Value>): string {
  return joinParts(executor, items, (item) => repr(executor, item));
}

function joinParts<T>(executor: Executor, items: Iterable<T>, print: (item: T) => string): string {
  let length = 0;
  const parts = Array.from(items, (item) => {
    executor.step(1);
    const part = print(item);
    length += part.length + 2;
    executor.budget.checkText(length);
    return part;
  });
  executor.budget.allocate(length);
  return parts.join(', ');
}

const CYCLES: Readonly<Record<Container['kind'], string>> = {
  tuple: '(...)',
  list: '[...]',
  dict: '{...}',
  set: 'set(...)',
};

function nested(executor: Executor, value: Container, print: () => string): string {
  if (executor.beingPrinted.has(value)) return CYCLES[value.kind];
  executor.beingPrinted.add(value);
  try {
    return print();
  } finally {
    executor.beingPrinted.delete(value);
  }
}

function address(value: object): string {
  return `0x${(0x7f0000000000 + identity(value) * 16).toString(16)}`;
}

function textAttribute(attributes: ReadonlyMap<string, Value> | undefined, name: string): string | undefined {
  const value = attributes?.get(name);
  return typeof value === 'string' ? value : undefined;
}

function reprComplex(real: number, imaginary: number): string {
  const part = (value: number): string => reprFloat(value).replace(/\.0$/, '');
  if (real === 0 && !Object.is(real, -0)) return `${part(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${part(real)}${sign}${part(imaginary)}j)`;
}

function reprBytes(bytes: string): string {
  const quote = bytes.includes("'") && !bytes.includes('"') ? '"' : "'";
  const body = escapeText(bytes, quote).replace(
    /[\u0080-\u00ff]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return quote + body + quote;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escapeText(text: string, quote: string): string {
  // Control characters, separators and lone surrogates are not printable.
  return text.replace(/[\\'"]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    const escape = ESCAPES.get(char);
    if (escape !== undefined) return escape;
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

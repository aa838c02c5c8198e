/**
 * Defines native functions by their Python signature:
 * native('flatten(input, start_dim=0, end_dim=-1)', (runtime, { input, start_dim }) => ...)
 * binds positional and keyword arguments as Python does, with literal defaults, `*args`, `**kwargs`, `/` and `*`.
 */
import type { Runtime } from './runtime.ts';
import { ELLIPSIS, NativeFunction, PyDict, PyFloat, PyTuple, type Arguments, type Value } from './values.ts';
import { missingArguments, tooManyArguments } from './argumentMessages.ts';
import { keyOf } from './containers.ts';

/** Arguments by parameter name. `*args` is a PyTuple, `**kwargs` a PyDict. */
export type BoundArguments = Readonly<Record<string, Value>>;

export interface Signature {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly SignatureParameter[];
}

interface SignatureParameter {
  readonly name: string;
  readonly kind: 'positional' | 'keywordOnly' | 'variadic' | 'keywordVariadic';
  readonly isPositionalOnly: boolean;
  /** Undefined where the argument is required. */
  readonly defaultValue: Value | undefined;
}

export type NativeBody = (runtime: Runtime, bound: BoundArguments) => Value;

/** `module` prefixes the qualified name: native('relu(input)', body, 'torch.nn.functional'). */
export function native(signatureText: string, body: NativeBody, module?: string): NativeFunction {
  let signature: Signature | undefined;
  const name = signatureText.slice(0, signatureText.indexOf('('));
  const call = (runtime: Runtime, args: Arguments): Value => {
    signature ??= parseSignature(signatureText);
    return body(runtime, bindArguments(runtime, signature, args));
  };
  return new NativeFunction(name, call, module === undefined ? name : `${module}.${name}`, signatureText);
}

/**
 * Parses "name(a, b=1, *args, c=None, **kwargs)". Defaults are literals: numbers, strings, None, True, False, (),
 * and `...` (Ellipsis) for an argument that makes a difference by not being given.
 */
export function parseSignature(text: string): Signature {
  const open = text.indexOf('(');
  const parameters: SignatureParameter[] = [];
  let isKeywordOnly = false;
  for (const part of splitParameters(text.slice(open + 1, text.lastIndexOf(')')))) {
    const [rawName = '', rawDefault] = part.split('=', 2).map((piece) => piece.trim());
    if (rawName === '*') isKeywordOnly = true;
    else if (rawName === '/') markPositionalOnly(parameters);
    else if (rawName.startsWith('**')) parameters.push(parameter(rawName.slice(2), 'keywordVariadic', undefined));
    else if (rawName.startsWith('*')) {
      parameters.push(parameter(rawName.slice(1), 'variadic', undefined));
      isKeywordOnly = true;
    } else parameters.push(parameter(rawName, isKeywordOnly ? 'keywordOnly' : 'positional', parseLiteral(rawDefault)));
  }
  return { name: text.slice(0, open), text, parameters };
}

/** Binds a call to a signature; raises TypeError with Python's words. */
export function bindArguments(runtime: Runtime, signature: Signature, args: Arguments): BoundArguments {
  const bound: Record<string, Value> = {};
  // Copied only when something is taken out of it.
  const keywords = args.keywords.size === 0 ? NO_KEYWORDS : new Map(args.keywords);
  const missing: string[] = [];
  const missingKeywords: string[] = [];
  let next = 0;
  for (const { name, kind, isPositionalOnly, defaultValue } of signature.parameters) {
    if (kind === 'variadic') {
      bound[name] = new PyTuple(args.positional.slice(next));
      next = args.positional.length;
    } else if (kind === 'keywordVariadic') {
      const rest = new PyDict();
      for (const [key, value] of keywords) rest.entries.set(keyOf(key), { key, value });
      keywords.clear();
      bound[name] = rest;
    } else if (kind === 'positional' && next < args.positional.length) {
      if (!isPositionalOnly && keywords.has(name)) {
        runtime.raise('TypeError', `${signature.name}() got multiple values for argument '${name}'`);
      }
      bound[name] = args.positional[next++] as Value;
    } else if (!isPositionalOnly && keywords.has(name)) {
      bound[name] = keywords.get(name) as Value;
      keywords.delete(name);
    } else if (defaultValue !== undefined) bound[name] = defaultValue;
    else (kind === 'keywordOnly' ? missingKeywords : missing).push(name);
  }
  if (next < args.positional.length)
    runtime.raise('TypeError', tooMany(signature, args.positional.length, args.keywords));
  if (missing.length > 0) runtime.raise('TypeError', missingArguments(signature.name, 'positional', missing));
  if (missingKeywords.length > 0) {
    runtime.raise('TypeError', missingArguments(signature.name, 'keyword-only', missingKeywords));
  }
  if (keywords.size > 0) {
    const [unexpected = ''] = keywords.keys();
    runtime.raise('TypeError', `${signature.name}() got an unexpected keyword argument '${unexpected}'`);
  }
  return bound;
}

function tooMany({ name, parameters }: Signature, given: number, keywords: ReadonlyMap<string, Value>): string {
  const positional = parameters.filter(({ kind }) => kind === 'positional');
  return tooManyArguments(name, {
    required: positional.filter(({ defaultValue }) => defaultValue === undefined).length,
    total: positional.length,
    given,
    keywordOnly: parameters.filter((item) => item.kind === 'keywordOnly' && keywords.has(item.name)).length,
  });
}

/** Stays empty. */
const NO_KEYWORDS = new Map<string, Value>();

function parameter(
  name: string,
  kind: SignatureParameter['kind'],
  defaultValue: Value | undefined,
): SignatureParameter {
  return { name, kind, defaultValue, isPositionalOnly: false };
}

function markPositionalOnly(parameters: SignatureParameter[]): void {
  parameters.forEach((item, index) => (parameters[index] = { ...item, isPositionalOnly: true }));
}

/** Splits at commas outside quotes and parentheses. */
function splitParameters(text: string): readonly string[] {
  return (text.match(/(?:'[^']*'|\([^)]*\)|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

function parseLiteral(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  if (text === 'None') return null;
  if (text === '...') return ELLIPSIS;
  if (text === 'True' || text === 'False') return text === 'True';
  if (text.startsWith("'")) return text.slice(1, -1);
  if (text.startsWith('(')) {
    return new PyTuple(splitParameters(text.slice(1, -1)).map((part) => parseLiteral(part) as Value));
  }
  return /^-?\d+$/.test(text) ? Number(text) : new PyFloat(Number(text));
}

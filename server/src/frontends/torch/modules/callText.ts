/**
 * Forwards written as one call: "conv2d(input, self.weight, stride=self.stride)" calls torch.nn.functional.conv2d.
 * A name with a dot is absolute: "torch.flatten(input, self.start_dim)". Arguments are forward's own, `self.x`, literals.
 */
import type { BoundArguments } from '../../../evaluation/natives.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyFloat, type Value } from '../../../evaluation/values.ts';

export interface CallText {
  /** "torch.nn.functional" */
  readonly module: string;
  readonly name: string;
  readonly positional: readonly ArgumentText[];
  readonly keywords: readonly (readonly [string, ArgumentText])[];
}

type ArgumentText =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Value };

const FUNCTIONAL = 'torch.nn.functional';

export function parseCallText(text: string): CallText {
  const open = text.indexOf('(');
  const callee = text.slice(0, open);
  const dot = callee.lastIndexOf('.');
  const positional: ArgumentText[] = [];
  const keywords: (readonly [string, ArgumentText])[] = [];
  for (const part of text.slice(open + 1, -1).split(',')) {
    const [first = '', second] = part.split('=').map((piece) => piece.trim());
    if (second === undefined) positional.push(parseArgument(first));
    else keywords.push([first, parseArgument(second)]);
  }
  return { module: dot < 0 ? FUNCTIONAL : callee.slice(0, dot), name: callee.slice(dot + 1), positional, keywords };
}

export function runCallText(runtime: Runtime, call: CallText, bound: BoundArguments): Value {
  const evaluate = (argument: ArgumentText): Value => {
    if (argument.kind === 'literal') return argument.value;
    if (argument.kind === 'argument') return bound[argument.name] ?? null;
    return runtime.getAttribute(bound['self'] ?? null, argument.name);
  };
  const keywords = new Map(call.keywords.map(([name, argument]) => [name, evaluate(argument)]));
  return callTorch(runtime, `${call.module}.${call.name}`, call.positional.map(evaluate), keywords);
}

/** Calls a function by its full name, as user code would reach it: callTorch(runtime, 'torch.flatten', [x, 1]). */
export function callTorch(
  runtime: Runtime,
  qualifiedName: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value> = new Map(),
): Value {
  const dot = qualifiedName.lastIndexOf('.');
  const module = runtime.importModule(qualifiedName.slice(0, dot));
  return runtime.call(runtime.getAttribute(module, qualifiedName.slice(dot + 1)), positional, keywords);
}

/** Calls a function of torch.nn.functional. */
export function callFunctional(
  runtime: Runtime,
  name: string,
  positional: readonly Value[],
  keywords?: Readonly<Record<string, Value>>,
): Value {
  return callTorch(runtime, `${FUNCTIONAL}.${name}`, positional, new Map(Object.entries(keywords ?? {})));
}

function parseArgument(text: string): ArgumentText {
  if (text.startsWith('self.')) return { kind: 'attribute', name: text.slice('self.'.length) };
  if (text === 'None') return { kind: 'literal', value: null };
  if (text === 'True' || text === 'False') return { kind: 'literal', value: text === 'True' };
  if (text.startsWith("'")) return { kind: 'literal', value: text.slice(1, -1) };
  if (/^-?\d+$/.test(text)) return { kind: 'literal', value: Number(text) };
  if (/^-?[\d.]+$/.test(text)) return { kind: 'literal', value: new PyFloat(Number(text)) };
  return { kind: 'argument', name: text };
}

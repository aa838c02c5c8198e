/**
 * Defines the members of builtin classes and modules from tables of Python signatures:
 * members('list', { 'append(self, object, /)': (runtime, self, object) => ... }) -> Map { 'append' -> native function }.
 * Bodies take their arguments in the order of the signature. `strict` bodies never see an unknown argument:
 * the call is unknown then, for the same reason.
 */
import { bindArguments, parseSignature, type Signature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import { NativeFunction, PyUnknown, type Arguments, type Value } from '../values.ts';

export type Body = (runtime: Runtime, ...args: Value[]) => Value;

/** Signature text to body. */
export type BodyTable = Readonly<Record<string, Body>>;

/** A native function whose body takes its arguments in order; see natives.ts for the signature's syntax. */
export function define(signatureText: string, body: Body, owner?: string): NativeFunction {
  let signature: Signature | undefined;
  let plainCount = 0;
  const name = signatureText.slice(0, signatureText.indexOf('('));
  const call = (runtime: Runtime, args: Arguments): Value => {
    if (signature === undefined) {
      signature = parseSignature(signatureText);
      const isPlain = signature.parameters.every(({ kind }) => kind === 'positional');
      plainCount = isPlain ? signature.parameters.length : -1;
    }
    if (args.positional.length === plainCount && args.keywords.size === 0) return body(runtime, ...args.positional);
    const bound = bindArguments(runtime, signature, args);
    // bindArguments binds every parameter of the signature.
    return body(runtime, ...signature.parameters.map((parameter) => bound[parameter.name] as Value));
  };
  return new NativeFunction(name, call, owner === undefined ? name : `${owner}.${name}`, signatureText);
}

/** As `define`, but an unknown argument makes the result unknown. */
export function defineStrict(signatureText: string, body: Body, owner?: string): NativeFunction {
  const strictBody: Body = (runtime, ...args) => args.find(isUnknown) ?? body(runtime, ...args);
  return define(signatureText, strictBody, owner);
}

export function members(owner: string | undefined, table: BodyTable): Map<string, Value> {
  return membersBy(define, owner, table);
}

export function strictMembers(owner: string | undefined, table: BodyTable): Map<string, Value> {
  return membersBy(defineStrict, owner, table);
}

/** Later maps win. */
export function mergeMembers(...maps: readonly ReadonlyMap<string, Value>[]): Map<string, Value> {
  return new Map(maps.flatMap((map) => [...map]));
}

export function isUnknown(value: Value): value is PyUnknown {
  return value instanceof PyUnknown;
}

function membersBy(
  make: (signatureText: string, body: Body, owner?: string) => NativeFunction,
  owner: string | undefined,
  table: BodyTable,
): Map<string, Value> {
  return new Map(
    Object.entries(table).map(([signatureText, body]) => {
      const member = make(signatureText, body, owner);
      return [member.name, member];
    }),
  );
}

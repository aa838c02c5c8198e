/**
 * chr and ord: chr(97) -> 'a', ord("é") -> 233.
 */
import type { Runtime } from '../runtime.ts';
import { PyBytes, PyUnknown, type Value } from '../values.ts';
import { integerArgument } from './arguments.ts';
import { strictMembers } from './define.ts';
import { codePointCount } from './formatSpec.ts';
import { unbox } from './unbox.ts';

export const characterFunctions: ReadonlyMap<string, Value> = strictMembers(undefined, {
  'chr(i, /)': characterOf,
  'ord(c, /)': codeOf,
});

/** `chr(code)`. */
function characterOf(runtime: Runtime, code: Value): Value {
  const integer = integerArgument(runtime, code);
  if (integer instanceof PyUnknown) return integer;
  if (integer < 0 || integer > 0x10ffff) return runtime.raise('ValueError', 'chr() arg not in range(0x110000)');
  return String.fromCodePoint(Number(integer));
}

/** `ord(character)`. */
function codeOf(runtime: Runtime, character: Value): Value {
  const plain = unbox(character);
  const whole = plain instanceof PyBytes ? plain.value : plain;
  if (typeof whole !== 'string') {
    return runtime.raise('TypeError', `ord() expected string of length 1, but ${runtime.typeOf(character).name} found`);
  }
  const length = codePointCount(whole);
  if (length === 1) return whole.codePointAt(0) ?? 0;
  return runtime.raise('TypeError', `ord() expected a character, but string of length ${length} found`);
}

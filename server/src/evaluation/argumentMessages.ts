/**
 * Python's words for calls whose arguments do not fit: missingArguments('f', 'positional', ['a', 'b']) ->
 * "f() missing 2 required positional arguments: 'a' and 'b'".
 */

export function missingArguments(
  functionName: string,
  kind: 'positional' | 'keyword-only',
  names: readonly string[],
): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? '';
  const head = quoted.slice(0, -1);
  const list = head.length === 0 ? last : `${head.join(', ')}${head.length > 1 ? ',' : ''} and ${last}`;
  return `${functionName}() missing ${names.length} required ${kind} ${plural('argument', names.length)}: ${list}`;
}

/** `given` positional arguments where the function takes `required` to `total`; some keyword-only ones were given too. */
export function tooManyArguments(
  functionName: string,
  counts: { readonly required: number; readonly total: number; readonly given: number; readonly keywordOnly: number },
): string {
  const { required, total, given, keywordOnly } = counts;
  const range = required === total ? String(total) : `from ${required} to ${total}`;
  const noun = plural('argument', required === total ? total : 2);
  const extra =
    keywordOnly === 0
      ? ''
      : ` positional ${plural('argument', given)} (and ${keywordOnly} keyword-only ${plural('argument', keywordOnly)})`;
  const verb = given === 1 && keywordOnly === 0 ? 'was' : 'were';
  return `${functionName}() takes ${range} positional ${noun} but ${given}${extra} ${verb} given`;
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

/**
 * Reads JSON as Python's json.loads does: integers of any length, floats where there is a fraction or exponent, NaN and
 * Infinity. parseJson('{"a": [1, 1.0]}') -> dict.
 */
import { PyDict, PyFloat, PyList, type Value } from '../values.ts';
import { keyOf } from '../containers.ts';
import { normalizeInteger } from '../builtins/integers.ts';

/** What is wrong, and where. */
export class JsonError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const MAX_DEPTH = 500;
const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y;
const CONSTANTS: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', new PyFloat(NaN)],
  ['Infinity', new PyFloat(Infinity)],
  ['-Infinity', new PyFloat(-Infinity)],
];

/** Throws JsonError. `step` is told the number of values read. */
export function parseJson(text: string, step: (count: number) => void): Value {
  let at = 0;
  const skip = (): void => {
    while (/[ \t\n\r]/.test(text.charAt(at))) at += 1;
  };

  const value = (depth: number): Value => {
    step(1);
    if (depth > MAX_DEPTH) throw new JsonError('Nested too deeply', at);
    const first = text.charAt(at);
    if (first === '"') return string();
    if (first === '[') return list(depth);
    if (first === '{') return object(depth);
    for (const [word, constant] of CONSTANTS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return constant;
      }
    }
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) throw new JsonError('Expecting value', at);
    at += match[0].length;
    const isInteger = match[2] === undefined && match[3] === undefined;
    if (!isInteger) return new PyFloat(Number(match[0]));
    if (match[0].length > 4300) throw new JsonError('Exceeds the limit for integer string conversion', at);
    return normalizeInteger(BigInt(match[0]));
  };

  const string = (): string => {
    const start = at;
    for (at += 1; text.charAt(at) !== '"'; at++) {
      if (at >= text.length) throw new JsonError('Unterminated string starting at', start);
      if (text.charCodeAt(at) < 32) throw new JsonError('Invalid control character at', at);
      if (text.charAt(at) === '\\') at += 1;
    }
    at += 1;
    try {
      return JSON.parse(text.slice(start, at)) as string; // a quoted text
    } catch {
      throw new JsonError('Invalid \\escape', start);
    }
  };

  const list = (depth: number): Value => {
    const items: Value[] = [];
    at += 1;
    skip();
    while (text.charAt(at) !== ']') {
      items.push(value(depth + 1));
      skip();
      if (text.charAt(at) === ']') break;
      if (text.charAt(at) !== ',') throw new JsonError("Expecting ',' delimiter", at);
      at += 1;
      skip();
      if (text.charAt(at) === ']') throw new JsonError('Expecting value', at);
    }
    at += 1;
    return new PyList(items);
  };

  const object = (depth: number): Value => {
    const dict = new PyDict();
    at += 1;
    skip();
    while (text.charAt(at) !== '}') {
      if (text.charAt(at) !== '"') throw new JsonError('Expecting property name enclosed in double quotes', at);
      const key = string();
      skip();
      if (text.charAt(at) !== ':') throw new JsonError("Expecting ':' delimiter", at);
      at += 1;
      skip();
      dict.entries.set(keyOf(key), { key, value: value(depth + 1) });
      skip();
      if (text.charAt(at) === '}') break;
      if (text.charAt(at) !== ',') throw new JsonError("Expecting ',' delimiter", at);
      at += 1;
      skip();
      if (text.charAt(at) === '}') throw new JsonError('Expecting property name enclosed in double quotes', at);
    }
    at += 1;
    return dict;
  };

  skip();
  const result = value(0);
  skip();
  if (at < text.length) throw new JsonError('Extra data', at);
  return result;
}

/**
 * Reads unknown JSON into a type, once, at the edge: decoders are functions, made of smaller ones.
 * record({ line: integer })({ line: 'x' }, 'place') throws DecodeError 'place.line is "x", not an integer'.
 */
import { printedJson } from '../base/escaping/printedJson.ts';
import { quoteJson } from '../base/quoteJson.ts';
import type { Printed } from '../base/escaping/printed.ts';

/** Only for `decode` to catch. */
class DecodeError extends Error {}

export type Decoder<T> = (value: unknown, path: string) => T;

export type Decoded<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'invalid'; readonly message: string };

export function decode<T>(decoder: Decoder<T>, value: unknown): Decoded<T> {
  try {
    return { kind: 'ok', value: decoder(value, '') };
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

/** JSON whose `formatVersion` is the one that we write. */
export function decodeVersioned<T>(json: string, formatVersion: number, decoder: Decoder<T>): Decoded<T> {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'invalid', message: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const version = decode(record({ formatVersion: number }), value);
  if (version.kind === 'invalid') return version;
  return version.value.formatVersion === formatVersion
    ? decode(decoder, value)
    : { kind: 'invalid', message: `its formatVersion is ${version.value.formatVersion}, not ${formatVersion}` };
}

/** As JSON, null for what is undefined. */
export function encodeJson(value: object, indent: number): Printed {
  return printedJson(value, indent, (_, each) => (each === undefined ? null : each));
}

export const text: Decoder<string> = (value, path) =>
  typeof value === 'string' ? value : refuse(value, path, 'a text');

/** Finite: JSON can write 1e999, which is read as infinite. */
export const number: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(value, path, 'a number');

/** Bytes, milliseconds: not negative. */
export const amount: Decoder<number> = (value, path) => {
  const given = number(value, path);
  return given >= 0 ? given : refuse(value, path, 'a number from 0');
};

/** Parameters, MACs, calls: whole and not negative. */
export const count: Decoder<number> = (value, path) => {
  const given = number(value, path);
  return Number.isSafeInteger(given) && given >= 0 ? given : refuse(value, path, 'an integer from 0');
};

/** A part of a whole. */
export const share: Decoder<number> = (value, path) =>
  amount(value, path) <= 1 ? amount(value, path) : refuse(value, path, 'a number from 0 to 1');

export const integer: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse(value, path, 'an integer');

export const flag: Decoder<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(value, path, 'true or false');

export function oneOf<const T extends string>(...texts: readonly T[]): Decoder<T> {
  return (value, path) => texts.find((each) => each === value) ?? refuse(value, path, `one of ${texts.join(', ')}`);
}

/** null stands for undefined. */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === null || value === undefined ? undefined : decoder(value, path));
}

export function list<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => decoder(item, `${path}[${index}]`))
      : refuse(value, path, 'a list');
}

/** The named fields, in this order; others are left out. */
export function record<T extends object>(fields: { readonly [K in keyof T]: Decoder<T[K]> }): Decoder<T> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(value, path, 'an object');
    const given = new Map<string, unknown>(Object.entries(value));
    const decoded = Object.entries<Decoder<unknown>>(fields).map(([key, decoder]) => [
      key,
      decoder(given.get(key), path === '' ? key : `${path}.${key}`),
    ]);
    // Each field was read by its own decoder.
    return Object.fromEntries(decoded) as T;
  };
}

/** An object whose keys are no fixed ones. */
export function dictionary<T>(decoder: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(value, path, 'an object');
    const entries = Object.entries<unknown>({ ...value });
    return Object.fromEntries(entries.map(([key, item]) => [key, decoder(item, `${path}.${key}`)]));
  };
}

/** Refuses a value for what it says, not for its type. */
export function refuse(value: unknown, path: string, wanted: string): never {
  const shown = value === undefined ? 'missing' : quoteJson(value);
  throw new DecodeError(`${path === '' ? 'the whole' : path} is ${shown}, not ${wanted}`);
}

/**
 * A value of JSON or TOML with its places: what the one reader of configurations reads, whichever language it was
 * written in. `{ "devices": ["t4"] }` and `devices = ["t4"]` give the same tree, but for ranges.
 */
import type { SourceRange } from '../base/text.ts';

export type LocatedValue =
  | LocatedObject
  | LocatedList
  | { readonly kind: 'text'; readonly value: string; readonly range: SourceRange }
  /** `text` is as written, without TOML's underscores: "1e5", "0x1F". */
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly range: SourceRange }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly range: SourceRange }
  | { readonly kind: 'null'; readonly range: SourceRange }
  /** TOML alone has dates and times. */
  | { readonly kind: 'date'; readonly text: string; readonly range: SourceRange };

export interface LocatedObject {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, LocatedMember>;
  readonly range: SourceRange;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly LocatedValue[];
  readonly range: SourceRange;
}

export interface LocatedMember {
  readonly keyRange: SourceRange;
  readonly value: LocatedValue;
}

/** How deep values may be nested in each other. */
export const MAX_DEPTH = 64;

/** A value as a message quotes it: `"abc"`, `5`, `a list`. */
export function quoteValue(value: LocatedValue): string {
  switch (value.kind) {
    case 'object':
      return 'an object';
    case 'list':
      return 'a list';
    case 'text':
      return quoteText(value.value);
    case 'number':
    case 'date':
      return value.text;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
  }
}

const MAX_QUOTED = 80;

/** A text in quotes, its middle left out where it is long. */
export function quoteText(text: string): string {
  return `"${text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED - 10)}…${text.slice(-9)}`}"`;
}

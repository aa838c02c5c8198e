/**
 * Matches a regular expression by backtracking, with every step counted, so that no pattern can hang us:
 * matchRegex(regex, ["a", "b"], 0, ...) -> groups [0, 2], or undefined. Positions count code points.
 */
import { assertNever } from '../../base/assert.ts';
import { isWordCharacter, type Regex, type RegexNode } from './regexSyntax.ts';

/** Start and end of every group, -1 where it took no part; group 0 is the match. */
export type Groups = readonly number[];

/** Thrown where the backtracking is too deep to go on. */
export class MatchTooDeep extends Error {}

export interface MatchOptions {
  readonly text: readonly string[];
  /** End of the text that counts, as `endpos`. */
  readonly end: number;
  /** The match must end there (`fullmatch`). */
  readonly isFull: boolean;
  /** No empty match begins here: one was found there before. */
  readonly nonEmptyAt?: number | undefined;
  /** Called now and then with a count of steps; may throw. */
  readonly step: (count: number) => void;
}

/** A match that begins at `start`. */
export function matchRegex(regex: Regex, start: number, options: MatchOptions): Groups | undefined {
  return new Matcher(regex, options).match(start);
}

/** The first match at or after `start`. */
export function searchRegex(regex: Regex, start: number, options: MatchOptions): Groups | undefined {
  const matcher = new Matcher(regex, options);
  for (let at = start; at <= options.end; at++) {
    const groups = matcher.match(at);
    if (groups !== undefined) return groups;
  }
  return undefined;
}

/** Goes on behind a node from a position; says whether the rest matches. */
type Continuation = (at: number) => boolean;

const MAX_DEPTH = 2500;

/** Steps that are told together, each as a sixteenth of a step of Python. */
const STEPS_AT_ONCE = 256;

class Matcher {
  readonly #regex: Regex;
  readonly #text: readonly string[];
  readonly #end: number;
  readonly #isFull: boolean;
  readonly #nonEmptyAt: number | undefined;
  readonly #step: (count: number) => void;
  #groups: number[] = [];
  #depth = 0;
  #steps = 0;

  constructor(regex: Regex, { text, end, isFull, nonEmptyAt, step }: MatchOptions) {
    this.#regex = regex;
    this.#text = text;
    this.#end = end;
    this.#isFull = isFull;
    this.#nonEmptyAt = nonEmptyAt;
    this.#step = step;
  }

  match(start: number): Groups | undefined {
    this.#count(1 + this.#regex.groupCount);
    this.#groups = new Array<number>(2 * (this.#regex.groupCount + 1)).fill(-1);
    this.#groups[0] = start;
    const isMatch = this.#run(this.#regex.root, start, (at) => {
      if (this.#isFull && at !== this.#end) return false;
      if (at === start && start === this.#nonEmptyAt) return false;
      this.#groups[1] = at;
      return true;
    });
    return isMatch ? this.#groups : undefined;
  }

  #run(node: RegexNode, at: number, next: Continuation): boolean {
    this.#count(1);
    if (++this.#depth > MAX_DEPTH) throw new MatchTooDeep();
    try {
      return this.#runNode(node, at, next);
    } finally {
      this.#depth -= 1;
    }
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps < STEPS_AT_ONCE) return;
    this.#step(this.#steps >> 4);
    this.#steps = 0;
  }

  #runNode(node: RegexNode, at: number, next: Continuation): boolean {
    switch (node.kind) {
      case 'set':
        return this.#isIn(node, at) && next(at + 1);
      case 'sequence':
        return this.#runSequence(node.parts, 0, at, next);
      case 'alternatives':
        return node.options.some((option) => this.#run(option, at, next));
      case 'repeat':
        return this.#runRepeat(node, at, next);
      case 'group':
        return this.#runGroup(node.index, node.body, at, next);
      case 'atomic': {
        const end = this.#endOf(node.body, at);
        return end !== undefined && next(end);
      }
      case 'backreference':
        return this.#runBackreference(node, at, next);
      case 'look':
        return this.#look(node, at) !== node.isNegative && next(at);
      case 'condition':
        return this.#run((this.#groups[2 * node.index + 1] ?? -1) >= 0 ? node.yes : node.no, at, next);
      case 'assertion':
        return this.#holds(node.type, at) && next(at);
      default:
        return assertNever(node);
    }
  }

  #isIn(node: Extract<RegexNode, { readonly kind: 'set' }>, at: number): boolean {
    const character = this.#text[at];
    return at < this.#end && character !== undefined && node.matches(character);
  }

  #runSequence(parts: readonly RegexNode[], index: number, at: number, next: Continuation): boolean {
    // Characters and assertions need no way back: walk over them in a loop.
    let [i, position] = [index, at];
    for (; i < parts.length; i++) {
      const part = parts[i];
      if (part?.kind === 'set') {
        if (!this.#isIn(part, position)) return false;
        position += 1;
      } else if (part?.kind !== 'assertion' || !this.#holds(part.type, position)) break;
    }
    const part = parts[i];
    if (part === undefined) return next(position);
    if (part.kind === 'assertion') return false;
    return this.#run(part, position, (after) => this.#runSequence(parts, i + 1, after, next));
  }

  #runRepeat(node: Extract<RegexNode, { readonly kind: 'repeat' }>, at: number, next: Continuation): boolean {
    const { body, minimum, maximum, mode } = node;
    if (mode === 'possessive') {
      const end = this.#endOf({ ...node, mode: 'greedy' }, at);
      return end !== undefined && next(end);
    }
    if (body.kind === 'set') return this.#repeatSet(body, minimum, maximum, mode === 'lazy', at, next);
    return this.#repeatFrom(node, 0, at, -1, next);
  }

  /** One character at a time needs no recursion. */
  #repeatSet(
    body: Extract<RegexNode, { readonly kind: 'set' }>,
    minimum: number,
    maximum: number,
    isLazy: boolean,
    at: number,
    next: Continuation,
  ): boolean {
    let count = 0;
    const limit = isLazy ? minimum : maximum;
    while (count < limit && this.#isIn(body, at + count)) count += 1;
    this.#count(count);
    if (count < minimum) return false;
    if (isLazy) {
      for (;;) {
        if (next(at + count)) return true;
        if (count >= maximum || !this.#isIn(body, at + count)) return false;
        count += 1;
      }
    }
    for (; count >= minimum; count--) if (next(at + count)) return true;
    return false;
  }

  #repeatFrom(
    node: Extract<RegexNode, { readonly kind: 'repeat' }>,
    count: number,
    at: number,
    previous: number,
    next: Continuation,
  ): boolean {
    const { body, minimum, maximum, mode } = node;
    // A round that took nothing would go on for ever.
    const canRepeat = count < maximum && !(count >= minimum && at === previous);
    const again = (): boolean => {
      if (!canRepeat) return false;
      this.#count(this.#groups.length);
      const saved = [...this.#groups];
      if (this.#run(body, at, (after) => this.#repeatFrom(node, count + 1, after, at, next))) return true;
      this.#groups = saved;
      return false;
    };
    if (count < minimum) return again();
    return mode === 'lazy' ? next(at) || again() : again() || next(at);
  }

  #runGroup(index: number, body: RegexNode, at: number, next: Continuation): boolean {
    const [start, end] = [2 * index, 2 * index + 1];
    const saved = [this.#groups[start] ?? -1, this.#groups[end] ?? -1];
    const isMatch = this.#run(body, at, (after) => {
      const inner = [this.#groups[start] ?? -1, this.#groups[end] ?? -1];
      this.#groups[start] = at;
      this.#groups[end] = after;
      if (next(after)) return true;
      [this.#groups[start], this.#groups[end]] = [inner[0] ?? -1, inner[1] ?? -1];
      return false;
    });
    if (!isMatch) [this.#groups[start], this.#groups[end]] = [saved[0] ?? -1, saved[1] ?? -1];
    return isMatch;
  }

  #runBackreference(
    { index, ignoresCase }: Extract<RegexNode, { readonly kind: 'backreference' }>,
    at: number,
    next: Continuation,
  ): boolean {
    const [start, end] = [this.#groups[2 * index] ?? -1, this.#groups[2 * index + 1] ?? -1];
    if (end < 0) return false;
    const fold = (characters: readonly string[]): string =>
      ignoresCase ? characters.join('').toLowerCase() : characters.join('');
    const length = end - start;
    if (at + length > this.#end) return false;
    this.#count(length);
    return fold(this.#text.slice(start, end)) === fold(this.#text.slice(at, at + length)) && next(at + length);
  }

  #look({ direction, body }: Extract<RegexNode, { readonly kind: 'look' }>, at: number): boolean {
    if (direction === 'ahead') return this.#run(body, at, () => true);
    for (let start = at; start >= 0; start--) if (this.#run(body, start, (end) => end === at)) return true;
    return false;
  }

  /** Where the first way to match ends. */
  #endOf(body: RegexNode, at: number): number | undefined {
    let end: number | undefined;
    this.#run(body, at, (after) => {
      end = after;
      return true;
    });
    return end;
  }

  #holds(type: Extract<RegexNode, { readonly kind: 'assertion' }>['type'], at: number): boolean {
    switch (type) {
      case 'textStart':
        return at === 0;
      case 'textEnd':
        return at === this.#end;
      case 'lineStart':
        return at === 0 || this.#text[at - 1] === '\n';
      case 'lineEnd':
        return at === this.#end || this.#text[at] === '\n';
      case 'end':
        return at === this.#end || (at === this.#end - 1 && this.#text[at] === '\n');
      case 'word':
      case 'notWord': {
        const after = at < this.#end ? this.#text[at] : undefined;
        const isBoundary = isWordCharacter(this.#text[at - 1]) !== isWordCharacter(after);
        return isBoundary === (type === 'word');
      }
    }
  }
}

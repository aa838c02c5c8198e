/**
 * Python's regular expressions as a tree: parseRegex("(?P<n>a|b)+$", "") -> sequence of a repeat and an end assertion.
 * Source: Python 3.12, "Regular Expression Syntax".
 */

export type RegexNode =
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'alternatives'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'set'; readonly matches: (character: string) => boolean }
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly minimum: number;
      readonly maximum: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly kind: 'group'; readonly index: number; readonly body: RegexNode }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'backreference'; readonly index: number; readonly ignoresCase: boolean }
  | {
      readonly kind: 'look';
      readonly direction: 'ahead' | 'behind';
      readonly isNegative: boolean;
      readonly body: RegexNode;
    }
  | { readonly kind: 'condition'; readonly index: number; readonly yes: RegexNode; readonly no: RegexNode }
  | {
      readonly kind: 'assertion';
      readonly type: 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'end' | 'word' | 'notWord';
    };

export interface Regex {
  readonly root: RegexNode;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** The flags given and those that the pattern sets for itself, as letters of "aimsxLu". */
  readonly flags: string;
}

/** What is wrong with a pattern, in Python's words where we know them. */
export class RegexError extends Error {}

/** `flags` are letters of "imsxa". Throws RegexError. */
export function parseRegex(pattern: string, flags: string): Regex {
  return new RegexParser(pattern, flags).parse();
}

const MAX_REPEAT = 65535;
const MAX_DEPTH = 100;

class RegexParser {
  readonly #characters: readonly string[];
  #at = 0;
  #flags: Set<string>;
  #groupCount = 0;
  #depth = 0;
  readonly #groupNames = new Map<string, number>();

  constructor(pattern: string, flags: string) {
    this.#characters = Array.from(pattern);
    this.#flags = new Set(flags);
  }

  parse(): Regex {
    this.#readGlobalFlags();
    const root = this.#alternatives();
    if (this.#at < this.#characters.length) throw new RegexError('unbalanced parenthesis');
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames, flags: [...this.#flags].join('') };
  }

  /** `(?im)` at the start of the pattern. */
  #readGlobalFlags(): void {
    const match = /^\(\?([aiLmsux]+)\)/.exec(this.#characters.slice(0, 12).join(''));
    if (match === null) return;
    for (const flag of match[1] ?? '') this.#flags.add(flag);
    this.#at = match[0].length;
  }

  #alternatives(): RegexNode {
    if (++this.#depth > MAX_DEPTH) throw new RegexError('the pattern is nested too deeply');
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    this.#depth -= 1;
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'alternatives', options };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    for (;;) {
      this.#skipVerbose();
      const next = this.#peek();
      if (next === undefined || next === '|' || next === ')') return { kind: 'sequence', parts };
      const atom = this.#atom();
      if (atom !== undefined) parts.push(this.#quantified(atom));
    }
  }

  /** White space and comments under the flag `x`. */
  #skipVerbose(): void {
    if (!this.#flags.has('x')) return;
    for (;;) {
      const next = this.#peek();
      if (next !== undefined && /\s/.test(next)) this.#at += 1;
      else if (next === '#') while (this.#peek() !== undefined && this.#peek() !== '\n') this.#at += 1;
      else return;
    }
  }

  #quantified(atom: RegexNode): RegexNode {
    let node = atom;
    for (;;) {
      this.#skipVerbose();
      const range = this.#quantifier();
      if (range === undefined) return node;
      if (node.kind === 'repeat' && node !== atom) throw new RegexError('multiple repeat');
      const [minimum, maximum] = range;
      if (minimum > maximum) throw new RegexError('min repeat greater than max repeat');
      if (Math.min(maximum, minimum) > MAX_REPEAT) throw new RegexError('the repetition number is too large');
      const mode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy';
      node = { kind: 'repeat', body: node, minimum, maximum, mode };
    }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    if (this.#peek() !== '{') return undefined;
    const match = /^\{(\d*)(,?)(\d*)\}/.exec(this.#characters.slice(this.#at, this.#at + 32).join(''));
    if (match === null || (match[1] === '' && match[2] === '')) return undefined;
    this.#at += match[0].length;
    const minimum = Number(match[1] === '' ? 0 : match[1]);
    if (match[2] === '') return [minimum, minimum];
    return [minimum, match[3] === '' ? Infinity : Number(match[3])];
  }

  #atom(): RegexNode | undefined {
    const character = this.#next();
    switch (character) {
      case '.':
        return this.#flags.has('s') ? set(() => true) : set((other) => other !== '\n');
      case '^':
        return { kind: 'assertion', type: this.#flags.has('m') ? 'lineStart' : 'textStart' };
      case '$':
        return { kind: 'assertion', type: this.#flags.has('m') ? 'lineEnd' : 'end' };
      case '(':
        return this.#group();
      case '[':
        return this.#characterSet();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new RegexError('nothing to repeat');
      default:
        return this.#literal(character);
    }
  }

  #literal(character: string): RegexNode {
    if (!this.#flags.has('i')) return set((other) => other === character);
    const folded = character.toLowerCase();
    return set((other) => other.toLowerCase() === folded);
  }

  #group(): RegexNode | undefined {
    if (!this.#take('?')) return this.#capture(undefined);
    const kind = this.#next();
    switch (kind) {
      case ':':
        return this.#closed();
      case '>':
        return { kind: 'atomic', body: this.#closed() };
      case '=':
      case '!':
        return { kind: 'look', direction: 'ahead', isNegative: kind === '!', body: this.#closed() };
      case '#':
        while (this.#next() !== ')');
        return undefined;
      case '(':
        return this.#condition();
      case 'P':
        if (this.#take('<')) return this.#capture(this.#identifier());
        if (this.#take('=')) return this.#backreference(this.#groupNames.get(this.#name(')')));
        throw new RegexError('unknown extension ?P');
      case '<': {
        const sign = this.#next();
        if (sign !== '=' && sign !== '!') throw new RegexError(`unknown extension ?<${sign}`);
        return { kind: 'look', direction: 'behind', isNegative: sign === '!', body: this.#closed() };
      }
      default:
        this.#at -= 1;
        return this.#flagGroup();
    }
  }

  /** `(?i-s:...)` */
  #flagGroup(): RegexNode {
    const match = /^([aiLmsux]*)(?:-([imsx]+))?:/.exec(this.#characters.slice(this.#at, this.#at + 20).join(''));
    if (match === null) throw new RegexError('unknown extension or flag');
    this.#at += match[0].length;
    const outer = this.#flags;
    this.#flags = new Set([...outer, ...Array.from(match[1] ?? '')]);
    for (const flag of match[2] ?? '') this.#flags.delete(flag);
    const body = this.#closed();
    this.#flags = outer;
    return body;
  }

  #capture(name: string | undefined): RegexNode {
    const index = ++this.#groupCount;
    if (name !== undefined) {
      if (this.#groupNames.has(name)) throw new RegexError(`redefinition of group name '${name}'`);
      this.#groupNames.set(name, index);
    }
    return { kind: 'group', index, body: this.#closed() };
  }

  #condition(): RegexNode {
    const name = this.#name(')');
    const index = /^\d+$/.test(name) ? Number(name) : this.#groupNames.get(name);
    if (index === undefined) throw new RegexError(`unknown group name '${name}'`);
    const yes = this.#sequence();
    const no: RegexNode = this.#take('|') ? this.#sequence() : { kind: 'sequence', parts: [] };
    if (!this.#take(')')) throw new RegexError('missing ), unterminated subpattern');
    return { kind: 'condition', index, yes, no };
  }

  #closed(): RegexNode {
    const body = this.#alternatives();
    if (!this.#take(')')) throw new RegexError('missing ), unterminated subpattern');
    return body;
  }

  #name(end: string): string {
    let name = '';
    for (let character = this.#next(); character !== end; character = this.#next()) name += character;
    if (!/^\w+$/.test(name)) throw new RegexError(`bad character in group name '${name}'`);
    return name;
  }

  #identifier(): string {
    const name = this.#name('>');
    if (/^\d/.test(name)) throw new RegexError(`bad character in group name '${name}'`);
    return name;
  }

  #backreference(index: number | undefined): RegexNode {
    if (index === undefined || index > this.#groupCount) throw new RegexError('invalid group reference');
    return { kind: 'backreference', index, ignoresCase: this.#flags.has('i') };
  }

  #escape(): RegexNode {
    const character = this.#next();
    const assertion = ASSERTIONS[character];
    if (assertion !== undefined) return { kind: 'assertion', type: assertion };
    const classTest = classOf(character, this.#flags.has('a'));
    if (classTest !== undefined) return set(classTest);
    if (/[1-9]/.test(character)) {
      const second = /[0-9]/.test(this.#peek() ?? '') ? this.#next() : '';
      return this.#backreference(Number(character + second));
    }
    return this.#literal(this.#escapedCharacter(character));
  }

  #escapedCharacter(character: string): string {
    const simple = SIMPLE_ESCAPES[character];
    if (simple !== undefined) return simple;
    const width = HEX_WIDTHS[character];
    if (width !== undefined) {
      const digits = this.#characters.slice(this.#at, this.#at + width).join('');
      if (digits.length < width || /[^0-9a-f]/i.test(digits)) throw new RegexError('incomplete escape');
      this.#at += width;
      return String.fromCodePoint(Math.min(parseInt(digits, 16), 0x10ffff));
    }
    if (character === '0') {
      const octal = /^[0-7]{0,2}/.exec(this.#characters.slice(this.#at, this.#at + 2).join(''))?.[0] ?? '';
      this.#at += octal.length;
      return String.fromCodePoint(parseInt(octal || '0', 8));
    }
    if (/[a-zA-Z]/.test(character)) throw new RegexError(`bad escape \\${character}`);
    return character;
  }

  #characterSet(): RegexNode {
    const isNegated = this.#take('^');
    const tests: ((character: string) => boolean)[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const character = this.#next();
      if (character === ']' && !isFirst) break;
      const low = this.#setMember(character);
      if (typeof low === 'string' && this.#peek() === '-' && this.#characters[this.#at + 1] !== ']') {
        this.#at += 1;
        const high = this.#setMember(this.#next());
        if (typeof high !== 'string' || codeOf(high) < codeOf(low)) {
          throw new RegexError('bad character range');
        }
        tests.push(rangeTest(codeOf(low), codeOf(high), this.#flags.has('i')));
      } else tests.push(typeof low === 'string' ? rangeTest(codeOf(low), codeOf(low), this.#flags.has('i')) : low);
    }
    return set((character) => tests.some((test) => test(character)) !== isNegated);
  }

  #setMember(character: string): string | ((character: string) => boolean) {
    if (character !== '\\') return character;
    const escaped = this.#next();
    if (escaped === 'b') return '\b';
    return classOf(escaped, this.#flags.has('a')) ?? this.#escapedCharacter(escaped);
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new RegexError('unexpected end of pattern');
    return character;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

type AssertionType = Extract<RegexNode, { readonly kind: 'assertion' }>['type'];

const ASSERTIONS: Readonly<Record<string, AssertionType>> = { A: 'textStart', Z: 'textEnd', b: 'word', B: 'notWord' };
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
const HEX_WIDTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

function classOf(letter: string, isAscii: boolean): ((character: string) => boolean) | undefined {
  const patterns = isAscii ? ASCII_CLASSES : CLASSES;
  const pattern = patterns[letter.toLowerCase()];
  if (pattern === undefined) return undefined;
  const isNegated = letter !== letter.toLowerCase();
  return (character) => pattern.test(character) !== isNegated;
}

const CLASSES: Readonly<Record<string, RegExp>> = { d: /\p{Nd}/u, w: /[\p{L}\p{N}_]/u, s: /\p{White_Space}/u };
const ASCII_CLASSES: Readonly<Record<string, RegExp>> = { d: /[0-9]/, w: /[a-zA-Z0-9_]/, s: /[ \t\n\r\f\v]/ };

function rangeTest(low: number, high: number, ignoresCase: boolean): (character: string) => boolean {
  const isWithin = (character: string): boolean => {
    const code = codeOf(character);
    return code >= low && code <= high;
  };
  if (!ignoresCase) return isWithin;
  return (character) => isWithin(character) || isWithin(character.toLowerCase()) || isWithin(character.toUpperCase());
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function set(matches: (character: string) => boolean): RegexNode {
  return { kind: 'set', matches };
}

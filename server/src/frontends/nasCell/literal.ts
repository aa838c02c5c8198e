/**
 * Literals as Python and JSON write them: numbers, strings, names, lists, tuples, dicts, and calls of a name, each with
 * its range. `Genotype(normal=[('skip_connect', 0)], normal_concat=range(2, 6))` is a call with two keywords.
 */
import type { TextRange } from '../../base/text.ts';

export type Literal =
  | { readonly kind: 'number'; readonly value: number; readonly range: TextRange }
  | { readonly kind: 'text'; readonly value: string; readonly range: TextRange }
  /** `True`, `null`, `CONV3X3`; of a dotted name the last part. */
  | { readonly kind: 'name'; readonly value: string; readonly range: TextRange }
  /** A list or a tuple. */
  | { readonly kind: 'list'; readonly items: readonly Literal[]; readonly range: TextRange }
  /** A dict (name undefined) or a call; items without a key stand in `positional`. */
  | {
      readonly kind: 'record';
      readonly name: string | undefined;
      readonly positional: readonly Literal[];
      readonly fields: readonly LiteralField[];
      readonly range: TextRange;
    };

export interface LiteralField {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly value: Literal;
}

export type LiteralResult =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'problem'; readonly message: string; readonly range: TextRange };

const MAX_DEPTH = 16;

/** Reads one literal that fills the text; `name = ` may stand before it, and comments and space around everything. */
export function readLiteral(text: string): LiteralResult {
  const tokens = tokenize(text);
  const reader = new LiteralReader(tokens, text.length);
  try {
    return { kind: 'literal', literal: reader.readAll() };
  } catch (error) {
    if (error instanceof LiteralFault) {
      const { start, end } = error.range;
      return { kind: 'problem', message: error.message, range: { start, end } };
    }
    throw error;
  }
}

interface Token extends TextRange {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'wrong';
  readonly text: string;
}

const TOKEN =
  /(?<space>\s+|#[^\n]*|\\\n)|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))|(?<text>[rbuRBU]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))|(?<name>[A-Za-z_][\w.]*)|(?<sign>[[\](){},:=])/y;

/** Ends at the first thing that is no token, which it gives as `wrong`. */
function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let start = 0; start < text.length; start = pattern.lastIndex) {
    pattern.lastIndex = start;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) {
      const end = start + (/^[\w.]+/.exec(text.slice(start, start + 80))?.[0].length ?? 1);
      return [...tokens, { kind: 'wrong', text: text.slice(start, end), start, end }];
    }
    for (const kind of ['number', 'text', 'name', 'sign'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found, start, end: start + found.length });
    }
  }
  return tokens;
}

/** Carries a fault out of the reader; `readLiteral` makes it data. */
class LiteralFault extends Error {
  constructor(
    message: string,
    readonly range: TextRange,
  ) {
    super(message);
  }
}

class LiteralReader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  readAll(): Literal {
    if (this.#tokens[0]?.kind === 'name' && this.#tokens[1]?.text === '=') this.#at = 2;
    const literal = this.#literal(0);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new LiteralFault(`expected nothing further, found ${quote(rest)}`, rest);
    return literal;
  }

  #literal(depth: number): Literal {
    const token = this.#next('a value');
    if (depth > MAX_DEPTH) throw new LiteralFault(`brackets are nested deeper than ${MAX_DEPTH}`, token);
    const { start, end, text } = token;
    if (token.kind === 'number') return { kind: 'number', value: Number(text), range: { start, end } };
    if (token.kind === 'text') return { kind: 'text', value: unquoted(text), range: { start, end } };
    if (token.kind === 'name') return this.#nameOrCall(token, depth);
    if (text === '[') return this.#list(token, ']', depth);
    if (text === '(') return this.#list(token, ')', depth);
    if (text === '{') return this.#record(token, undefined, '}', depth);
    throw new LiteralFault(`expected a value, found ${quote(token)}`, token);
  }

  #nameOrCall(token: Token, depth: number): Literal {
    const value = token.text.slice(token.text.lastIndexOf('.') + 1);
    if (this.#tokens[this.#at]?.text !== '(') {
      return { kind: 'name', value, range: { start: token.start, end: token.end } };
    }
    this.#at++;
    return this.#record(token, value, ')', depth);
  }

  #list(open: Token, close: string, depth: number): Literal {
    const items: Literal[] = [];
    const end = this.#untilClosed(close, () => items.push(this.#literal(depth + 1)));
    return { kind: 'list', items, range: { start: open.start, end } };
  }

  #record(open: Token, name: string | undefined, close: string, depth: number): Literal {
    const positional: Literal[] = [];
    const fields: LiteralField[] = [];
    const separator = close === '}' ? ':' : '=';
    const end = this.#untilClosed(close, () => {
      const key = this.#tokens[this.#at];
      if ((key?.kind === 'name' || key?.kind === 'text') && this.#tokens[this.#at + 1]?.text === separator) {
        this.#at += 2;
        const keyRange = { start: key.start, end: key.end };
        fields.push({
          key: key.kind === 'text' ? unquoted(key.text) : key.text,
          keyRange,
          value: this.#literal(depth + 1),
        });
      } else {
        positional.push(this.#literal(depth + 1));
      }
    });
    return { kind: 'record', name, positional, fields, range: { start: open.start, end } };
  }

  /** Reads items with commas between them (one may stand last); gives where the closing bracket ends. */
  #untilClosed(close: string, readItem: () => void): number {
    for (;;) {
      if (this.#tokens[this.#at]?.text === close) break;
      readItem();
      const after = this.#tokens[this.#at];
      if (after?.text === close) break;
      if (after?.text !== ',') throw this.#unexpected(`expected "," or "${close}"`);
      this.#at++;
    }
    const end = this.#tokens[this.#at]?.end ?? this.#end;
    this.#at++;
    return end;
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#unexpected(`expected ${wanted}`);
    this.#at++;
    return token;
  }

  #unexpected(expected: string): LiteralFault {
    const token = this.#tokens[this.#at];
    if (token !== undefined) return new LiteralFault(`${expected}, found ${quote(token)}`, token);
    return new LiteralFault(`${expected}, but the text ends here`, { start: this.#end, end: this.#end });
  }
}

function unquoted(text: string): string {
  return text.replace(/^[rbuRBU]?['"]/, '').slice(0, -1);
}

function quote({ text }: Token): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

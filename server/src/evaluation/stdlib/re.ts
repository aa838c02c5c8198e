/**
 * The module `re`: compile, match, search, findall, sub, split and the rest, on our own bounded matcher.
 * re.sub(r"(\w+)-(\w+)", r"\2 \1", "a-b") -> "b a". Patterns of bytes are unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import { tooLarge } from '../tooLarge.ts';
import { PyInstance, PyIterator, PyList, PyRaise, PyTuple, PyUnknown, type Value } from '../values.ts';
import { indexArgument } from '../builtins/arguments.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { unbox } from '../builtins/unbox.ts';
import { PyPattern, expandTemplate, groupText, makeMatch, matchClass, type PyMatch } from './regexMatch.ts';
import { MatchTooDeep, matchRegex, searchRegex, type Groups } from './regexMatcher.ts';
import { RegexError, parseRegex, type Regex } from './regexSyntax.ts';

/** Python's number, our letter and the names of each flag. */
const FLAGS = [
  [2, 'i', ['I', 'IGNORECASE']],
  [4, 'L', ['L', 'LOCALE']],
  [8, 'm', ['M', 'MULTILINE']],
  [16, 's', ['S', 'DOTALL']],
  [32, 'u', ['U', 'UNICODE']],
  [64, 'x', ['X', 'VERBOSE']],
  [256, 'a', ['A', 'ASCII']],
] as const;

/** What a method of a pattern does with a text and its further arguments. */
type Operation = (runtime: Runtime, pattern: PyPattern, text: string, rest: readonly Value[]) => Value;

interface Method {
  /** Parameters after the pattern; "string" among them is the text. */
  readonly parameters: readonly string[];
  readonly operation: Operation;
}

const METHODS: Readonly<Record<string, Method>> = {
  match: { parameters: ['string', 'pos=0', 'endpos=None'], operation: finding('match') },
  fullmatch: { parameters: ['string', 'pos=0', 'endpos=None'], operation: finding('fullmatch') },
  search: { parameters: ['string', 'pos=0', 'endpos=None'], operation: finding('search') },
  findall: {
    parameters: ['string'],
    operation: (runtime, pattern, text) =>
      overMatches(runtime, pattern, text, (matches) => new PyList(matches.map(foundItem))),
  },
  finditer: {
    parameters: ['string'],
    operation: (runtime, pattern, text) =>
      overMatches(runtime, pattern, text, (matches) => new PyIterator(walk(matches))),
  },
  split: { parameters: ['string', 'maxsplit=0'], operation: split },
  sub: { parameters: ['repl', 'string', 'count=0'], operation: (...given) => substitute(...given)[0] },
  subn: { parameters: ['repl', 'string', 'count=0'], operation: (...given) => new PyTuple(substitute(...given)) },
};

export const reModule: NativeModuleDefinition = {
  name: 're',
  members: (runtime) =>
    mergeMembers(
      new Map<string, Value>(FLAGS.flatMap(([bits, , names]) => names.map((name): [string, Value] => [name, bits]))),
      new Map<string, Value>([
        ['NOFLAG', 0],
        ['Pattern', patternClass(runtime)],
        ['Match', matchClass(runtime)],
        ['error', errorClass(runtime)],
        ['PatternError', errorClass(runtime)],
      ]),
      members('re', {
        'compile(pattern, flags=0)': (_, pattern, flags) => compile(runtime, pattern, flags),
        'escape(pattern)': (_, pattern) => {
          const text = unbox(pattern);
          return typeof text === 'string' ? text.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, '\\$&') : text;
        },
        'purge()': () => null,
      }),
      moduleFunctions(),
    ),
};

const errorClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 're.error', { bases: [runtime.builtinClass('Exception')] }),
);

const patternClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 're.Pattern', {
    members: mergeMembers(
      new Map(
        Object.entries(METHODS).map(([name, { parameters, operation }]): [string, Value] => [
          name,
          define(`${name}(${['self', ...parameters].join(', ')})`, (_, self, ...rest) =>
            apply(runtime, self, parameters, operation, rest),
          ),
        ]),
      ),
      members('re.Pattern', {
        '__repr__(self)': (_, self) => `re.compile(${self instanceof PyPattern ? runtime.repr(self.source) : '?'})`,
        '__copy__(self)': (_, self) => self,
        '__deepcopy__(self, memo)': (_, self) => self,
      }),
    ),
  }),
);

/** `re.search(pattern, string, flags=0)` and the like, without positions. */
function moduleFunctions(): ReadonlyMap<string, Value> {
  return new Map(
    Object.entries(METHODS).map(([name, { parameters, operation }]): [string, Value] => {
      const plain = parameters.filter((parameter) => !/^(end)?pos=/.test(parameter));
      const signature = `${name}(${['pattern', ...plain, 'flags=0'].join(', ')})`;
      const body = define(
        signature,
        (runtime, pattern, ...rest) => {
          const compiled = compile(runtime, pattern, rest.at(-1) ?? 0);
          return apply(runtime, compiled, plain, operation, rest.slice(0, -1));
        },
        're',
      );
      return [name, body];
    }),
  );
}

function apply(
  runtime: Runtime,
  pattern: Value,
  parameters: readonly string[],
  operation: Operation,
  given: readonly Value[],
): Value {
  const at = parameters.indexOf('string');
  const string = given[at] ?? null;
  const text = unbox(string);
  const unknown = [pattern, text, ...given].find((value) => value instanceof PyUnknown);
  if (unknown !== undefined) return unknown;
  if (!(pattern instanceof PyPattern)) return runtime.raise('TypeError', 'descriptor requires a re.Pattern');
  if (typeof text === 'string' && text.length > MAX_TEXT) {
    return runtime.unknown('a regular expression on a long text');
  }
  if (typeof text !== 'string') {
    const { name } = runtime.typeOf(string);
    return runtime.raise('TypeError', `expected string or bytes-like object, got '${name}'`);
  }
  return operation(
    runtime,
    pattern,
    text,
    given.filter((_, index) => index !== at),
  );
}

function compile(runtime: Runtime, pattern: Value, flags: Value): Value {
  if (pattern instanceof PyUnknown || pattern instanceof PyPattern) return pattern;
  const [source, bits] = [unbox(pattern), unbox(flags)];
  if (typeof source !== 'string') return runtime.unknown('a regular expression of something else than a str');
  if (typeof bits !== 'number') return runtime.unknown('a regular expression with unknown flags');
  if (source.length > MAX_PATTERN) return runtime.unknown('a long regular expression');
  runtime.budget.allocate(BYTES.object * source.length);
  const letters = FLAGS.flatMap(([bit, letter]) => ((bits & bit) !== 0 ? [letter] : []));
  try {
    const regex = parseRegex(source, letters.join(''));
    return new PyPattern(patternClass(runtime), source, regex, flagNumber(regex));
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const exception = runtime.call(errorClass(runtime), [error.message]);
    if (exception instanceof PyInstance) throw new PyRaise(exception, runtime.callStack());
    return exception;
  }
}

function flagNumber({ flags }: Regex): number {
  const bits = FLAGS.reduce((sum, [bit, letter]) => (flags.includes(letter) ? sum | bit : sum), 0);
  return flags.includes('a') ? bits : bits | 32;
}

type Way = 'match' | 'fullmatch' | 'search';

/** Longer texts are refused, as a pattern may take time that grows with their square. */
const MAX_TEXT = 1 << 17;

/** Longer patterns are refused: every character of a text may be compared with all of one. */
const MAX_PATTERN = 1 << 14;

function run(
  runtime: Runtime,
  pattern: PyPattern,
  text: readonly string[],
  way: Way,
  from: number,
  to: number,
  nonEmptyAt?: number,
): Groups | PyUnknown | undefined {
  const options = {
    text,
    end: to,
    isFull: way === 'fullmatch',
    nonEmptyAt,
    step: (count: number) => runtime.step(count),
  };
  try {
    return way === 'search' ? searchRegex(pattern.regex, from, options) : matchRegex(pattern.regex, from, options);
  } catch (error) {
    if (error instanceof MatchTooDeep) return runtime.unknown('a regular expression that needs too much backtracking');
    throw error;
  }
}

function finding(way: Way): Operation {
  return (runtime, pattern, text, [pos, endPos]) => {
    const characters = Array.from(text);
    const from = pos === undefined ? 0 : indexArgument(runtime, pos);
    const to = endPos === undefined || endPos === null ? characters.length : indexArgument(runtime, endPos);
    if (from instanceof PyUnknown) return from;
    if (to instanceof PyUnknown) return to;
    const clamp = (at: number): number => Math.min(Math.max(0, at), characters.length);
    const groups = run(runtime, pattern, characters, way, clamp(from), clamp(to));
    if (groups === undefined || groups instanceof PyUnknown) return groups ?? null;
    return makeMatch(runtime, pattern, characters, groups);
  };
}

/** All matches that do not overlap; after an empty one, another at the same place must take something. */
function allMatches(runtime: Runtime, pattern: PyPattern, text: string): readonly PyMatch[] | PyUnknown {
  const characters = Array.from(text);
  const matches: PyMatch[] = [];
  let at = 0;
  let nonEmptyAt: number | undefined;
  while (at <= characters.length) {
    const groups = run(runtime, pattern, characters, 'search', at, characters.length, nonEmptyAt);
    if (groups instanceof PyUnknown) return groups;
    if (groups === undefined) break;
    const [start = 0, end = 0] = groups;
    matches.push(makeMatch(runtime, pattern, characters, groups));
    at = end;
    nonEmptyAt = start === end ? end : undefined;
  }
  return matches;
}

function overMatches(
  runtime: Runtime,
  pattern: PyPattern,
  text: string,
  make: (matches: readonly PyMatch[]) => Value,
): Value {
  const matches = allMatches(runtime, pattern, text);
  return matches instanceof PyUnknown ? matches : make(matches);
}

/** The whole match, the one group, or a tuple of the groups. */
function foundItem(match: PyMatch): Value {
  const count = match.pattern.regex.groupCount;
  if (count === 0) return groupText(match, 0) ?? '';
  if (count === 1) return groupText(match, 1) ?? '';
  return new PyTuple(Array.from({ length: count }, (_, at) => groupText(match, at + 1) ?? ''));
}

function split(runtime: Runtime, pattern: PyPattern, text: string, [limit]: readonly Value[]): Value {
  const count = indexArgument(runtime, limit ?? 0);
  if (count instanceof PyUnknown) return count;
  return overMatches(runtime, pattern, text, (matches) => {
    const characters = Array.from(text);
    const parts: Value[] = [];
    let at = 0;
    for (const match of count > 0 ? matches.slice(0, count) : count < 0 ? [] : matches) {
      const [start = 0, end = 0] = match.groups;
      parts.push(characters.slice(at, start).join(''));
      for (let index = 1; index <= pattern.regex.groupCount; index++) parts.push(groupText(match, index) ?? null);
      at = end;
    }
    parts.push(characters.slice(at).join(''));
    return new PyList(parts);
  });
}

/** The new text and the number of replacements. */
function substitute(
  runtime: Runtime,
  pattern: PyPattern,
  text: string,
  [replacement = null, limit = 0]: readonly Value[],
): [Value, Value] {
  const count = indexArgument(runtime, limit);
  const matches = allMatches(runtime, pattern, text);
  if (count instanceof PyUnknown) return [count, count];
  if (matches instanceof PyUnknown) return [matches, matches];
  const characters = Array.from(text);
  const template = unbox(replacement);
  let result = '';
  let at = 0;
  const used = count > 0 ? matches.slice(0, count) : matches;
  for (const match of used) {
    const [start = 0, end = 0] = match.groups;
    const made =
      typeof template === 'string'
        ? expandTemplate(runtime, match, template)
        : unbox(runtime.call(replacement, [match]));
    if (made instanceof PyUnknown) return [made, used.length];
    result += characters.slice(at, start).join('') + (typeof made === 'string' ? made : '');
    if (runtime.budget.isTooLarge(result.length)) {
      const unknown = tooLarge(runtime, 'a text', result.length);
      return [unknown, used.length];
    }
    at = end;
  }
  return [result + characters.slice(at).join(''), used.length];
}

function* walk(items: readonly Value[]): Generator<Value, Value> {
  yield* items;
  return null;
}

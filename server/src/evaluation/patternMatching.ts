/**
 * `match`: value, capture, sequence, mapping, class and alternative patterns. Where it is not known whether a pattern
 * matches, the case is passed over and that is noted; the names of a case are bound only when it matches.
 */
import { assertNever } from '../base/assert.ts';
import type { Match, Pattern } from '../syntax/ast.ts';
import { addPatternNames } from '../syntax/names.ts';
import { hashKey } from './builtins/containerCreation.ts';
import type { CodeContext } from './codeContext.ts';
import { compare } from './comparisons.ts';
import { compileExpression } from './expressions.ts';
import { NORMAL, type Execute, type Frame } from './frame.ts';
import { compileStore } from './names.ts';
import { compileBlock } from './statements.ts';
import { truth } from './truth.ts';
import { PyClass, PyDict, PyInstance, PyList, PyRange, PyTuple, PyUnknown, type Value } from './values.ts';

/** Adds what it captures to `captures`; unknown where a match is not decided. */
type Test = (frame: Frame, value: Value, captures: Captures) => boolean | PyUnknown;
type Captures = Map<string, Value>;

export function compileMatch(context: CodeContext, node: Match): Execute {
  const select = compileCases(context, node);
  const bodies = node.cases.map((matchCase) => compileBlock(context, matchCase.body));
  return (frame) => {
    const body = bodies[select(frame)];
    return body === undefined ? NORMAL : body(frame);
  };
}

/** Finds the case that matches and binds its names; -1 where none does. */
export function compileCases(context: CodeContext, node: Match): (frame: Frame) => number {
  const { executor } = context;
  const subject = compileExpression(context, node.subject);
  const cases = node.cases.map(({ pattern, guard }) => {
    const names = new Set<string>();
    addPatternNames(pattern, names);
    return {
      test: compilePattern(context, pattern),
      guard: guard && compileExpression(context, guard),
      stores: [...names].map((name) => [name, compileStore(context, name)] as const),
    };
  });
  return (frame) => {
    const value = subject(frame);
    return cases.findIndex(({ test, guard, stores }) => {
      const captures: Captures = new Map();
      frame.at = node.subject;
      if (!isCertain(test(frame, value, captures))) return false;
      for (const [name, store] of stores) {
        const captured = captures.get(name);
        if (captured !== undefined) store(frame, captured);
      }
      return guard === undefined || isCertain(truth(executor, guard(frame)));
    });
  };

  function isCertain(verdict: boolean | PyUnknown): boolean {
    if (!(verdict instanceof PyUnknown)) return verdict;
    executor.omit(`It is not known whether this case matches (${verdict.reason}); it was passed over.`);
    return false;
  }
}

function compilePattern(context: CodeContext, pattern: Pattern): Test {
  const { executor } = context;
  switch (pattern.kind) {
    case 'value': {
      const expected = compileExpression(context, pattern.value);
      const isSingleton = pattern.value.kind === 'constant' && ['none', 'bool'].includes(pattern.value.value.type);
      return (frame, value) => truth(executor, compare(executor, isSingleton ? 'is' : '==', value, expected(frame)));
    }
    case 'capture': {
      const inner = pattern.pattern && compilePattern(context, pattern.pattern);
      const { name } = pattern;
      return (frame, value, captures) => {
        const verdict = inner === undefined ? true : inner(frame, value, captures);
        if (verdict === true && name !== undefined) captures.set(name, value);
        return verdict;
      };
    }
    case 'star': {
      const { name } = pattern;
      return (_, value, captures) => {
        if (name !== undefined) captures.set(name, value);
        return true;
      };
    }
    case 'sequence':
      return compileSequence(context, pattern);
    case 'mapping':
      return compileMapping(context, pattern);
    case 'class':
      return compileClassPattern(context, pattern);
    case 'or': {
      const alternatives = pattern.alternatives.map((alternative) => compilePattern(context, alternative));
      return (frame, value, captures) => {
        let open: PyUnknown | undefined;
        for (const alternative of alternatives) {
          const verdict = alternative(frame, value, captures);
          if (verdict === true) return true;
          if (verdict instanceof PyUnknown) open ??= verdict;
        }
        return open ?? false;
      };
    }
    default:
      return assertNever(pattern);
  }
}

type PatternOf<K extends Pattern['kind']> = Extract<Pattern, { readonly kind: K }>;

function compileSequence(context: CodeContext, { patterns }: PatternOf<'sequence'>): Test {
  const { executor } = context;
  const tests = patterns.map((pattern) => compilePattern(context, pattern));
  const starAt = patterns.findIndex((pattern) => pattern.kind === 'star');
  return (frame, value, captures) => {
    if (value instanceof PyUnknown) return value;
    const isSequence = value instanceof PyList || value instanceof PyTuple || value instanceof PyRange;
    if (!isSequence) return false;
    const items = [...executor.iterate(value)];
    if (starAt < 0 ? items.length !== tests.length : items.length < tests.length - 1) return false;
    const after = tests.length - starAt - 1;
    const parts: readonly Value[] =
      starAt < 0
        ? items
        : [
            ...items.slice(0, starAt),
            new PyList(items.slice(starAt, items.length - after)),
            ...items.slice(items.length - after),
          ];
    return all(tests.map((test, index) => () => test(frame, parts[index] as Value, captures))); // as many as tests
  };
}

function compileMapping(context: CodeContext, pattern: PatternOf<'mapping'>): Test {
  const { executor } = context;
  const entries = pattern.entries.map(([key, value]) => ({
    key: compileExpression(context, key),
    test: compilePattern(context, value),
  }));
  const { rest } = pattern;
  return (frame, value, captures) => {
    if (value instanceof PyUnknown) return value;
    if (!(value instanceof PyDict)) return false;
    const left = new Map(value.entries);
    const verdict = all(
      entries.map(({ key, test }) => () => {
        const mapKey = hashKey(executor, key(frame));
        const entry = value.entries.get(mapKey);
        left.delete(mapKey);
        return entry === undefined ? false : test(frame, entry.value, captures);
      }),
    );
    if (verdict === true && rest !== undefined) {
      const dict = new PyDict();
      dict.entries = left;
      captures.set(rest, dict);
    }
    return verdict;
  };
}

/** Builtin classes whose single positional pattern is the value itself. Source: Python reference, "Class Patterns". */
const SELF_MATCHING = new Set(['bool', 'bytes', 'dict', 'float', 'frozenset', 'int', 'list', 'set', 'str', 'tuple']);

function compileClassPattern(context: CodeContext, pattern: PatternOf<'class'>): Test {
  const { executor } = context;
  const type = compileExpression(context, pattern.type);
  const positional = pattern.positional.map((part) => compilePattern(context, part));
  const keywords = pattern.keywords.map(([name, part]) => [name, compilePattern(context, part)] as const);
  return (frame, value, captures) => {
    const cls = type(frame);
    if (value instanceof PyUnknown) return value;
    if (!(cls instanceof PyClass)) return cls instanceof PyUnknown ? cls : notAClass();
    if (!executor.isInstance(value, cls)) return false;
    if (SELF_MATCHING.has(cls.name) && cls.module === 'builtins' && positional.length === 1 && !isOwn(value)) {
      return (positional[0] as Test)(frame, value, captures); // checked by the length
    }
    const names = positional.length === 0 ? [] : matchArguments(cls);
    if (positional.length > names.length) {
      const message = `${cls.name}() accepts ${names.length} positional sub-patterns (${positional.length} given)`;
      return executor.raise('TypeError', message);
    }
    const parts = [...positional.map((test, index) => [names[index] as string, test] as const), ...keywords];
    return all(
      parts.map(([name, test]) => () => {
        const attribute = executor.lookupAttribute(value, name);
        return attribute === undefined ? false : test(frame, attribute, captures);
      }),
    );
  };

  function notAClass(): never {
    return executor.raise('TypeError', 'called match pattern must be a class');
  }

  function matchArguments(cls: PyClass): readonly string[] {
    const names = executor.lookupAttribute(cls, '__match_args__');
    return names instanceof PyTuple ? names.items.filter((name) => typeof name === 'string') : [];
  }
}

function isOwn(value: Value): boolean {
  return value instanceof PyInstance && value.payload === undefined;
}

/** False as soon as one is, else unknown where one is. */
function all(tests: readonly (() => boolean | PyUnknown)[]): boolean | PyUnknown {
  let open: PyUnknown | undefined;
  for (const test of tests) {
    const verdict = test();
    if (verdict === false) return false;
    if (verdict instanceof PyUnknown) open ??= verdict;
  }
  return open ?? true;
}

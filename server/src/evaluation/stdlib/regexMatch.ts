/**
 * Pattern and Match objects: match.group("name"), match.span(), match.expand(r"\1-\g<name>").
 */
import type { Runtime } from '../runtime.ts';
import { dictOf } from '../containers.ts';
import { PyInstance, PyTuple, PyUnknown, type PyClass, type Value } from '../values.ts';
import { members } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { unbox } from '../builtins/unbox.ts';
import type { Groups } from './regexMatcher.ts';
import type { Regex } from './regexSyntax.ts';

export class PyPattern extends PyInstance {
  constructor(
    cls: PyClass,
    readonly source: string,
    readonly regex: Regex,
    flags: number,
  ) {
    super(cls);
    this.attributes.set('pattern', source);
    this.attributes.set('flags', flags);
    this.attributes.set('groups', regex.groupCount);
    this.attributes.set('groupindex', dictOf(regex.groupNames));
  }
}

export class PyMatch extends PyInstance {
  constructor(
    cls: PyClass,
    readonly pattern: PyPattern,
    readonly characters: readonly string[],
    readonly groups: Groups,
  ) {
    super(cls);
    this.attributes.set('re', pattern);
    this.attributes.set('string', characters.join(''));
    const last = lastGroup(groups);
    this.attributes.set('lastindex', last ?? null);
    const name = [...pattern.regex.groupNames].find(([, index]) => index === last)?.[0];
    this.attributes.set('lastgroup', name ?? null);
  }
}

export function makeMatch(
  runtime: Runtime,
  pattern: PyPattern,
  characters: readonly string[],
  groups: Groups,
): PyMatch {
  return new PyMatch(matchClass(runtime), pattern, characters, groups);
}

export const matchClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 're.Match', {
    members: members('re.Match', {
      'group(self, *groups)': (_, self, keys) => {
        const wanted = keys instanceof PyTuple && keys.items.length > 0 ? keys.items : [0];
        const texts = wanted.map((key) => groupOf(runtime, self, key));
        return texts.length === 1 ? (texts[0] ?? null) : new PyTuple(texts);
      },
      '__getitem__(self, key)': (_, self, key) => groupOf(runtime, self, key),
      'groups(self, default=None)': (_, self, fallback) => new PyTuple(allGroups(self).map((text) => text ?? fallback)),
      'groupdict(self, default=None)': (_, self, fallback) => {
        const names = self instanceof PyMatch ? [...self.pattern.regex.groupNames] : [];
        const texts = allGroups(self);
        return dictOf(names.map(([name, index]): [string, Value] => [name, texts[index - 1] ?? fallback]));
      },
      'start(self, group=0)': (_, self, key) => spanOf(runtime, self, key)[0],
      'end(self, group=0)': (_, self, key) => spanOf(runtime, self, key)[1],
      'span(self, group=0)': (_, self, key) => new PyTuple(spanOf(runtime, self, key)),
      'expand(self, template)': (_, self, template) => {
        const text = unbox(template);
        return self instanceof PyMatch && typeof text === 'string' ? expandTemplate(runtime, self, text) : template;
      },
      '__repr__(self)': (_, self) => {
        const span = spanOf(runtime, self, 0).join(', ');
        return `<re.Match object; span=(${span}), match=${runtime.repr(groupOf(runtime, self, 0))}>`;
      },
      '__copy__(self)': (_, self) => self,
      '__deepcopy__(self, memo)': (_, self) => self,
    }),
  }),
);

/** The text of a group; undefined where it took no part. */
export function groupText({ characters, groups }: PyMatch, index: number): string | undefined {
  const [start, end] = [groups[2 * index] ?? -1, groups[2 * index + 1] ?? -1];
  return end < 0 ? undefined : characters.slice(start, end).join('');
}

/** Replaces `\1`, `\g<name>` and escapes of a replacement text. */
export function expandTemplate(runtime: Runtime, match: PyMatch, template: string): string {
  runtime.step(template.length >> 4);
  let length = 0;
  return template.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|(.))/gs,
    (_, name?: string, digits?: string, other: string = '') => {
      const key = name ?? digits;
      if (key !== undefined) {
        const text = groupOf(runtime, match, /^\d+$/.test(key) ? Number(key) : key);
        length += typeof text === 'string' ? text.length : 0;
        runtime.budget.checkText(length);
        return typeof text === 'string' ? text : '';
      }
      const escaped = TEMPLATE_ESCAPES[other];
      if (escaped !== undefined) return escaped;
      return /[a-zA-Z]/.test(other) ? runtime.raise('ValueError', `bad escape \\${other}`) : `\\${other}`;
    },
  );
}

const TEMPLATE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\\': '\\',
};

function allGroups(self: Value): readonly (string | undefined)[] {
  if (!(self instanceof PyMatch)) return [];
  return Array.from({ length: self.pattern.regex.groupCount }, (_, at) => groupText(self, at + 1));
}

function groupOf(runtime: Runtime, self: Value, key: Value): Value {
  if (key instanceof PyUnknown) return key;
  const index = indexOfGroup(runtime, self, key);
  return (self instanceof PyMatch ? groupText(self, index) : undefined) ?? null;
}

function spanOf(runtime: Runtime, self: Value, key: Value): readonly [number, number] {
  const index = indexOfGroup(runtime, self, key);
  const groups = self instanceof PyMatch ? self.groups : [];
  return [groups[2 * index] ?? -1, groups[2 * index + 1] ?? -1];
}

function indexOfGroup(runtime: Runtime, self: Value, key: Value): number {
  const plain = unbox(key);
  const regex = self instanceof PyMatch ? self.pattern.regex : undefined;
  const index = typeof plain === 'string' ? regex?.groupNames.get(plain) : plain;
  const isKnown = typeof index === 'number' && index >= 0 && index <= (regex?.groupCount ?? 0);
  return isKnown ? index : runtime.raise('IndexError', 'no such group');
}

/** The group that ended last. */
function lastGroup(groups: Groups): number | undefined {
  let last: number | undefined;
  for (let index = 1; 2 * index < groups.length; index++) {
    const end = groups[2 * index + 1] ?? -1;
    if (end >= 0 && (last === undefined || end > (groups[2 * last + 1] ?? -1))) last = index;
  }
  return last;
}

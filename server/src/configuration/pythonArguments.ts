/**
 * Arguments as JSON or TOML has them -> Python text: { "width": 0.5, "pretrained": false } -> "width=0.5, pretrained=False".
 */
import { isIdentifier } from './identifier.ts';
import { quoteText, type LocatedObject, type LocatedValue } from './locatedValue.ts';
import type { ProblemList } from './problemList.ts';

/** Keyword arguments of an object; what has no counterpart in Python is a problem, and left out. */
export function pythonArguments({ members }: LocatedObject, problems: ProblemList): string {
  const parts: string[] = [];
  for (const [name, { keyRange, value }] of members) {
    if (!isIdentifier(name)) {
      problems.add('invalid-argument', `${quoteText(name)} is no name of an argument in Python.`, keyRange);
      continue;
    }
    const text = pythonText(value, problems);
    if (text !== undefined) parts.push(`${name}=${text}`);
  }
  return parts.join(', ');
}

function pythonText(value: LocatedValue, problems: ProblemList): string | undefined {
  switch (value.kind) {
    case 'text':
      return pythonString(value.value);
    case 'number':
      // Whole numbers of any size and floats are written alike in JSON, TOML and Python.
      return /^[+-]?(inf|nan)$/.test(value.text) ? `float("${value.text}")` : value.text;
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'null':
      return 'None';
    case 'date':
      problems.add('invalid-argument', `${value.text} is a date, which no argument takes.`, value.range);
      return undefined;
    case 'list':
      return joined('[', ']', value.items, (item) => pythonText(item, problems));
    case 'object':
      return joined('{', '}', [...value.members], ([key, member]) => {
        const text = pythonText(member.value, problems);
        return text === undefined ? undefined : `${pythonString(key)}: ${text}`;
      });
  }
}

function joined<T>(
  open: string,
  close: string,
  items: readonly T[],
  textOf: (item: T) => string | undefined,
): string | undefined {
  const texts = items.map(textOf);
  return texts.includes(undefined) ? undefined : `${open}${texts.join(', ')}${close}`;
}

/** Every escape that JSON writes means the same in Python. */
function pythonString(text: string): string {
  return JSON.stringify(text);
}

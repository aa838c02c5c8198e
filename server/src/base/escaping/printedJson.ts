/**
 * Values as JSON that acts on no terminal and no log: what would not show stands as "\u001b", and "##[" as "#\u0023[",
 * which readers of JSON take for the same.
 */
import { printed, type Printed } from './printed.ts';
import { replaceUnseen } from './visibleText.ts';

type JsonValue = object | string | number | boolean | null;

/** `replacer` and `indent` are those of JSON.stringify; the text has no end of line. */
export function jsonText(
  value: JsonValue,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  // Line breaks of its own are layout; those of texts are escaped by then.
  return JSON.stringify(value, replacer, indent)
    .split('\n')
    .map((line) => replaceUnseen(line, unicodeEscape).replace(/##(?=[\w.]*\[)/g, '#\\u0023'))
    .join('\n');
}

/** The same to be printed, with an end of line. */
export function printedJson(
  value: JsonValue,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): Printed {
  return printed(`${jsonText(value, indent, replacer)}\n`);
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

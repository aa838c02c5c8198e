/**
 * What may be written to stdout, stderr and report files. Its type is made in this folder alone, so that text from code
 * reaches no terminal or log unescaped: printedLines(['net.py: <ESC>[2J']) -> "net.py: \x1b[2J\n".
 */
import { visibleText } from './visibleText.ts';

declare const PRINTED: unique symbol;

export type Printed = string & { readonly [PRINTED]: true };

export const NOTHING: Printed = printed('');

/**
 * The escaping of terminals and logs: one line that acts on neither. Programs that read logs take lines that begin with
 * "::" (GitHub), and "##[" or "##vso[" anywhere (GitHub, Azure, TeamCity), for commands.
 */
export function terminalText(text: string): string {
  return visibleText(text)
    .replace(/^(\s*):/u, '$1\\x3a')
    .replace(/##(?=[\w.]*\[)/g, '#\\x23');
}

/** Each text a line of its own, with its end. */
export function printedLines(lines: readonly string[]): Printed {
  return printed(lines.map((line) => `${terminalText(line)}\n`).join(''));
}

/** Text whose line breaks are meant, such as a stack or a help page. */
export function printedText(text: string): Printed {
  return printed(text.split('\n').map(terminalText).join('\n'));
}

/** A line without its end, in a colour of ECMA-48: 31 is red. */
export function coloredLine(line: string, color: number | undefined): Printed {
  const text = terminalText(line);
  return printed(color === undefined ? text : `\u001b[${color}m${text}\u001b[0m`);
}

export function joinPrinted(parts: readonly Printed[], between: '' | '\n' | '\n\n' = ''): Printed {
  return printed(parts.join(between));
}

/** Within this folder: for what is escaped already. */
export function printed(text: string): Printed {
  // The one place where the type is made.
  return text as Printed;
}

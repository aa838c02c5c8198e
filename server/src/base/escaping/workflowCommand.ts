/**
 * The escaping of GitHub's workflow commands, whose data and properties end no line and start no other command:
 * printedCommand('error', { file: 'a:b.py' }, 'x\n::y') -> "::error file=a%3Ab.py::x\\n::y".
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import { printed, type Printed } from './printed.ts';
import { visibleText } from './visibleText.ts';

/** One line with its end. */
export function printedCommand(
  command: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): Printed {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${propertyText(String(value))}`);
  return printed(`::${command} ${given.join(',')}::${dataText(message)}\n`);
}

function dataText(text: string): string {
  return visibleText(text).replaceAll('%', '%25');
}

function propertyText(text: string): string {
  return dataText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

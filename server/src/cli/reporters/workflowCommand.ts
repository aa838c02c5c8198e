/**
 * Workflow commands of GitHub Actions, which show as annotations in the changed files:
 * ::error file=models/net.py,line=12,title=Layer Cost%3A budget-params::student: parameters 5.21M, budget 5M: ...
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import type { Place } from '../../gate/place.ts';

/** What a finding's level is called there. */
export const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** A place outside of the repository is left out: there is no line of it to show. */
export function workflowCommand(
  command: 'error' | 'warning' | 'notice',
  title: string,
  message: string,
  place: Place | undefined,
): string {
  const properties = [
    ...(place === undefined || place.isOutside === true
      ? []
      : [`file=${propertyText(place.file)}`, `line=${place.line}`]),
    `title=${propertyText(title)}`,
  ];
  return `::${command} ${properties.join(',')}::${messageText(message)}`;
}

/** Text that ends no line and starts no command. */
export function messageText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

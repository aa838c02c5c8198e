/**
 * Findings as workflow commands of GitHub Actions, which show as annotations in the changed files:
 * ::error file=models/net.py,line=12,title=Layer Cost%3A budget-params::student: parameters 5.21M, budget 5M: ...
 */
import type { Printed } from '../../base/escaping/printed.ts';
import { printedCommand } from '../../base/escaping/workflowCommand.ts';
import type { Place } from '../../gate/place.ts';

/** What a finding's level is called there. */
export const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** A place outside of the repository is left out: there is no line of it to show. */
export function workflowCommand(
  command: 'error' | 'warning' | 'notice',
  title: string,
  message: string,
  place: Place | undefined,
): Printed {
  const at = place === undefined || place.isOutside === true ? {} : { file: place.file, line: place.line };
  return printedCommand(command, { ...at, title }, message);
}

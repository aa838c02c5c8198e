/**
 * A check as workflow commands of GitHub Actions, which show as annotations in the changed files:
 * ::error file=models/net.py,line=12,title=Layer Cost%3A budget-params::student: parameters 5.21M, budget 5M: ...
 */
import type { CheckReport } from '../../gate/checkReport.ts';
import { findingsOf } from '../../gate/findings.ts';
import { summaryText } from './checkText.ts';
import { COMMANDS, messageText, workflowCommand } from './workflowCommand.ts';

export function checkToGithub(report: CheckReport): string {
  const lines = findingsOf(report).map(({ level, rule, message, place }) =>
    workflowCommand(COMMANDS[level], `Layer Cost: ${rule}`, message, place),
  );
  return [...lines, messageText(summaryText(report)), ''].join('\n');
}

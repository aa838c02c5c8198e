/**
 * A check as workflow commands of GitHub Actions, which show as annotations in the changed files:
 * ::error file=models/net.py,line=12,title=Layer Cost%3A budget-params::student: parameters 5.21M, budget 5M: ...
 */
import { joinPrinted, printedLines, type Printed } from '../../base/escaping/printed.ts';
import type { CheckReport } from '../../gate/checkReport.ts';
import { findingsOf } from '../../gate/findings.ts';
import { summaryText } from './checkText.ts';
import { COMMANDS, workflowCommand } from './workflowCommand.ts';

export function checkToGithub(report: CheckReport): Printed {
  const lines = findingsOf(report).map(({ level, rule, message, place }) =>
    workflowCommand(COMMANDS[level], `Layer Cost: ${rule}`, message, place),
  );
  return joinPrinted([...lines, printedLines([summaryText(report)])]);
}

/**
 * A comparison as workflow commands of GitHub Actions: a notice at each model that changed, an error at each that cannot
 * be read. "::notice file=models/net.py,line=12,title=Layer Cost::student: parameters 11.69M -> 11.72M (+0.3 %)"
 */
import { joinPrinted, printedLines, type Printed } from '../../base/escaping/printed.ts';
import type { DiffReport } from '../../gate/diffReport.ts';
import { diffFindings } from './diffFindings.ts';
import { diffSummary } from './diffText.ts';
import { COMMANDS, workflowCommand } from './workflowCommand.ts';

export function diffToGithub(report: DiffReport): Printed {
  const lines = diffFindings(report).map(({ level, message, place }) =>
    workflowCommand(COMMANDS[level], 'Layer Cost', message, place),
  );
  return joinPrinted([...lines, printedLines([diffSummary(report)])]);
}

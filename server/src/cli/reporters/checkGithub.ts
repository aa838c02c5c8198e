/**
 * A check as workflow commands of GitHub Actions, which show as annotations in the changed files:
 * ::error file=models/net.py,line=12,title=Layer Cost%3A budget-params::student: parameters 5.21M, budget 5M: ...
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import type { CheckReport } from '../../gate/checkReport.ts';
import { findingsOf, type Finding } from '../../gate/findings.ts';
import { summaryText } from './checkText.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

export function checkToGithub(report: CheckReport): string {
  const lines = findingsOf(report).map(command);
  return [...lines, messageText(summaryText(report)), ''].join('\n');
}

function command({ level, rule, message, place }: Finding): string {
  const properties = [
    ...(place === undefined || place.isOutside === true
      ? []
      : [`file=${propertyText(place.file)}`, `line=${place.line}`]),
    `title=${propertyText(`Layer Cost: ${rule}`)}`,
  ];
  return `::${COMMANDS[level]} ${properties.join(',')}::${messageText(message)}`;
}

function messageText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

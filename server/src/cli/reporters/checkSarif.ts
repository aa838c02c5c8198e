/**
 * A check as SARIF 2.1.0 for code scanning: a result for each budget that is not met and each model that is not known,
 * at the model's definition, with the layers that cause it as related places. Notes are left out: nobody has to act.
 */
import type { Printed } from '../../base/escaping/printed.ts';
import { verdictOf, type CheckReport } from '../../gate/checkReport.ts';
import { findingsOf, type Finding } from '../../gate/findings.ts';
import { formatShare } from '../../gate/metric.ts';
import { RULES } from '../../gate/rules.ts';
import { sarifLog, type SarifFinding } from './sarifLog.ts';

export function checkToSarif(report: CheckReport, version: string): Printed {
  const findings = findingsOf(report)
    .filter(({ level }) => level !== 'note')
    .map((finding) => ({ ...finding, related: relatedPlaces(finding) }));
  const isSuccessful = verdictOf(report) !== 'internal';
  return sarifLog(findings, { version, rules: RULES, helpPage: 'docs/check.md#rules', isSuccessful });
}

function relatedPlaces({ budgetPlace, causes }: Finding): SarifFinding['related'] {
  return [
    { place: budgetPlace, text: 'the budget' },
    ...causes.map(({ place, layer, op, share }) => ({ place, text: `${layer} (${op}): ${formatShare(share)}` })),
  ];
}

/**
 * A comparison as SARIF 2.1.0: a note at each model that changed, with its layers as related places; an error at each
 * that cannot be read in the newer version.
 */
import type { Printed } from '../../base/escaping/printed.ts';
import { isBroken, type DiffReport } from '../../gate/diffReport.ts';
import { DIFF_RULES, diffFindings } from './diffFindings.ts';
import { sarifLog } from './sarifLog.ts';

export function diffToSarif(report: DiffReport, version: string): Printed {
  const isSuccessful = !report.entries.some(isBroken);
  return sarifLog(diffFindings(report), { version, rules: DIFF_RULES, helpPage: 'docs/diff.md#formats', isSuccessful });
}

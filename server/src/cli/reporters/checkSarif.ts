/**
 * A check as SARIF 2.1.0 for code scanning: a result for each budget that is not met and each model that is not known,
 * at the model's definition, with the layers that cause it as related places. Notes are left out: nobody has to act.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/, and the limits of
 * https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
import { createHash } from 'node:crypto';
import type { Location, Log, PhysicalLocation, Result } from 'sarif';
import { verdictOf, type CheckReport } from '../../gate/checkReport.ts';
import { findingsOf, type Finding } from '../../gate/findings.ts';
import { formatShare } from '../../gate/metric.ts';
import type { Place } from '../../gate/place.ts';
import { RULES } from '../../gate/rules.ts';

const HOME = 'https://github.com/layercost/layercost';
/** What GitHub reads of one run. */
const MAX_RESULTS = 25_000;
const MAX_RELATED = 10;

export function checkToSarif(report: CheckReport, version: string): string {
  const findings = findingsOf(report).filter(({ level }) => level !== 'note');
  // What fails comes first where not all fit.
  const kept = findings.length <= MAX_RESULTS ? findings : bySeverity(findings).slice(0, MAX_RESULTS);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Layer Cost',
            semanticVersion: version,
            informationUri: HOME,
            rules: RULES.map(({ id, title, help }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: help },
              helpUri: `${HOME}/blob/main/docs/check.md#rules`,
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: verdictOf(report) !== 'internal',
            ...(kept.length === findings.length
              ? {}
              : { toolExecutionNotifications: [{ level: 'warning', message: { text: leftOut(findings.length) } }] }),
          },
        ],
        results: kept.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function leftOut(count: number): string {
  return `${count - MAX_RESULTS} of ${count} results are left out: more than ${MAX_RESULTS} are not read.`;
}

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
}

function resultOf(finding: Finding): Result {
  const { rule, level, message, place, identity } = finding;
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const related = relatedLocations(finding);
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level,
    message: { text: message },
    locations: place === undefined || place.isOutside === true ? [] : [{ physicalLocation: physical(place) }],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    // The first is the one that GitHub follows a result by.
    partialFingerprints: { primaryLocationLineHash: `${digest}:1`, 'layercost/v1': digest },
  };
}

function relatedLocations({ budgetPlace, causes }: Finding): Location[] {
  const named = [
    { place: budgetPlace, text: 'the budget' },
    ...causes.map(({ place, layer, op, share }) => ({ place, text: `${layer} (${op}): ${formatShare(share)}` })),
  ];
  return named
    .flatMap(({ place, text }) => (place === undefined || place.isOutside === true ? [] : [{ place, text }]))
    .slice(0, MAX_RELATED)
    .map(({ place, text }, id) => ({ id, physicalLocation: physical(place), message: { text } }));
}

function physical({ file, line }: Place): PhysicalLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line } };
}

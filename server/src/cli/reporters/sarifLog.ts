/**
 * Findings as SARIF 2.1.0 for code scanning: a result each at its place, with related places.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/, and the limits of
 * https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
import { createHash } from 'node:crypto';
import type { Location, Log, PhysicalLocation, Result } from 'sarif';
import { printedJson } from '../../base/escaping/printedJson.ts';
import type { Printed } from '../../base/escaping/printed.ts';
import { sarifText } from '../../base/escaping/sarifText.ts';
import type { Finding } from '../../gate/findings.ts';
import type { Place } from '../../gate/place.ts';
import type { Rule } from '../../gate/rules.ts';

const HOME = 'https://github.com/layercost/layercost';
/** What GitHub reads of one run. */
const MAX_RESULTS = 25_000;
const MAX_RELATED = 10;

export interface SarifFinding extends Pick<Finding, 'rule' | 'level' | 'message' | 'place' | 'identity'> {
  readonly related: readonly { readonly place: Place | undefined; readonly text: string }[];
}

export interface SarifOptions {
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Relative to the repository: "docs/check.md#rules". */
  readonly helpPage: string;
  readonly isSuccessful: boolean;
}

export function sarifLog(findings: readonly SarifFinding[], options: SarifOptions): Printed {
  const { version, rules, helpPage, isSuccessful } = options;
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
            rules: rules.map(({ id, title, help, level = 'error' }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: help },
              helpUri: `${HOME}/blob/main/${helpPage}`,
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: isSuccessful,
            ...(kept.length === findings.length
              ? {}
              : { toolExecutionNotifications: [{ level: 'warning', message: { text: leftOut(findings.length) } }] }),
          },
        ],
        results: kept.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
  return printedJson(log, 2);
}

function leftOut(count: number): string {
  return `${count - MAX_RESULTS} of ${count} results are left out: more than ${MAX_RESULTS} are not read.`;
}

const RANKS = { error: 0, warning: 1, note: 2 };

function bySeverity(findings: readonly SarifFinding[]): readonly SarifFinding[] {
  return [...findings].sort((one, other) => RANKS[one.level] - RANKS[other.level]);
}

function resultOf({ rule, level, message, place, identity, related }: SarifFinding, rules: readonly Rule[]): Result {
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const locations = relatedLocations(related);
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level,
    message: { text: sarifText(message) },
    locations: place === undefined || place.isOutside === true ? [] : [{ physicalLocation: physical(place) }],
    ...(locations.length === 0 ? {} : { relatedLocations: locations }),
    // The first is the one that GitHub follows a result by.
    partialFingerprints: { primaryLocationLineHash: `${digest}:1`, 'layercost/v1': digest },
  };
}

function relatedLocations(related: SarifFinding['related']): Location[] {
  return related
    .flatMap(({ place, text }) => (place === undefined || place.isOutside === true ? [] : [{ place, text }]))
    .slice(0, MAX_RELATED)
    .map(({ place, text }, id) => ({ id, physicalLocation: physical(place), message: { text: sarifText(text) } }));
}

function physical({ file, line }: Place): PhysicalLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line } };
}

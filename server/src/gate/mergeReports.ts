/**
 * Parts of one check (`--shard 1/3`, `2/3`, `3/3`) -> the report that one machine would have made.
 * Parts that do not belong together, that are missing or that overlap are refused, with what is wrong.
 */
import { distinctProblems, versionText } from './diffReport.ts';
import type { CheckReport } from './checkReport.ts';

export type MergeResult =
  { readonly kind: 'ok'; readonly report: CheckReport } | { readonly kind: 'invalid'; readonly message: string };

export interface NamedReport {
  /** The file it was read from, for messages. */
  readonly name: string;
  readonly report: CheckReport;
}

export function mergeReports(parts: readonly NamedReport[]): MergeResult {
  const [first] = parts;
  if (first === undefined) return invalid('there is nothing to merge');
  const shards = new Map<number, string>();
  for (const { name, report } of parts) {
    const difference = differenceOf(first, { name, report });
    if (difference !== undefined) return invalid(difference);
    const index = report.shard?.index ?? 1;
    const other = shards.get(index);
    if (other !== undefined) return invalid(`${other} and ${name} are the same part, ${index}/${shardCount(report)}`);
    shards.set(index, name);
  }
  const count = shardCount(first.report);
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !shards.has(index));
  if (missing.length > 0)
    return invalid(`parts are missing: ${missing.map((index) => `${index}/${count}`).join(', ')}`);
  const entries = parts.flatMap(({ report }) => report.entries).sort((a, b) => a.index - b.index);
  const isComplete =
    entries.length === first.report.entryCount && entries.every(({ index }, position) => index === position);
  if (!isComplete) {
    return invalid(`the parts hold ${entries.length} entries of ${first.report.entryCount}, or some of them twice`);
  }
  const { base } = first.report;
  const baseProblems = distinctProblems(parts.flatMap(({ report }) => report.base?.problems ?? []));
  const whole = base === undefined ? undefined : { ...base, problems: baseProblems };
  return { kind: 'ok', report: { ...first.report, shard: undefined, base: whole, entries } };
}

function differenceOf(first: NamedReport, other: NamedReport): string | undefined {
  const kinds = [
    ['parts', shardCount],
    ['entries', (report: CheckReport) => report.entryCount],
    ['configuration', (report: CheckReport) => report.configuration ?? 'none'],
    ['base', ({ base }: CheckReport) => (base === undefined ? 'none' : versionText(base))],
    ['problems of the configuration', (report: CheckReport) => report.problems.length],
  ] as const;
  for (const [what, of] of kinds) {
    const [left, right] = [of(first.report), of(other.report)];
    if (left !== right) return `${first.name} and ${other.name} are of different checks: ${what} ${left} and ${right}`;
  }
  return undefined;
}

function shardCount({ shard }: CheckReport): number {
  return shard?.count ?? 1;
}

function invalid(message: string): MergeResult {
  return { kind: 'invalid', message };
}

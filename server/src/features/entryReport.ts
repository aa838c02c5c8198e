/**
 * What the features of one open file read: its models in order, each with its report once there is one.
 * The first report that knows a place speaks for it, so that a helper class is explained by the first model that uses it.
 */
import type { SourceRange, TextRange } from '../base/text.ts';
import type { CallSite, Entry, Report, ScopeReport } from '../analysis/report.ts';

export interface EntryReport {
  readonly entry: Entry;
  /** Undefined while it is being analysed, or until somebody looks at it. */
  readonly report: Report | undefined;
  /** It is being analysed. */
  readonly isPending?: boolean;
}

/** One value a range: the first report that has the range wins. Keys are "start-end" in the file. */
export function firstByRange<T>(
  reports: readonly Report[],
  file: string,
  itemsOf: (report: Report) => readonly T[],
  rangeOf: (item: T) => SourceRange | undefined,
): ReadonlyMap<string, { readonly range: TextRange; readonly items: readonly T[]; readonly report: Report }> {
  const found = new Map<string, { readonly range: TextRange; readonly items: T[]; readonly report: Report }>();
  for (const report of reports) {
    for (const item of itemsOf(report)) {
      const range = rangeOf(item);
      if (range?.file !== file) continue;
      const key = `${range.start}-${range.end}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { range, items: [item], report });
      else if (known.report === report) known.items.push(item);
    }
  }
  return found;
}

/** Modules by the expression that creates them. */
export function scopesByCreation(
  reports: readonly Report[],
  file: string,
): ReturnType<typeof firstByRange<ScopeReport>> {
  return firstByRange(
    reports,
    file,
    (report) => report.scopes,
    (scope) => scope.created,
  );
}

/** What expressions gave, by the expression. */
export function callSitesByRange(reports: readonly Report[], file: string): ReturnType<typeof firstByRange<CallSite>> {
  return firstByRange(
    reports,
    file,
    (report) => report.callSites,
    (site) => site.range,
  );
}

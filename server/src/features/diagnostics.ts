/**
 * Problems of one open file, each once, whichever models report it: shape errors at the expression that causes them,
 * syntax errors, what is not supported. Those of other files stay with them.
 */
import type { Problem, TextLocation } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import type { Report } from '../analysis/report.ts';

export interface Diagnostic {
  readonly range: TextLocation;
  readonly code: string;
  readonly severity: Problem['severity'];
  readonly message: string;
  /** Places that belong to it, in any file. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly range: SourceRange;
  readonly message: string;
}

export function diagnosticsOf(
  file: string,
  own: readonly Problem[],
  reports: readonly Report[],
): readonly Diagnostic[] {
  const seen = new Set<string>();
  return [...own, ...reports.flatMap((report) => report.problems)].flatMap(({ code, severity, message, location }) => {
    if (location.kind !== 'text' || location.file !== file) return [];
    const key = `${location.start}-${location.end}-${code}-${message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ range: location, code, severity, message }];
  });
}

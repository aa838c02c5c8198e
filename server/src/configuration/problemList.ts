/**
 * Collects the problems of one configuration, up to a number: a file of a megabyte can have one on every line.
 */
import { textProblem, type Problem } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';

/** Codes of docs/problems.md that a configuration can have. */
export type ConfigurationCode =
  | 'configuration-syntax'
  | 'configuration-too-large'
  | 'configuration-too-deep'
  | 'configuration-type'
  | 'unknown-key'
  | 'duplicate-key'
  | 'missing-key'
  | 'unknown-device'
  | 'unknown-dataset'
  | 'invalid-model'
  | 'invalid-input'
  | 'invalid-argument'
  | 'invalid-budget'
  | 'contradictory-budget'
  | 'duplicate-entry';

export interface ProblemList {
  readonly add: (code: ConfigurationCode, message: string, range: SourceRange) => void;
  /** In the order of their places. */
  readonly all: () => readonly Problem[];
}

const MAX_PROBLEMS = 100;

export function createProblemList(): ProblemList {
  const found: { readonly problem: Problem; readonly start: number }[] = [];
  let omittedCount = 0;
  return {
    add: (code, message, range) => {
      if (found.length < MAX_PROBLEMS) {
        found.push({ problem: textProblem(code, 'error', message, range), start: range.start });
      } else omittedCount++;
    },
    all: () => {
      const problems = found.sort((a, b) => a.start - b.start).map(({ problem }) => problem);
      const last = problems.at(-1);
      if (omittedCount === 0 || last === undefined) return problems;
      return [...problems.slice(0, -1), { ...last, message: `${last.message} (${omittedCount} more are not listed)` }];
    },
  };
}

/**
 * Problems: what is wrong in the user's input, as plain data with a stable code and a place.
 * Analysis returns value and problems; it never throws on user code.
 */
import type { SourceRange } from './text.ts';

export type Severity = 'error' | 'warning' | 'information';

/** Where in a binary file a problem is. */
export interface ByteLocation {
  readonly kind: 'bytes';
  readonly file: string;
  readonly byteOffset: number;
}

/** Where in a text file a problem is. */
export interface TextLocation extends SourceRange {
  readonly kind: 'text';
}

/** A problem of a whole file or of the command line has no finer place. */
export interface WholeLocation {
  readonly kind: 'whole';
  readonly file?: string;
}

export type ProblemLocation = TextLocation | ByteLocation | WholeLocation;

/**
 * Codes are kebab-case, stable, and documented in docs/problems.md:
 * e.g. `shape-mismatch`, `syntax-error`, `unsupported-operator`, `budget-exceeded`, `unreadable-file`.
 */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that quotes what was seen, and says what we did instead where we went on. */
  readonly message: string;
  readonly location: ProblemLocation;
}

export function textProblem(code: string, severity: Severity, message: string, range: SourceRange): Problem {
  return { code, severity, message, location: { kind: 'text', ...range } };
}

/** Of a file as a whole; of the command line where there is no file. */
export function wholeProblem(code: string, severity: Severity, message: string, file: string | undefined): Problem {
  return { code, severity, message, location: { kind: 'whole', ...(file === undefined ? {} : { file }) } };
}

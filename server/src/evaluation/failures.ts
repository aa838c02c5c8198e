/**
 * Turns what ended an execution into problems: an uncaught Python exception (`python-exception`), a bound
 * (`execution-bound`), or a mistake of our own (`internal-error`), each at its place in the user's file.
 */
import { textProblem, type Problem, type Severity } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import { boundOfError } from './bounds.ts';
import { exceptionSummary, placeIn } from './exceptions.ts';
import type { Executor } from './executor.ts';
import { NeedsWhole } from './needsWhole.ts';
import { PyRaise } from './values.ts';

/**
 * Adds the problem to the notes of the execution that runs, and returns its message; `fallback` is the place where none
 * is known.
 */
export function noteFailure(executor: Executor, error: unknown, fallback?: SourceRange): string {
  // Nothing failed: the program is to start again.
  if (error instanceof NeedsWhole) throw error;
  const problem = problemOf(executor, error, fallback);
  executor.notes.addProblem(problem);
  return problem.message;
}

function problemOf(executor: Executor, error: unknown, fallback: SourceRange | undefined): Problem {
  const { file } = executor.notes;
  if (error instanceof PyRaise) {
    return placed(
      'python-exception',
      'error',
      shortened(summaryOf(executor, error)),
      placeIn(error.trace, file) ?? fallback,
    );
  }
  const place = placeIn(executor.stackOf(error), file) ?? fallback;
  const bound = boundOfError(error);
  if (bound !== undefined) {
    executor.notes.wasBounded = true;
    return placed('execution-bound', 'warning', bound.message, place);
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return placed('internal-error', 'error', `A mistake of Layer Cost itself: ${text}. The rest was left out.`, place);
}

/** Longer messages quote data. */
const MAX_MESSAGE = 500;

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}… (${message.length} characters)`;
}

function placed(code: string, severity: Severity, message: string, range: SourceRange | undefined): Problem {
  if (range !== undefined) return textProblem(code, severity, message, range);
  return { code, severity, message, location: { kind: 'whole' } };
}

/** The exception's own `__str__` is Python code, and may fail too. */
function summaryOf(executor: Executor, error: PyRaise): string {
  try {
    return exceptionSummary(executor, error.value);
  } catch {
    return error.value.class_.name;
  }
}

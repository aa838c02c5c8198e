/**
 * What a command gives back; only main.ts writes it and ends the process. Exit codes are documented in the README.
 */
import { NOTHING, printedLines, type Printed } from '../base/escaping/printed.ts';

export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: Printed;
  readonly stderr: Printed;
}

export const EXIT_OK = 0;
/** A budget is not met, or cannot be known to be. */
export const EXIT_FAILED = 1;
/** Wrong usage or configuration, or input that cannot be read. */
export const EXIT_USAGE = 2;
/** A bug of ours. */
export const EXIT_BUG = 101;

export function usageError(message: string): CommandOutput {
  return { exitCode: EXIT_USAGE, stdout: NOTHING, stderr: printedLines([`error: ${message}`]) };
}

/** What commands need of the program. */
export interface CommandHost {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  /** Runs a command, writes what it gives, and sets the exit code. */
  readonly finish: (run: () => Promise<CommandOutput | undefined>) => Promise<void>;
}

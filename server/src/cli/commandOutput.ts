/**
 * What a command gives back; only main.ts writes it and ends the process. Exit codes are documented in the README.
 */
export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const EXIT_OK = 0;
/** Wrong usage or configuration, or input that cannot be read. */
export const EXIT_USAGE = 2;
/** A bug of ours. */
export const EXIT_BUG = 101;

/**
 * A bug in one request costs that request, not the server: it is logged with its stack, and the client gets an error
 * that says where to look.
 */
import { printedText } from '../base/escaping/printed.ts';
import { ErrorCodes, ResponseError, type RemoteConsole } from 'vscode-languageserver';

export interface Guard {
  readonly run: <T>(body: () => Promise<T>) => Promise<T>;
  readonly logFailure: (error: unknown) => void;
}

export function createGuard(log: Pick<RemoteConsole, 'error'>): Guard {
  const logFailure = (error: unknown): void => {
    log.error(printedText(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  };
  return {
    logFailure,
    async run(body) {
      try {
        return await body();
      } catch (error) {
        logFailure(error);
        throw new ResponseError(ErrorCodes.InternalError, 'Layer Cost: an internal error; see the output channel');
      }
    },
  };
}

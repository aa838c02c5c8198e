/**
 * Asks the analyzer for a document in the document's turn, and again until all is known, nobody waits any more, or
 * patience is at an end: then what is known by now is the answer, and the client is asked to ask again once there is more.
 *
 *   const entries = await models.ask(uri, (analyzer, file) => analyzer.hintReports(file), token);
 */
import type { CancellationToken } from 'vscode-languageserver';
import type { Analyzer } from '../analysis/analyzer.ts';
import type { Progress } from '../analysis/sharedTime.ts';
import type { ServerHost } from './serverHost.ts';
import type { Turns } from './turns.ts';
import type { Workspace } from './workspace.ts';

export interface ShownModelsHost extends Pick<ServerHost, 'pathOfUri'> {
  readonly turns: Pick<Turns, 'take'>;
  readonly workspace: Pick<Workspace, 'analyzer'>;
  /** Whether the client asks again when it is told to. */
  readonly canRefresh: () => boolean;
  /** More is known of a document than was answered. */
  readonly moreIsKnown: (uri: string) => void;
}

/** What `ask` takes of a cancellation token. */
export type Waiting = Pick<CancellationToken, 'isCancellationRequested' | 'onCancellationRequested'>;

export interface ShownModels {
  /**
   * Undefined where the request was cancelled. `body` may run several times; it does not wait for anything.
   * With `whole`, what is incomplete is no answer as long as the background is at it.
   */
  readonly ask: <T>(
    uri: string,
    body: (analyzer: Analyzer, file: string) => T,
    options?: { readonly token?: Waiting; readonly isStale?: () => boolean; readonly patience?: 'whole' },
  ) => Promise<T | undefined>;
  /** The background knows more of a file, or its text is another one now. */
  readonly changed: (file: string) => void;
  readonly close: (uri: string) => void;
}

/** Before what is known by now is the answer; and where the client would not ask again. */
const PATIENCE_MS = 1000;
const LONG_PATIENCE_MS = 30_000;
/** Several answers of the background are told at once. */
const TELL_MS = 200;

export function createShownModels(host: ShownModelsHost): ShownModels {
  const { turns, workspace, pathOfUri } = host;
  const sleepers = new Map<string, Set<() => void>>();
  /** Documents with an answer that was not all, and what it is to wait for. */
  const promised = new Map<string, Progress>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Until something is known of the file, or the time is over. */
  function changeOf(file: string, limitMs: number, token: Waiting | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wakers = sleepers.get(file) ?? new Set();
      sleepers.set(file, wakers);
      const wake = (): void => {
        clearTimeout(timer);
        cancelled?.dispose();
        wakers.delete(wake);
        if (wakers.size === 0 && sleepers.get(file) === wakers) sleepers.delete(file);
        resolve();
      };
      const timer = setTimeout(wake, limitMs);
      const cancelled = token?.onCancellationRequested(wake);
      wakers.add(wake);
    });
  }

  function tell(uri: string): void {
    if (timers.has(uri)) return;
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        if (promised.delete(uri)) host.moreIsKnown(uri);
      }, TELL_MS),
    );
  }

  return {
    async ask(uri, body, { token, isStale, patience } = {}) {
      const file = pathOfUri(uri);
      const isOver = (): boolean => token?.isCancellationRequested === true || isStale?.() === true;
      const isPatient = patience === 'whole' || !host.canRefresh();
      const end = performance.now() + (isPatient ? LONG_PATIENCE_MS : PATIENCE_MS);
      for (;;) {
        const analyzer = await workspace.analyzer();
        const step = await turns.take(uri, () =>
          isOver() ? undefined : { value: body(analyzer, file), progress: analyzer.progressOf(file) },
        );
        if (step === undefined) return undefined;
        const leftMs = end - performance.now();
        if (step.progress === 'done') return step.value;
        if (leftMs <= 0) {
          promised.set(uri, step.progress);
          if (step.progress === 'continue') tell(uri);
          return step.value;
        }
        if (step.progress === 'background') await changeOf(file, leftMs, token);
      }
    },
    changed(file) {
      for (const wake of [...(sleepers.get(file) ?? [])]) wake();
      for (const uri of promised.keys()) if (pathOfUri(uri) === file) tell(uri);
    },
    close(uri) {
      promised.delete(uri);
    },
  };
}

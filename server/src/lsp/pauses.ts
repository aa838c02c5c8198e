/**
 * What is done once the typing in a document pauses: its problems are published, its models compared with their base, and
 * documents that rest on it looked at again. Hints and lenses do not wait: the editor asks for them itself.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isConfigurationFile } from '../node/findConfiguration.ts';
import type { Compare } from './compare.ts';
import type { Guard } from './guard.ts';
import { holdsCellsOnly, type OpenDocuments } from './openDocuments.ts';
import type { Publisher } from './publisher.ts';
import type { ServerHost } from './serverHost.ts';

/** What pauses need of the server. */
export interface PausesHost extends Pick<ServerHost, 'pathOfUri'> {
  readonly documents: OpenDocuments;
  readonly publisher: Publisher;
  readonly compare: Pick<Compare, 'update'>;
  readonly guard: Guard;
  /** Tells the editor to ask again for hints and lenses. */
  readonly askAgain: () => void;
}

export interface Pauses {
  /** The text of a document is another one. */
  readonly edited: (document: TextDocument) => void;
  readonly closed: (document: TextDocument) => void;
  /** What is told of a document may be another thing now. */
  readonly lookAgain: (uri: string) => void;
  /** The same of all that is shown. */
  readonly refresh: () => void;
}

/** Quiet time after an edit before problems are shown. */
const PAUSE_MS = 200;

export function createPauses({ documents, publisher, compare, guard, askAgain, pathOfUri }: PausesHost): Pauses {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Documents that were edited since their diagnostics were published. */
  const editedUris = new Set<string>();
  /** Since models were refreshed, which rest on configurations. */
  let hasEditedConfiguration = false;

  /** One timer a document, so that typing in one file does not hold back another. */
  function lookAgain(uri: string): void {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        const file = pathOfUri(uri);
        if (editedUris.delete(uri)) for (const other of publisher.documentsOn(file)) lookAgain(other);
        const look = isConfigurationFile(file) ? lookAtConfiguration : lookAtModels;
        guard.run(() => look(uri)).catch(guard.logFailure);
      }, PAUSE_MS),
    );
  }

  async function lookAtModels(uri: string): Promise<void> {
    await publisher.publishModels(uri);
    const document = documents.get(uri);
    if (document !== undefined && !holdsCellsOnly(document)) await compare.update(pathOfUri(uri));
  }

  async function lookAtConfiguration(uri: string): Promise<void> {
    const document = documents.get(uri);
    if (document === undefined) return;
    await publisher.publishConfiguration(document);
    if (hasEditedConfiguration) refreshModels();
  }

  function refreshModels(): void {
    hasEditedConfiguration = false;
    refresh();
  }

  function refresh(): void {
    askAgain();
    for (const { uri } of documents.all()) lookAgain(uri);
  }

  return {
    edited({ uri }) {
      if (isConfigurationFile(pathOfUri(uri))) hasEditedConfiguration = true;
      editedUris.add(uri);
      lookAgain(uri);
    },
    closed({ uri }) {
      clearTimeout(timers.get(uri));
      timers.delete(uri);
      editedUris.delete(uri);
      if (isConfigurationFile(pathOfUri(uri))) refreshModels();
    },
    lookAgain,
    refresh,
  };
}

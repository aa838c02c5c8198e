/**
 * Publishes the problems of open documents: of models with their budgets, as far as they are known by then; of NAS cells;
 * and of configurations. Keeps what was found on the way: the files that models rest on, and the budgets that were checked.
 */
import type { Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analyzer } from '../analysis/analyzer.ts';
import type { CheckedModel } from '../features/budgetDiagnostics.ts';
import { diagnosticsOf, type Diagnostic } from '../features/diagnostics.ts';
import { missingFiles } from '../node/expandEntries.ts';
import { budgetSteps } from './budgets.ts';
import type { Cells } from './cells.ts';
import type { Compare } from './compare.ts';
import { toDiagnostic } from './convert.ts';
import { holdsCellsOnly, type OpenDocuments } from './openDocuments.ts';
import { createPlaces } from './places.ts';
import type { ServerHost } from './serverHost.ts';
import type { ShownModels } from './shownModels.ts';
import type { Workspace } from './workspace.ts';

/** What publishing needs of the server. */
export interface PublisherHost extends Pick<ServerHost, 'configurations' | 'pathOfUri' | 'uriOfPath' | 'readText'> {
  readonly connection: Pick<Connection, 'sendDiagnostics'>;
  readonly documents: OpenDocuments;
  readonly workspace: Workspace;
  readonly models: Pick<ShownModels, 'ask'>;
  readonly cells: Pick<Cells, 'diagnostics'>;
  readonly compare: Pick<Compare, 'baselineOf'>;
  /** Whether the client shows places that a problem is related to. */
  readonly canRelate: () => boolean;
}

export interface Publisher {
  /** Problems of a document's models and cells. */
  readonly publishModels: (uri: string) => Promise<void>;
  readonly publishConfiguration: (document: TextDocument) => Promise<void>;
  /** Open documents whose models rest on another file. */
  readonly documentsOn: (file: string) => readonly string[];
  /** Models whose budgets were checked in the present text. */
  readonly checkedModels: (file: string) => readonly CheckedModel[];
  /** Takes back what was published. */
  readonly close: (uri: string) => void;
}

export function createPublisher(host: PublisherHost): Publisher {
  const { connection, documents, models, workspace, configurations, cells, compare, pathOfUri } = host;
  const placesHost = { ...host, documents: documents.all, linesOf: documents.linesOf };
  /** By URI, the files that a document's models were made from. */
  const restsOn = new Map<string, ReadonlySet<string>>();
  /** By file, in the text of a version. */
  const checked = new Map<string, { readonly version: number; readonly models: readonly CheckedModel[] }>();

  async function publishModels(uri: string): Promise<void> {
    const document = documents.get(uri);
    if (document === undefined) return;
    const file = pathOfUri(uri);
    const { version } = document;
    const send = (found: readonly Diagnostic[]): Promise<void> => {
      const places = host.canRelate() ? createPlaces(placesHost) : undefined;
      const diagnostics = found.map((item) => toDiagnostic(item, documents.linesOf(document), places));
      return connection.sendDiagnostics({ uri, version, diagnostics });
    };
    if (!workspace.settings().showsDiagnostics) return send([]);
    const inCells = await cells.diagnostics(document);
    if (holdsCellsOnly(document)) return send(inCells);
    const isStale = (): boolean => documents.get(uri)?.version !== version;
    const ask = <T>(body: (analyzer: Analyzer) => T): Promise<T | undefined> => models.ask(uri, body, { isStale });
    const found = await ask((analyzer) => {
      const { value: entries, trail } = analyzer.withTrail(() => analyzer.hintReports(file));
      const reports = entries.flatMap(({ report }) => report ?? []);
      const files = new Set([...trail.files, ...analyzer.backgroundFiles(file)]);
      return { files, problems: diagnosticsOf(file, analyzer.fileProblems(file), reports) };
    });
    if (found === undefined) return;
    restsOn.set(uri, found.files);
    const own = [...found.problems, ...inCells];
    const steps = budgetSteps({
      ask,
      file,
      configuration: configurations.configurationFor(file),
      baselineOf: (name) => compare.baselineOf(file, name),
      isCurrent: () => !isStale(),
    });
    for await (const { diagnostics, models } of steps) {
      checked.set(file, { version, models });
      await send([...own, ...diagnostics]);
    }
  }

  return {
    publishModels,
    async publishConfiguration(document) {
      const { uri, version } = document;
      const file = pathOfUri(uri);
      const found = configurations.ofFile(file);
      const missing = found?.configuration?.file === file ? missingFiles(found.configuration) : [];
      const problems = [...(found?.problems ?? []), ...missing];
      const shown = workspace.settings().showsDiagnostics ? diagnosticsOf(file, problems, []) : [];
      const diagnostics = shown.map((item) => toDiagnostic(item, documents.linesOf(document)));
      await connection.sendDiagnostics({ uri, version, diagnostics });
    },
    documentsOn: (file) =>
      [...restsOn].flatMap(([uri, files]) => (files.has(file) && pathOfUri(uri) !== file ? [uri] : [])),
    checkedModels(file) {
      const known = checked.get(file);
      return known?.version === documents.ofFile(file)?.version ? (known?.models ?? []) : [];
    },
    close(uri) {
      restsOn.delete(uri);
      checked.delete(pathOfUri(uri));
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}

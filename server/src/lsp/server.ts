/**
 * The language server: wires documents, settings and requests to the analyzer. One analysis a version: a request
 * first lets waiting edits in, and answers for the newest text; what an edit made stale is not computed.
 */
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  ResponseError,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type CodeLens,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/text.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import type { Analyzer } from '../analysis/analyzer.ts';
import type { EntryReport } from '../features/entryReport.ts';
import type { CheckedModel } from '../features/budgetDiagnostics.ts';
import { changeLenses } from '../features/compareLens.ts';
import { hasGrowthBudgets } from '../features/heldModels.ts';
import { codeLenses, lensTitle } from '../features/codeLens.ts';
import { costHints } from '../features/inlayHints/costHints.ts';
import type { InlayHint } from '../features/inlayHints/inlayHint.ts';
import { diagnosticsOf, type Diagnostic } from '../features/diagnostics.ts';
import { hoverAt } from '../features/hover.ts';
import { reportToJson } from '../features/reportJson.ts';
import { shapeHints } from '../features/inlayHints/shapeHints.ts';
import { configuredSearchPaths, type ConfigurationStore } from '../node/configurationStore.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import type { RecordedBaseline } from '../node/recordBaseline.ts';
import type { BaseReader } from '../node/baseModels.ts';
import { missingFiles } from '../node/expandEntries.ts';
import { isConfigurationFile } from '../node/findConfiguration.ts';
import {
  budgetCodeActions,
  CODE_ACTION_KINDS,
  RECORD_BASELINE_COMMAND,
  recordedMessage,
  type CodeActionHost,
} from './codeActions.ts';
import { budgetSteps } from './budgets.ts';
import { createCells, holdsCellsOnly } from './cells.ts';
import { createCompare } from './compare.ts';
import { lensCommand, toChangeLens, toCodeLens, toDiagnostic, toHover, toInlayHint, type LensData } from './convert.ts';
import { nextTurn } from './nextTurn.ts';
import { createPlaces, type PlacesHost } from './places.ts';
import {
  CHANGES_REQUEST,
  DEVICES_REQUEST,
  REPORT_REQUEST,
  type ChangesParams,
  type DeviceItem,
  type ReportAnswer,
  type ReportParams,
} from './protocol.ts';
import { parseSettings, type Settings } from './settings.ts';

/** What the server needs of the machine it runs on. */
export interface ServerHost {
  /** Makes the analyzer for the opened folders; called again when the search paths change. */
  readonly createAnalyzer: (workspaceFolders: readonly string[], searchPaths: readonly string[]) => Promise<Analyzer>;
  /** Trained weights of NAS cells, or why there are none; loaded on the first call. */
  readonly cellPredictor: () => PredictorResult;
  readonly configurations: ConfigurationStore;
  /** Reads what models cost in a revision, without holding anything up. */
  readonly baseReader: BaseReader;
  /** Writes a baseline of the models of a configuration, as they lie on disk. */
  readonly recordBaseline: (configurationFile: string) => Promise<RecordedBaseline>;
  readonly pathOfUri: (uri: string) => string;
  readonly uriOfPath: (file: string) => string;
  readonly readText: (file: string) => string | undefined;
  readonly version: string;
}

/** Quiet time after an edit before problems are shown: hints and lenses are asked for by the editor itself. */
const DIAGNOSTICS_DELAY_MS = 200;

/** Files that count though nobody has them open. */
const WATCHED_FILES = ['**/layercost.json', '**/pyproject.toml', '**/*.{py,pyi}'];

export function startServer(connection: Connection, host: ServerHost): void {
  const documents = new TextDocuments(TextDocument);
  const lineIndices = new WeakMap<TextDocument, { readonly version: number; readonly lines: LineIndex }>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Documents that were edited since their diagnostics were published. */
  const edited = new Set<string>();
  /** The files that a document's models were made from. */
  const restsOn = new Map<string, ReadonlySet<string>>();
  let settings: Settings = parseSettings(undefined);
  let folders: readonly string[] = [];
  let analyzer: Promise<Analyzer> | undefined;
  let canConfigure = false;
  let canWatchConfiguration = false;
  let canRefresh = false;
  let canWatchFiles = false;
  let canRelate = false;
  let canRefreshLenses = false;
  let canVersionEdits = false;
  let canCreateFiles = false;
  let hasEditedConfiguration = false;
  /** Those that the present analyzer was made with. */
  let searchPaths = '';

  const currentAnalyzer = (): Promise<Analyzer> => (analyzer ??= makeAnalyzer());

  async function makeAnalyzer(): Promise<Analyzer> {
    const paths = currentSearchPaths();
    searchPaths = paths.join('\n');
    const made = await host.createAnalyzer(folders, paths);
    for (const document of documents.all()) {
      const file = host.pathOfUri(document.uri);
      if (!isConfigurationFile(file) && !holdsCellsOnly(document)) made.setText(file, document.getText());
    }
    return made;
  }

  /** The settings' own before those of the opened folders' configurations. */
  function currentSearchPaths(): readonly string[] {
    const configured = folders.flatMap((folder) =>
      configuredSearchPaths(host.configurations.foundFor(folder)?.configuration),
    );
    return [...settings.searchPaths, ...configured];
  }

  function openedConfiguration(): string | undefined {
    return folders.flatMap((folder) => host.configurations.foundFor(folder)?.configuration?.file ?? [])[0];
  }

  /** Models may be built otherwise from now on. */
  function configurationChanged(): void {
    if (analyzer === undefined) return;
    if (currentSearchPaths().join('\n') !== searchPaths) analyzer = undefined;
    else void analyzer.then((ready) => ready.configurationChanged());
  }

  /** What is shown in models rests on configurations. */
  function refreshModels(): void {
    hasEditedConfiguration = false;
    refresh();
  }

  /** Asks the editor to ask again for what it shows. */
  function refresh(): void {
    if (canRefresh) {
      connection.languages.inlayHint.refresh().catch(logFailure);
      connection.sendRequest('workspace/codeLens/refresh').catch(logFailure);
    }
    for (const document of documents.all()) scheduleDiagnostics(document.uri);
  }

  function linesOf(document: TextDocument): LineIndex {
    const known = lineIndices.get(document);
    if (known?.version === document.version) return known.lines;
    const lines = new LineIndex(document.getText());
    lineIndices.set(document, { version: document.version, lines });
    return lines;
  }

  const documentOf = (file: string): TextDocument | undefined =>
    documents.all().find(({ uri }) => host.pathOfUri(uri) === file);
  const readText = (file: string): string | undefined => documentOf(file)?.getText() ?? host.readText(file);
  const compare = createCompare({
    reader: host.baseReader,
    analyzer: currentAnalyzer,
    settings: () => settings,
    configurationFor: host.configurations.configurationFor,
    workspaceFolders: () => folders,
    searchPaths: currentSearchPaths,
    readText,
    versionOf: (file) => documentOf(file)?.version,
    linesChanged: () => {
      if (canRefreshLenses) connection.sendRequest('workspace/codeLens/refresh').catch(logFailure);
    },
    baseChanged(file) {
      const document = documentOf(file);
      if (document !== undefined && hasGrowthBudgets(host.configurations.configurationFor(file), file)) {
        scheduleDiagnostics(document.uri);
      }
    },
    logFailure,
  });
  /** Of open documents, in the text of a version. */
  const checkedModels = new Map<string, { readonly version: number; readonly models: readonly CheckedModel[] }>();
  const actionHost: CodeActionHost = {
    configurationFor: host.configurations.configurationFor,
    workspaceFolders: () => folders,
    deviceId: () => settings.deviceId,
    readText,
    identify(file) {
      const document = documentOf(file);
      return { uri: document?.uri ?? host.uriOfPath(file), version: document?.version ?? null };
    },
    checkedModels(file) {
      const known = checkedModels.get(file);
      return known?.version === documentOf(file)?.version ? (known?.models ?? []) : [];
    },
    canVersion: () => canVersionEdits,
    canCreate: () => canCreateFiles,
  };
  const cells = createCells({
    devices: () => currentAnalyzer().then(({ devices }) => devices),
    predictor: host.cellPredictor,
    settings: () => settings,
    linesOf,
    pathOfUri: host.pathOfUri,
  });
  const placesHost: PlacesHost = { ...host, documents: () => documents.all(), linesOf };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    folders = (params.workspaceFolders ?? []).map((folder) => host.pathOfUri(folder.uri));
    canConfigure = params.capabilities.workspace?.configuration === true;
    canWatchConfiguration = params.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    canRefresh = params.capabilities.workspace?.inlayHint?.refreshSupport === true;
    canWatchFiles = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    canRefreshLenses = params.capabilities.workspace?.codeLens?.refreshSupport === true;
    const edits = params.capabilities.workspace?.workspaceEdit;
    canVersionEdits = edits?.documentChanges === true;
    canCreateFiles = canVersionEdits && edits?.resourceOperations?.includes('create') === true;
    canRelate = params.capabilities.textDocument?.publishDiagnostics?.relatedInformation === true;
    settings = parseSettings(params.initializationOptions);
    return {
      serverInfo: { name: 'layercost', version: host.version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        codeLensProvider: { resolveProvider: true },
        inlayHintProvider: true,
        hoverProvider: true,
        executeCommandProvider: { commands: [RECORD_BASELINE_COMMAND] },
        codeActionProvider: { codeActionKinds: CODE_ACTION_KINDS },
      },
    };
  });

  connection.onInitialized(() => {
    if (canWatchConfiguration) {
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'layercost' }).catch(logFailure);
    }
    if (canWatchFiles) {
      const watchers = WATCHED_FILES.map((globPattern) => ({ globPattern }));
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(logFailure);
    }
    void reloadSettings();
  });
  connection.onDidChangeConfiguration(() => {
    void reloadSettings();
  });

  async function reloadSettings(): Promise<void> {
    if (!canConfigure) return;
    const before = settings;
    settings = parseSettings(await connection.workspace.getConfiguration('layercost'));
    if (JSON.stringify(before) === JSON.stringify(settings)) return;
    if (before.searchPaths.join('\n') !== settings.searchPaths.join('\n')) analyzer = undefined;
    refresh();
  }

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const open = new Set(documents.keys());
    const files = changes.filter(({ uri }) => !open.has(uri)).map(({ uri }) => host.pathOfUri(uri));
    if (files.length === 0) return;
    const sources = files.filter((file) => !isConfigurationFile(file));
    if (sources.length > 0) void analyzer?.then((ready) => ready.filesChanged(sources));
    if (sources.length < files.length) {
      host.configurations.forget();
      configurationChanged();
    }
    refresh();
  });

  documents.onDidChangeContent(({ document }) => {
    takeText(document, document.getText());
    edited.add(document.uri);
    scheduleDiagnostics(document.uri);
  });

  /** The text of a document, undefined where it is closed. */
  function takeText(document: TextDocument, text: string | undefined): void {
    const file = host.pathOfUri(document.uri);
    if (isConfigurationFile(file)) {
      host.configurations.setText(file, text);
      hasEditedConfiguration = true;
      configurationChanged();
      if (text === undefined) refreshModels();
    } else if (!holdsCellsOnly(document)) {
      void currentAnalyzer().then((ready) => {
        ready.setText(file, text);
      });
    }
  }

  documents.onDidClose(({ document }) => {
    clearTimeout(timers.get(document.uri));
    timers.delete(document.uri);
    edited.delete(document.uri);
    restsOn.delete(document.uri);
    compare.close(host.pathOfUri(document.uri));
    checkedModels.delete(host.pathOfUri(document.uri));
    takeText(document, undefined);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  /** Open documents whose models rest on another file. */
  function documentsOn(file: string): readonly string[] {
    return [...restsOn].flatMap(([uri, files]) => (files.has(file) && host.pathOfUri(uri) !== file ? [uri] : []));
  }

  /** One timer a document, so that typing in one file does not hold back another. */
  function scheduleDiagnostics(uri: string): void {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        const isConfiguration = isConfigurationFile(host.pathOfUri(uri));
        const publish = async (): Promise<void> => {
          await publishDiagnostics(uri);
          const document = documents.get(uri);
          if (document !== undefined && !holdsCellsOnly(document)) await compare.update(host.pathOfUri(uri));
        };
        if (edited.delete(uri)) for (const other of documentsOn(host.pathOfUri(uri))) scheduleDiagnostics(other);
        guard(() => (isConfiguration ? publishConfiguration(uri) : publish())).catch(logFailure);
      }, DIAGNOSTICS_DELAY_MS),
    );
  }

  /** Problems of a configuration; what models show may have changed with it. */
  async function publishConfiguration(uri: string): Promise<void> {
    const document = documents.get(uri);
    if (document === undefined) return;
    const file = host.pathOfUri(uri);
    const found = host.configurations.ofFile(file);
    const problems = found?.configuration?.file === file ? missingFiles(found.configuration) : [];
    const shown = settings.showsDiagnostics ? diagnosticsOf(file, [...(found?.problems ?? []), ...problems], []) : [];
    await connection.sendDiagnostics({
      uri,
      version: document.version,
      diagnostics: shown.map((item) => toDiagnostic(item, linesOf(document))),
    });
    if (hasEditedConfiguration) refreshModels();
  }

  async function publishDiagnostics(uri: string): Promise<void> {
    const ready = await currentAnalyzer();
    const document = documents.get(uri);
    if (document === undefined) return;
    const file = host.pathOfUri(uri);
    const { version } = document;
    const send = (found: readonly Diagnostic[]): Promise<void> => {
      const places = canRelate ? createPlaces(placesHost) : undefined;
      const diagnostics = found.map((item) => toDiagnostic(item, linesOf(document), places));
      return connection.sendDiagnostics({ uri, version, diagnostics });
    };
    if (!settings.showsDiagnostics) return send([]);
    const inCells = await cells.diagnostics(document);
    if (holdsCellsOnly(document)) return send(inCells);
    const { value: entries, trail } = ready.withTrail(() => ready.hintReports(file));
    restsOn.set(uri, trail.files);
    const reports = entries.flatMap(({ report }) => report ?? []);
    const own = [...diagnosticsOf(file, ready.fileProblems(file), reports), ...inCells];
    const isCurrent = (): boolean => documents.get(uri)?.version === version;
    const configuration = host.configurations.configurationFor(file);
    const baselineOf = (name: string): ModelSnapshot | undefined => compare.baselineOf(file, name);
    const steps = budgetSteps({ analyzer: ready, file, configuration, baselineOf, isCurrent });
    for await (const { diagnostics, models } of steps) {
      checkedModels.set(file, { version, models });
      await send([...own, ...diagnostics]);
    }
  }

  /** The newest text's models; undefined where the request is stale by then. */
  async function freshReports(uri: string, token: CancellationToken): Promise<Fresh | undefined> {
    const ready = await currentAnalyzer();
    await nextTurn();
    const document = documents.get(uri);
    if (document === undefined || token.isCancellationRequested) return undefined;
    const file = host.pathOfUri(uri);
    if (isConfigurationFile(file) || holdsCellsOnly(document)) return undefined;
    return { file, lines: linesOf(document), entries: ready.hintReports(file) };
  }

  /** The open document that a request is about; NAS cells are shown in all but configurations. */
  function cellDocument(uri: string): TextDocument | undefined {
    return isConfigurationFile(host.pathOfUri(uri)) ? undefined : documents.get(uri);
  }

  connection.languages.inlayHint.on((params, token) =>
    guard(async () => {
      const { uri } = params.textDocument;
      const fresh = settings.showsCostHints || settings.showsShapeHints ? await freshReports(uri, token) : undefined;
      const document = cellDocument(uri);
      if (document === undefined || token.isCancellationRequested) return [];
      const lines = linesOf(document);
      const [from, to] = [lines.offset(params.range.start), lines.offset(params.range.end)];
      const { version } = document;
      const isStale = (): boolean => token.isCancellationRequested || documents.get(uri)?.version !== version;
      const ofModels = fresh === undefined ? [] : modelHints(fresh);
      return [
        ...ofModels.filter(({ offset }) => from <= offset && offset <= to).map((hint) => toInlayHint(hint, lines)),
        ...(await cells.hints(document, { start: from, end: to }, isStale)),
      ];
    }),
  );

  function modelHints({ file, lines, entries }: Fresh): readonly InlayHint[] {
    const reports = entries.flatMap(({ report }) => report ?? []);
    return [
      ...(settings.showsCostHints ? costHints(reports, file, settings.deviceId, settings) : []),
      ...(settings.showsShapeHints ? shapeHints(reports, file, lines) : []),
    ];
  }

  connection.onHover((params, token) =>
    guard(async () => {
      if (!settings.showsHover) return null;
      const { uri } = params.textDocument;
      const document = cellDocument(uri);
      const onCell = document && (await cells.hover(document, linesOf(document).offset(params.position)));
      if (onCell !== undefined) return onCell;
      const fresh = await freshReports(uri, token);
      const hover = fresh && hoverAt(fresh.entries, fresh.file, fresh.lines.offset(params.position), settings.deviceId);
      return hover === undefined ? null : toHover(hover, fresh?.lines ?? new LineIndex(''));
    }),
  );

  connection.onCodeLens((params, token) =>
    guard(async () => {
      if (!settings.showsLens && !settings.comparesModels) return [];
      const { uri } = params.textDocument;
      const fresh = await freshReports(uri, token);
      const document = cellDocument(uri);
      const hasCells = document !== undefined && settings.showsLens && !token.isCancellationRequested;
      const ofCells = hasCells ? cells.lenses(document) : [];
      if (fresh === undefined) return [...ofCells];
      const { entries, file, lines } = fresh;
      return [
        ...ofCells,
        ...(settings.showsLens ? codeLenses(entries, file, settings.deviceId) : []).map((lens) =>
          toCodeLens(lens, lines, uri),
        ),
        ...changeLenses(entries, file, compare.titles(file)).map((lens) => toChangeLens(lens, lines, uri)),
      ];
    }),
  );

  connection.onCodeAction((params, token) =>
    guard(async () => {
      const fresh = await freshReports(params.textDocument.uri, token);
      if (fresh === undefined) return [];
      const question = { params, file: fresh.file, lines: fresh.lines, analyzer: await currentAnalyzer() };
      return [...budgetCodeActions(question, actionHost)];
    }),
  );

  connection.onExecuteCommand(({ command, arguments: args = [] }) =>
    guard(async () => {
      if (command !== RECORD_BASELINE_COMMAND) return null;
      const [uri] = args as readonly unknown[];
      const file = typeof uri === 'string' ? host.pathOfUri(uri) : openedConfiguration();
      const recorded: RecordedBaseline =
        file === undefined
          ? { kind: 'failed', message: 'the opened folders have no layercost.json and no [tool.layercost]' }
          : await host.recordBaseline(file);
      await connection.sendNotification(ShowMessageNotification.type, recordedMessage(recorded));
      return recorded;
    }),
  );

  connection.onCodeLensResolve((lens, token) =>
    guard(async (): Promise<CodeLens> => {
      const ofCell = cells.resolve(lens, (uri) => documents.get(uri));
      if (ofCell !== undefined) return ofCell;
      // All other lenses of ours carry LensData.
      const { uri, entryName } = lens.data as LensData;
      const ready = await currentAnalyzer();
      await nextTurn();
      if (token.isCancellationRequested) return lens;
      const report = ready.report(host.pathOfUri(uri), entryName);
      const title = report === undefined ? '?' : lensTitle(report, settings.deviceId);
      compare.updateSoon(host.pathOfUri(uri));
      return { ...lens, command: lensCommand(title, uri, entryName) };
    }),
  );

  connection.onRequest(DEVICES_REQUEST, () =>
    guard(async (): Promise<readonly DeviceItem[]> => {
      const { devices } = await currentAnalyzer();
      return devices.map(({ id, name, description }) => ({ id, name, description }));
    }),
  );

  connection.onRequest(REPORT_REQUEST, (params: ReportParams) =>
    guard(async (): Promise<ReportAnswer> => {
      const ready = await currentAnalyzer();
      const file = host.pathOfUri(params.uri);
      const { entryName } = params;
      const ofCell = entryName === undefined ? undefined : await cells.report(entryName, file);
      const report = ofCell ?? ready.report(file, entryName);
      if (report === undefined) return { kind: 'problem', message: `no model was found in ${file}` };
      return { kind: 'report', report: reportToJson(report, host.readText), deviceId: settings.deviceId };
    }),
  );

  connection.onRequest(CHANGES_REQUEST, ({ uri, entryName }: ChangesParams) =>
    guard(() => compare.page(host.pathOfUri(uri), entryName)),
  );

  /** A bug in one request costs that request, not the server. */
  async function guard<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      logFailure(error);
      throw new ResponseError(ErrorCodes.InternalError, 'Layer Cost: an internal error; see the output channel');
    }
  }

  function logFailure(error: unknown): void {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  documents.listen(connection);
  connection.listen();
}

interface Fresh {
  readonly file: string;
  readonly lines: LineIndex;
  readonly entries: readonly EntryReport[];
}

/**
 * The language server: puts its parts together and tells them what comes in. Settings, edits and changed files go to
 * workspace.ts and then pauses.ts; requests are answered in requests/.
 */
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocuments,
  TextDocumentSyncKind,
  WatchKind,
  type Connection,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isConfigurationFile } from '../node/findConfiguration.ts';
import { hasGrowthBudgets } from '../features/heldModels.ts';
import { CODE_ACTION_KINDS, RECORD_BASELINE_COMMAND } from './budgetCodeActions.ts';
import { createCells } from './cells.ts';
import { clientFeatures, type ClientFeatures } from './clientFeatures.ts';
import { createCompare } from './compare.ts';
import { createGuard } from './guard.ts';
import { openDocuments } from './openDocuments.ts';
import { createPauses } from './pauses.ts';
import { createPublisher } from './publisher.ts';
import { createShownModels } from './shownModels.ts';
import { answerRequests } from './requests/answerRequests.ts';
import type { ServerHost } from './serverHost.ts';
import { parseSettings } from './settings.ts';
import { createWorkspace } from './workspace.ts';

/** Files that count though they are not open. */
const WATCHED_FILES = ['**/layercost.json', '**/pyproject.toml', '**/*.{py,pyi}'];

/** Of a folder that comes or goes, editors may tell that alone, and not what is in it. */
const WATCHED_FOLDERS = { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete };

/** Whether a path that came or went may be one of them, or a folder that holds some. */
function mayCount(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\.pyi?$/.test(name) || isConfigurationFile(path) || !name.includes('.');
}

export function startServer(connection: Connection, host: ServerHost): void {
  let client: ClientFeatures = clientFeatures({});
  const texts = new TextDocuments(TextDocument);
  const documents = openDocuments(texts, host);
  const workspace = createWorkspace(host, documents);
  const guard = createGuard(connection.console);
  const { logFailure } = guard;
  const models = createShownModels({
    pathOfUri: host.pathOfUri,
    turns: host.turns,
    workspace,
    canRefresh: () => client.canRefresh && client.canRefreshLenses,
    moreIsKnown(uri) {
      askAgain();
      pauses.lookAgain(uri);
    },
  });
  host.onBackgroundAnswer(models.changed);
  const cells = createCells({
    devices: () => workspace.analyzer().then(({ devices }) => devices),
    predictor: host.cellPredictor,
    settings: workspace.settings,
    turns: host.turns,
    linesOf: documents.linesOf,
    pathOfUri: host.pathOfUri,
  });
  const compare = createCompare({
    reader: host.baseReader,
    ask: (file, body) => models.ask(documents.ofFile(file)?.uri ?? host.uriOfPath(file), body),
    settings: workspace.settings,
    configurationFor: host.configurations.configurationFor,
    workspaceFolders: workspace.folders,
    searchPaths: workspace.searchPaths,
    readText: documents.readText,
    versionOf: (file) => documents.ofFile(file)?.version,
    linesChanged: () => {
      if (client.canRefreshLenses) refreshLenses();
    },
    baseChanged(file) {
      const document = documents.ofFile(file);
      const rests = document !== undefined && hasGrowthBudgets(host.configurations.configurationFor(file), file);
      if (rests) pauses.lookAgain(document.uri);
    },
    logFailure,
  });
  const publisher = createPublisher({
    ...host,
    connection,
    documents,
    workspace,
    models,
    cells,
    compare,
    canRelate: () => client.canRelate,
  });
  const pauses = createPauses({
    documents,
    publisher,
    compare,
    guard,
    pathOfUri: host.pathOfUri,
    askAgain,
  });

  function askAgain(): void {
    if (!client.canRefresh) return;
    connection.languages.inlayHint.refresh().catch(logFailure);
    refreshLenses();
  }

  function refreshLenses(): void {
    connection.sendRequest('workspace/codeLens/refresh').catch(logFailure);
  }

  connection.onInitialize(({ workspaceFolders, capabilities, initializationOptions }): InitializeResult => {
    client = clientFeatures(capabilities);
    const folders = (workspaceFolders ?? []).map(({ uri }) => host.pathOfUri(uri));
    workspace.open(folders, parseSettings(initializationOptions));
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
    if (client.canWatchConfiguration) {
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'layercost' }).catch(logFailure);
    }
    if (client.canWatchFiles) {
      const watchers = [...WATCHED_FILES.map((globPattern) => ({ globPattern })), WATCHED_FOLDERS];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(logFailure);
    }
    void reloadSettings();
  });
  connection.onDidChangeConfiguration(() => {
    void reloadSettings();
  });

  async function reloadSettings(): Promise<void> {
    if (!client.canConfigure) return;
    const settings = parseSettings(await connection.workspace.getConfiguration('layercost'));
    if (workspace.changeSettings(settings)) pauses.refresh();
  }

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const open = new Set(texts.keys());
    const changed = changes.filter(({ uri }) => !open.has(uri)).map(({ uri }) => host.pathOfUri(uri));
    const files = [...new Set(changed)].filter(mayCount);
    if (files.length === 0) return;
    workspace.filesChanged(files);
    pauses.refresh();
  });

  texts.onDidChangeContent(({ document }) => {
    workspace.takeText(document, document.getText());
    models.changed(host.pathOfUri(document.uri));
    pauses.edited(document);
  });

  texts.onDidClose(({ document }) => {
    compare.close(host.pathOfUri(document.uri));
    workspace.takeText(document, undefined);
    models.close(document.uri);
    pauses.closed(document);
    publisher.close(document.uri);
  });

  answerRequests(
    connection,
    { host, documents, workspace, models, cells, compare, publisher, client: () => client },
    guard,
  );
  texts.listen(connection);
  connection.listen();
}

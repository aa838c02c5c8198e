/**
 * The language server in the thread that the front (nodeMain.ts) starts: its files, settings and workers are Node's, its
 * messages come through a port.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { createConnection, PortMessageWriter, ProposedFeatures } from 'vscode-languageserver/node';
import type { Analyzer } from '../analysis/analyzer.ts';
import { SharedTime } from '../analysis/sharedTime.ts';
import { createBackgroundWorker, type BackgroundWorker } from '../node/backgroundWorker.ts';
import { createBaseWorker } from '../node/baseWorker.ts';
import { createConfigurationStore, type ConfigurationStore } from '../node/configurationStore.ts';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { readTextFile } from '../node/nodeFiles.ts';
import { productVersion, readDevices } from '../node/productFiles.ts';
import { recordBaselineInWorker } from '../node/recordBaseline.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import { countMessages } from './countMessages.ts';
import type { FromServerWorker, ServerWorkerData, ToServerWorker } from './front/workerMessages.ts';
import { startServer } from './server.ts';
import { createTurns } from './turns.ts';

/** Of one model in the background. */
const TIME_LIMIT_MS = 5000;
/** URIs whose paths are remembered: they are asked for again and again. */
const MOST_PATHS = 2000;
/** The base of a comparison is read in a worker of its own. */
const BASE_TIME_LIMIT_MS = 20_000;

// The front passes it.
const { port, counts, burdens } = workerData as ServerWorkerData;
const folder = path.dirname(fileURLToPath(import.meta.url));

let presentUri: string | undefined;

const messages = countMessages(port, counts);
const connection = createConnection(
  ProposedFeatures.all,
  messages.reader,
  new PortMessageWriter(port),
  messages.strategies,
);
const turns = createTurns({
  hasMessages: messages.areWaiting,
  worksOn(uri) {
    if (uri === presentUri) return;
    presentUri = uri;
    tell({ kind: 'worksOn', uri });
  },
});

const knownDeviceIds = readDevices(folder).map(({ id }) => id);
const baseReader = createBaseWorker({ folder, knownDeviceIds, timeLimitMs: BASE_TIME_LIMIT_MS });
const configurations = withBackground(createConfigurationStore(knownDeviceIds));
const paths = new Map<string, string>();
const listeners: ((file: string) => void)[] = [];
const configurationTexts = new Map<string, string>();
let background: BackgroundWorker | undefined;
/** Loaded when somebody first looks at a cell. */
let predictor: PredictorResult | undefined;

startServer(connection, {
  createAnalyzer,
  turns,
  onBackgroundAnswer: (listener) => listeners.push(listener),
  configurations,
  baseReader,
  recordBaseline: (configurationFile) => recordBaselineInWorker({ folder, knownDeviceIds, configurationFile }),
  cellPredictor: () => (predictor ??= loadCellPredictor(folder)),
  pathOfUri,
  uriOfPath: (file) => (path.isAbsolute(file) ? pathToFileURL(file).href : file),
  readText: readTextFile,
  version: productVersion,
});

parentPort?.on('message', (message: ToServerWorker) => {
  switch (message.kind) {
    case 'ping':
      tell({ kind: 'pong', number: message.number });
      break;
    case 'giveBack':
      background?.giveBack();
      baseReader.giveBack();
      break;
    case 'hold':
      turns.hold(message.isHeld);
      break;
    case 'end':
      process.exit(0);
  }
});

function tell(message: FromServerWorker): void {
  parentPort?.postMessage(message);
}

async function createAnalyzer(workspaceFolders: readonly string[], searchPaths: readonly string[]): Promise<Analyzer> {
  background?.dispose();
  const made = createBackgroundWorker({
    folder,
    knownDeviceIds,
    workspaceFolders,
    searchPaths,
    timeLimitMs: TIME_LIMIT_MS,
    onAnswer(file) {
      for (const listener of listeners) listener(file);
    },
  });
  background = made;
  for (const [file, text] of configurationTexts) made.configurationText(file, text);
  const sharedTime = new SharedTime(turns, made);
  // Another worker did not get through with these.
  for (const uri of burdens) sharedTime.markSlow({ kind: 'file', file: pathOfUri(uri) });
  const { startDeadline } = turns;
  return createNodeAnalyzer({
    folder,
    workspaceFolders,
    searchPaths,
    timeLimitMs: startDeadline,
    configurations,
    sharedTime,
  });
}

/** The background reads by the same configurations. */
function withBackground(store: ConfigurationStore): ConfigurationStore {
  return {
    ...store,
    setText(file, text) {
      if (text === undefined) configurationTexts.delete(file);
      else configurationTexts.set(file, text);
      background?.configurationText(file, text);
      store.setText(file, text);
    },
  };
}

/** What is not the URI of a file here, is the name of a file that is not there. */
function pathOfUri(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  const known = paths.get(uri);
  if (known !== undefined) return known;
  if (paths.size >= MOST_PATHS) paths.clear();
  const file = readFileUri(uri);
  paths.set(uri, file);
  return file;
}

function readFileUri(uri: string): string {
  try {
    const file = fileURLToPath(uri);
    return file.includes('\0') ? uri : file;
  } catch {
    return uri;
  }
}

/**
 * The language server in the thread that the front (nodeMain.ts) starts: its files, settings and workers are Node's, its
 * messages come through a port.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { createConnection, PortMessageReader, PortMessageWriter, ProposedFeatures } from 'vscode-languageserver/node';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { createBaseWorker } from '../node/baseWorker.ts';
import { createConfigurationStore } from '../node/configurationStore.ts';
import { productVersion, readDevices } from '../node/productFiles.ts';
import { readTextFile } from '../node/nodeFiles.ts';
import { recordBaselineInWorker } from '../node/recordBaseline.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import { type FromServerWorker, type ServerWorkerData, type ToServerWorker } from './front/workerMessages.ts';
import { startServer } from './server.ts';

// The front passes it.
const { port } = workerData as ServerWorkerData;
const folder = path.dirname(fileURLToPath(import.meta.url));

const connection = createConnection(ProposedFeatures.all, new PortMessageReader(port), new PortMessageWriter(port));

/** While a model is read, the server answers nothing else: an endless loop must not hold up the editor for long. */
const TIME_LIMIT_MS = 2000;

/** Loaded when somebody first looks at a cell. */
let predictor: PredictorResult | undefined;

const knownDeviceIds = readDevices(folder).map(({ id }) => id);
const configurations = createConfigurationStore(knownDeviceIds);

/** The base of a comparison is read in a worker: nobody waits for it. */
const BASE_TIME_LIMIT_MS = 20_000;

startServer(connection, {
  createAnalyzer: (workspaceFolders, searchPaths) =>
    createNodeAnalyzer({ folder, workspaceFolders, searchPaths, timeLimitMs: TIME_LIMIT_MS, configurations }),
  configurations,
  baseReader: createBaseWorker({ folder, knownDeviceIds, timeLimitMs: BASE_TIME_LIMIT_MS }),
  recordBaseline: (configurationFile) => recordBaselineInWorker({ folder, knownDeviceIds, configurationFile }),
  cellPredictor: () => (predictor ??= loadCellPredictor(folder)),
  pathOfUri,
  uriOfPath: (file) => (path.isAbsolute(file) ? pathToFileURL(file).href : file),
  readText: readTextFile,
  version: productVersion,
});

parentPort?.on('message', (message: ToServerWorker) => {
  switch (message.kind) {
    case 'ping': {
      answer({ kind: 'pong', number: message.number });
      return;
    }
    case 'giveBack':
      return;
    case 'hold':
      return;
    case 'end':
      return process.exit(0);
  }
});

function answer(message: FromServerWorker): void {
  parentPort?.postMessage(message);
}

/** What is not the URI of a file here, is the name of a file that is not there. */
function pathOfUri(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    const file = fileURLToPath(uri);
    return file.includes('\0') ? uri : file;
  } catch {
    return uri;
  }
}

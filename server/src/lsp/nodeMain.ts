/**
 * The language server on Node: `layercost serve --stdio`, and what the editor's client starts.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { createBaseWorker } from '../node/baseWorker.ts';
import { createConfigurationStore } from '../node/configurationStore.ts';
import { productVersion, readDevices } from '../node/productFiles.ts';
import { readTextFile } from '../node/nodeFiles.ts';
import { recordBaselineInWorker } from '../node/recordBaseline.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import { startServer } from './server.ts';

// Only stdio: the protocol owns stdout, so nothing else may print there.
const connection = createConnection(
  ProposedFeatures.all,
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);

const folder = path.dirname(fileURLToPath(import.meta.url));

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
  pathOfUri: (uri) => (uri.startsWith('file:') ? fileURLToPath(uri) : uri),
  uriOfPath: (file) => (path.isAbsolute(file) ? pathToFileURL(file).href : file),
  readText: readTextFile,
  version: productVersion,
});

/**
 * What the server needs of the machine it runs on: nodeMain.ts gives it Node's.
 */
import type { Analyzer } from '../analysis/analyzer.ts';
import type { BaseReader } from '../node/baseModels.ts';
import type { ConfigurationStore } from '../node/configurationStore.ts';
import type { RecordedBaseline } from '../node/recordBaseline.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import type { Turns } from './turns.ts';

export interface ServerHost {
  /** Makes the analyzer for the opened folders; called again when the search paths change. */
  readonly createAnalyzer: (workspaceFolders: readonly string[], searchPaths: readonly string[]) => Promise<Analyzer>;
  /** Of the thread that all documents share. */
  readonly turns: Pick<Turns, 'take'>;
  /** `listener` is called with each file that the background knows more of. */
  readonly onBackgroundAnswer: (listener: (file: string) => void) => void;
  /** Trained weights of NAS cells, or why there are none; loaded on the first call. */
  readonly cellPredictor: () => PredictorResult;
  readonly configurations: ConfigurationStore;
  /** Reads what models cost in a revision, without holding anything up. */
  readonly baseReader: BaseReader;
  /** Writes a baseline of the models of a configuration, as they lie on disk. */
  readonly recordBaseline: (configurationFile: string) => Promise<RecordedBaseline>;
  readonly pathOfUri: (uri: string) => string;
  readonly uriOfPath: (file: string) => string;
  /** Of the file as it lies on disk. */
  readonly readText: (file: string) => string | undefined;
  readonly version: string;
}

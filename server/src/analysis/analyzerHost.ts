/**
 * What the analyzer needs of its host: files, a parser, devices, a clock. node/createNodeAnalyzer.ts gives it Node's.
 */
import type { Configuration } from '../configuration/configuration.ts';
import type { Device } from '../cost/device.ts';
import type { FileProvider } from '../evaluation/moduleFinder.ts';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';
import type { PythonParser } from '../syntax/pythonParser.ts';
import type { SharedTime } from './sharedTime.ts';

export interface AnalyzerHost {
  readonly files: FileProvider;
  readonly parser: PythonParser;
  readonly devices: readonly Device[];
  /** Workspace roots, then the environment's site-packages. */
  readonly searchPaths: readonly string[];
  /** Throws where the file cannot be opened; the caller closes what has to be closed. */
  readonly openBytes: (file: string) => ByteSource & { close?(): void };
  /** Makes an absolute path of what a person typed. */
  readonly absolutePath: (path: string) => string;
  /** Why a path cannot be read as text: undefined where it can. */
  readonly unreadable: (path: string) => string | undefined;
  /** The configuration that holds for a file: its entries say how to build models. None where it is left out. */
  readonly configurationFor?: ((file: string) => Configuration | undefined) | undefined;
  /** Starts the clock of one analysis: the answer says when it took too long. */
  readonly startDeadline: () => () => boolean;
  /** Of an editor, which answers what is ready and leaves the rest to the background; left out, everything is made at once. */
  readonly sharedTime?: SharedTime | undefined;
}

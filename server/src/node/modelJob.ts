/**
 * One model to analyse, as data that crosses threads, and what comes of it.
 */
import type { ModelDigest, PlacedProblem } from '../gate/modelDigest.ts';
import type { AskedModel } from './askedModel.ts';
import type { GitRevision } from './git/repository.ts';

export interface ModelJob extends AskedModel {
  /** Jobs of one run are told apart by it. */
  readonly index: number;
}

export type ModelOutcome =
  | { readonly kind: 'digest'; readonly digest: ModelDigest }
  /** There is no model: what is asked for is not there, or cannot be read. */
  | { readonly kind: 'problem'; readonly problems: readonly PlacedProblem[] }
  /** The analysis itself broke. */
  | { readonly kind: 'crash'; readonly message: string };

/** Where and how a run's jobs are analysed. */
export interface JobSettings {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  /** Imports are looked for in these first, then in `searchPaths`, then in the environment's packages. */
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
  /** The repository's folder: reports name files relative to it. */
  readonly root: string;
  /** One analysis that takes longer is cut, and says so; long, as it depends on the machine. */
  readonly timeLimitMs: number;
  /** Files of the repository are read as they were in it; undefined: as they lie on disk. */
  readonly revision: GitRevision | undefined;
  /** Undefined: nothing is kept. */
  readonly cacheFolder: string | undefined;
}

/** Jobs of one group read the same modules: "torchvision.models:resnet18" and "torchvision.models:vgg11". */
export function groupKey({ request: { target } }: ModelJob): string {
  return target.replace(/:[\w.]*$/, '');
}

/**
 * Analyses jobs one after the other in this thread, and keeps their answers in the cache. Modules that a job loaded
 * stay for the next one.
 */
import type { Analyzer } from '../analysis/analyzer.ts';
import { decode, list, text } from '../gate/decode.ts';
import { digestFromJson } from '../gate/digestJson.ts';
import type { ModelDigest } from '../gate/modelDigest.ts';
import { createPlacer, type Placer } from '../gate/place.ts';
import { analyzeModel } from './analyzeModel.ts';
import { createNodeAnalyzer } from './createNodeAnalyzer.ts';
import { diskSource, type FileSource } from './fileSource.ts';
import { revisionSource } from './git/revisionSource.ts';
import { createManifestChecker, manifestOf } from './inputManifest.ts';
import { recordInputs } from './inputRecorder.ts';
import { answerKeys, type AnswerKeys } from './answerKeys.ts';
import type { JobSettings, ModelJob, ModelOutcome } from './modelJob.ts';
import { packageFolders, pythonSearchPaths } from './pythonEnvironment.ts';
import { userSeal } from './cacheSeal.ts';
import { createResultCache, type ResultCache } from './resultCache.ts';

export interface JobAnalyzer {
  analyze(job: ModelJob): ModelOutcome;
  /** As `Analyzer.modelNames`. */
  readonly modelNames: Analyzer['modelNames'];
}

/** Where the jobs of a run read from. */
export interface JobPlace {
  readonly settings: JobSettings;
  readonly source: FileSource;
}

/** Opens the revision of the settings; each thread does for itself. Throws where git cannot list its files. */
export function openJobPlace(settings: JobSettings): JobPlace {
  if (settings.revision === undefined) return { settings, source: diskSource };
  const opened = revisionSource(settings.revision);
  if (opened.kind === 'problem') throw new Error(opened.problem.message);
  return { settings, source: opened.value };
}

export async function createJobAnalyzer(place: JobPlace): Promise<JobAnalyzer> {
  const { folder, workspaceFolders, searchPaths, timeLimitMs } = place.settings;
  const recorder = recordInputs(place.source);
  const { source } = recorder;
  const analyzer = await createNodeAnalyzer({ folder, workspaceFolders, searchPaths, timeLimitMs, source });
  const placer = jobPlacer(place);
  const caches = openCaches(place);
  return {
    analyze(job) {
      recorder.takeBytes();
      const { outcome, trail } = analyzeModel({ analyzer, placer, source, productFolder: folder }, job);
      if (outcome.kind !== 'digest' || trail === undefined || !isLasting(outcome.digest)) return outcome;
      const manifest = manifestOf(trail, recorder);
      if (manifest !== undefined) caches?.digests.put(caches.keys.ofJob(job), manifest, outcome.digest);
      return outcome;
    },
    modelNames(file, options) {
      const { value, trail } = analyzer.withTrail(() => analyzer.modelNames(file, options));
      const manifest = manifestOf(trail, recorder);
      const key = caches?.keys.ofModelNames(file, options.hasArguments);
      if (manifest !== undefined && key !== undefined) caches?.names.put(key, manifest, value);
      return value;
    },
  };
}

export function jobPlacer({ settings: { root, workspaceFolders, searchPaths }, source }: JobPlace): Placer {
  return createPlacer({
    root,
    packageFolders: packageFolders(pythonSearchPaths(workspaceFolders, searchPaths, process.env), root),
    readText: (file) => source.files.readText(file),
  });
}

/** The answers that are kept, by kind; undefined where none are. */
export interface AnswerCaches {
  readonly keys: AnswerKeys;
  readonly digests: ResultCache<ModelDigest>;
  readonly names: ResultCache<readonly string[]>;
}

export function openCaches({ settings, source }: JobPlace): AnswerCaches | undefined {
  const { cacheFolder } = settings;
  if (cacheFolder === undefined) return undefined;
  const common = { isCurrent: createManifestChecker(source), seal: userSeal(process.env, process.platform) };
  const digests = createResultCache(cacheFolder, { ...common, readValue: readDigest });
  const names = createResultCache(cacheFolder, { ...common, readValue: readNames });
  return digests === undefined || names === undefined ? undefined : { keys: answerKeys(settings), digests, names };
}

function readDigest(json: unknown): ModelDigest | undefined {
  const read = digestFromJson(json);
  return read.kind === 'ok' ? read.value : undefined;
}

function readNames(json: unknown): readonly string[] | undefined {
  const read = decode(list(text), json);
  return read.kind === 'ok' ? read.value : undefined;
}

/**
 * What a bound cut may come out otherwise on a faster machine, a bug may be mended, and what could not be read leaves no
 * trace to tell by that it can be now.
 */
const FLEETING = new Set(['execution-bound', 'internal-error', 'unreadable-file', 'submodule-not-read']);

function isLasting({ problems }: ModelDigest): boolean {
  return !problems.some(({ code }) => FLEETING.has(code));
}

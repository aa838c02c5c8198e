/**
 * Analyses jobs one after the other in this thread, and keeps their answers in the cache. Modules that a job loaded
 * stay for the next one.
 */
import type { Analyzer } from '../analysis/analyzer.ts';
import { digestOf, placedProblem, type ModelDigest } from '../gate/modelDigest.ts';
import { createPlacer, type Placer } from '../gate/place.ts';
import { createNodeAnalyzer } from './createNodeAnalyzer.ts';
import { diskSource } from './fileSource.ts';
import { createManifestChecker, manifestOf } from './inputManifest.ts';
import { recordInputs } from './inputRecorder.ts';
import { answerKeys, type AnswerKeys } from './answerKeys.ts';
import type { JobSettings, ModelJob, ModelOutcome } from './modelJob.ts';
import { readTextFile } from './nodeFiles.ts';
import { packageFolders, pythonSearchPaths } from './pythonEnvironment.ts';
import { createResultCache, type ResultCache } from './resultCache.ts';

export interface JobAnalyzer {
  analyze(job: ModelJob): ModelOutcome;
  /** As `Analyzer.modelNames`. */
  readonly modelNames: Analyzer['modelNames'];
}

export async function createJobAnalyzer(settings: JobSettings): Promise<JobAnalyzer> {
  const { folder, workspaceFolders, searchPaths, timeLimitMs } = settings;
  const recorder = recordInputs(diskSource);
  const { source } = recorder;
  const analyzer = await createNodeAnalyzer({ folder, workspaceFolders, searchPaths, timeLimitMs, source });
  const placer = jobPlacer(settings);
  const caches = openCaches(settings);
  return {
    analyze(job) {
      recorder.takeBytes();
      try {
        const { value, trail } = analyzer.withTrail(() => analyzer.analyze(job.request));
        if (value.kind === 'problem') {
          return { kind: 'problem', problems: value.problems.map((problem) => placedProblem(problem, placer)) };
        }
        const digest = digestOf(value.report, { name: job.name, target: job.target, placer });
        const manifest = manifestOf(trail, recorder);
        if (manifest !== undefined && isLasting(digest)) caches?.digests.put(caches.keys.ofJob(job), manifest, digest);
        return { kind: 'digest', digest };
      } catch (error) {
        return { kind: 'crash', message: placer.relativeText(crashText(error)) };
      }
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

export function jobPlacer({ root, workspaceFolders, searchPaths }: JobSettings): Placer {
  return createPlacer({
    root,
    packageFolders: packageFolders(pythonSearchPaths(workspaceFolders, searchPaths, process.env), root),
    readText: readTextFile,
  });
}

/** The answers that are kept, by kind; undefined where none are. */
export interface AnswerCaches {
  readonly keys: AnswerKeys;
  readonly digests: ResultCache<ModelDigest>;
  readonly names: ResultCache<readonly string[]>;
}

export function openCaches(settings: JobSettings): AnswerCaches | undefined {
  const { cacheFolder } = settings;
  if (cacheFolder === undefined) return undefined;
  const isCurrent = createManifestChecker(diskSource);
  return {
    keys: answerKeys(settings),
    digests: createResultCache(cacheFolder, isCurrent),
    names: createResultCache(cacheFolder, isCurrent),
  };
}

/** What a bound cut may come out otherwise on a faster machine, and a bug may be mended. */
function isLasting({ problems }: ModelDigest): boolean {
  return !problems.some(({ code }) => code === 'execution-bound' || code === 'internal-error');
}

/** Without the stack, which differs between machines. */
function crashText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

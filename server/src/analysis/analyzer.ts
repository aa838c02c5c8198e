/**
 * The façade: everything that editor and command line ask goes through here. Holds the modules of a project, and the
 * reports of open files, which are kept until a file that they may rest on changes.
 */
import type { Problem } from '../base/problems.ts';
import type { Device } from '../cost/device.ts';
import type { FileTrail } from '../evaluation/fileTrail.ts';
import { PythonProject } from '../evaluation/project.ts';
import { stdlibModules } from '../evaluation/stdlib/stdlibModules.ts';
import { libraryModules } from '../frontends/torch/libraries/libraryModules.ts';
import { nnModules } from '../frontends/torch/nnModules.ts';
import { torchModules } from '../frontends/torch/torchModules.ts';
import type { AnalyzeRequest, AnalyzeResult } from './analyzeRequest.ts';
import { analyzeTarget } from './analyzeTarget.ts';
import type { AnalyzerHost } from './analyzerHost.ts';
import { NO_SETTINGS } from './directive.ts';
import type { BackgroundJob } from './background.ts';
import type { EntryCandidate } from './entries.ts';
import { FileModels } from './fileModels.ts';
import { KeptReports, MAX_PARTS, partsOf } from './keptReports.ts';
import { LargeFiles } from './largeFiles.ts';
import { onnxReport, pythonReport, renamed } from './makeReport.ts';
import type { Entry, Report } from './report.ts';
import type { Finished, Progress } from './sharedTime.ts';
import { stoppedReport, stoppedProblem } from './stoppedReport.ts';

/** A model of an open file, with its report once it was asked for. */
export interface EntryAnalysis {
  readonly entry: Entry;
  readonly report: Report | undefined;
  /** It is being analysed. */
  readonly isPending?: boolean;
}

/** Models of one file that are analysed for an editor. */
const MOST_MODELS = 500;

/** The models of a file: found here, or by the background, which may not have them all. */
type FoundModels =
  | { readonly kind: 'candidates'; readonly candidates: readonly EntryCandidate[] }
  | { readonly kind: 'entries'; readonly entries: readonly Entry[]; readonly problems: readonly Problem[] };

export class Analyzer {
  readonly devices: readonly Device[];
  readonly #host: AnalyzerHost;
  readonly #models: FileModels;
  /** Of the present texts; any edit drops them, as any file may rest on any other. */
  #reports = new KeptReports();
  readonly #large = new LargeFiles();

  constructor(host: AnalyzerHost) {
    this.#host = host;
    this.devices = host.devices;
    const { files, searchPaths, parser } = host;
    const nativeModules = [...stdlibModules, ...torchModules, ...nnModules, ...libraryModules];
    this.#models = new FileModels(new PythonProject({ files, searchPaths, nativeModules, parser }), host);
  }

  /** The text of an open document, which hides the file on disk; undefined closes it. */
  setText(file: string, text: string | undefined): void {
    this.#models.project.setText(file, text);
    this.#large.take(file, text);
    this.#host.sharedTime?.background.textChanged(file, text);
    this.#forget();
  }

  /** Files that changed on disk. */
  filesChanged(files: Iterable<string>): void {
    const changed = [...files];
    this.#models.project.filesChanged(changed);
    this.#host.sharedTime?.background.filesChanged(changed);
    this.#forget();
  }

  /** The configuration of some file changed, so that models may be built otherwise. */
  configurationChanged(): void {
    this.#host.sharedTime?.background.configurationChanged();
    this.#forget();
  }

  /** Names of the models of a file in its order; with arguments at hand also of those that need some. */
  modelNames(file: string, { hasArguments }: { readonly hasArguments: boolean }): readonly string[] {
    if (!hasArguments) return this.entries(file).map(({ name }) => name);
    const settings = { ...NO_SETTINGS, args: '' };
    const found = this.#models.find(file, { named: () => settings, first: undefined });
    return found.map(({ entry }) => entry.name);
  }

  /** The models of a file in its order; in an editor what is known of them by now. */
  entries(file: string): readonly Entry[] {
    const found = this.#found(file);
    if (found?.kind === 'entries') return found.entries;
    return (found?.candidates ?? []).map(({ entry }) => entry);
  }

  /** Problems of reading a file and running its top level. */
  fileProblems(file: string): readonly Problem[] {
    const found = this.#found(file);
    if (found === undefined) return [];
    if (found.kind === 'entries') return found.problems;
    const directives = found.candidates.flatMap(({ settings }) => settings.problems);
    return [...this.#models.module(file).problems, ...directives];
  }

  /**
   * The models of a file; each has its report if its code speaks for a place that no earlier one speaks for, and as long
   * as those before it do not hold too much together.
   */
  hintReports(file: string): readonly EntryAnalysis[] {
    this.#host.sharedTime?.look(file);
    const found = this.#found(file);
    if (found === undefined) return [];
    if (found.kind === 'entries') return this.#reportsOfEntries(file, found.entries);
    const { candidates } = found;
    const factories = new Set(candidates.flatMap(({ entry }) => (entry.kind === 'function' ? [entry.name] : [])));
    const explained = new Set<string>();
    let parts = 0;
    return configuredFirst(candidates).map((candidate, index) => {
      const { entry, mentions, createsLayers } = candidate;
      const shared = [...mentions].filter((name) => !factories.has(name));
      const fits = parts < MAX_PARTS && index < this.#mostModels;
      const adds = fits && (createsLayers || shared.some((name) => !explained.has(name)));
      const report = adds ? this.#report(file, candidate) : this.#reports.get(reportKey(file, candidate));
      parts += report === undefined ? 0 : partsOf(report);
      // What it mentions was tried; what it instantiates is explained, however deep it stands.
      for (const name of [...shared, ...(report?.scopes ?? []).map(({ typeName }) => typeName)]) explained.add(name);
      return { entry, report, isPending: adds && report === undefined };
    });
  }

  /** The report of one model of a file: of the first where no name is given; undefined where there is none. */
  report(file: string, entryName: string | undefined): Report | undefined {
    this.#host.sharedTime?.look(file);
    if (/\.onnx$/i.test(file)) return this.#onnxReport(file);
    const found = this.#found(file);
    if (found === undefined) return undefined;
    if (found.kind === 'entries') {
      const entry = found.entries.find(({ name }) => entryName === undefined || name === entryName);
      return entry === undefined ? undefined : this.#reportOfEntry(file, entry);
    }
    const candidate =
      entryName === undefined ? found.candidates[0] : found.candidates.find(({ entry }) => entry.name === entryName);
    return candidate === undefined ? undefined : this.#report(file, candidate);
  }

  /** Whether the last look at a file found all that was asked for, and if not, what it waits for. */
  progressOf(file: string): Progress {
    return this.#host.sharedTime?.progressOf(file) ?? 'done';
  }

  /** Asks something of this analyzer, and tells which Python files and which places of modules the answer rests on. */
  withTrail<T>(ask: () => T): { readonly value: T; readonly trail: FileTrail } {
    const { value, trail } = this.#models.project.withTrail(ask);
    return { value, trail: this.#models.project.filesOf(trail) };
  }

  /** Files that the background read for a file. */
  backgroundFiles(file: string): ReadonlySet<string> {
    return this.#host.sharedTime?.background.filesUnder(file) ?? new Set();
  }

  /** What the command line asks: a target as a person typed it. */
  analyze(request: AnalyzeRequest): AnalyzeResult {
    return analyzeTarget(this.#models, this.#host, request);
  }

  /** The same for an editor that looks at `file`: undefined where it is not known yet. */
  analyzeInTime(file: string, request: AnalyzeRequest): AnalyzeResult | undefined {
    const { sharedTime } = this.#host;
    if (sharedTime === undefined) return this.analyze(request);
    sharedTime.look(file);
    return sharedTime.within<AnalyzeResult>(
      { kind: 'request', file, request },
      () => this.analyze(request),
      (state) =>
        state.kind === 'answered' && state.answer.kind === 'request'
          ? state.answer.result
          : { kind: 'problem', problems: [stoppedProblem(state, request.target, undefined)] },
    );
  }

  get #mostModels(): number {
    return this.#host.sharedTime === undefined ? Infinity : MOST_MODELS;
  }

  #found(file: string): FoundModels | undefined {
    const { sharedTime } = this.#host;
    const find = (): FoundModels => ({ kind: 'candidates', candidates: this.#models.candidates(file) });
    if (sharedTime === undefined) return find();
    const refused = this.#large.problemOf(file);
    if (refused !== undefined) return { kind: 'entries', entries: [], problems: [refused] };
    const job: BackgroundJob = { kind: 'file', file };
    if (this.#large.isLarge(file)) sharedTime.markSlow(job);
    else if (!sharedTime.isSlow(job) && this.#models.isKnown(file)) return find();
    const found = sharedTime.within(job, find, (state): FoundModels =>
      state.kind === 'answered' && state.answer.kind === 'file'
        ? { kind: 'entries', entries: state.answer.entries, problems: state.answer.problems }
        : { kind: 'entries', entries: [], problems: [stoppedProblem(state, file, { file, start: 0, end: 0 })] },
    );
    // What was cut off is half of the models.
    if (found === undefined) this.#models.forgetFile(file);
    return found;
  }

  #reportsOfEntries(file: string, entries: readonly Entry[]): readonly EntryAnalysis[] {
    let parts = 0;
    return entries.map((entry, index) => {
      const isAsked = parts < MAX_PARTS && index < MOST_MODELS;
      const report = isAsked ? this.#reportOfEntry(file, entry) : undefined;
      parts += report === undefined ? 0 : partsOf(report);
      return { entry, report, isPending: isAsked && report === undefined };
    });
  }

  /** Of a file that the background reads: its models are left to it. */
  #reportOfEntry(file: string, entry: Entry): Report | undefined {
    const job: BackgroundJob = { kind: 'report', file, name: entry.name };
    this.#host.sharedTime?.markSlow(job);
    return this.#within(job, entry, () => stoppedReport({ kind: 'failed', message: 'it is too large' }, entry));
  }

  #onnxReport(file: string): Report | undefined {
    const job: BackgroundJob = { kind: 'report', file, name: undefined };
    this.#host.sharedTime?.markSlow(job);
    const entry: Entry = { name: file.slice(file.lastIndexOf('/') + 1), kind: 'onnx', file, range: undefined };
    return this.#within(job, entry, () =>
      onnxReport(this.#host, file, this.#models.configured(file).first, undefined, this.devices),
    );
  }

  #within(job: BackgroundJob, entry: Entry, make: () => Report): Report | undefined {
    const fromBackground = (state: Finished): Report | undefined =>
      state.kind === 'answered' && state.answer.kind === 'report' ? state.answer.report : stoppedReport(state, entry);
    const { sharedTime } = this.#host;
    return sharedTime === undefined ? make() : sharedTime.within(job, make, fromBackground);
  }

  #report(file: string, candidate: EntryCandidate): Report | undefined {
    const key = reportKey(file, candidate);
    let report = this.#reports.get(key);
    if (report === undefined) {
      // A class that a factory builds shares the factory's report, but for its name.
      const { target, entry } = candidate;
      const built =
        target === entry.name ? undefined : this.#models.candidates(file).find((each) => each.entry.name === target);
      report =
        built === undefined
          ? this.#within({ kind: 'report', file, name: entry.name }, entry, () =>
              pythonReport(this.#host, this.#models.project, file, candidate, this.devices),
            )
          : this.#renamed(this.#report(file, built), entry, target);
      if (report !== undefined) this.#reports.set(key, report);
    }
    return report;
  }

  #renamed(report: Report | undefined, entry: Entry, target: string): Report | undefined {
    return report === undefined ? undefined : renamed(report, entry, `${entry.name} as ${target} builds it`);
  }

  #forget(): void {
    this.#host.sharedTime?.forgive();
    this.#reports = new KeptReports();
    this.#models.forget();
  }
}

/** Models that an entry of the configuration names explain a file's lines before others do. */
function configuredFirst(candidates: readonly EntryCandidate[]): readonly EntryCandidate[] {
  const isNamed = ({ settings: { configured } }: EntryCandidate): boolean => configured?.isExact === true;
  return [...candidates.filter(isNamed), ...candidates.filter((candidate) => !isNamed(candidate))];
}

function reportKey(file: string, { entry }: EntryCandidate): string {
  return `${file}:${entry.name}`;
}

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
import { analyzeTarget, type AnalyzeRequest, type AnalyzeResult } from './analyzeTarget.ts';
import type { AnalyzerHost } from './analyzerHost.ts';
import { NO_SETTINGS } from './directive.ts';
import type { EntryCandidate } from './entries.ts';
import { FileModels } from './fileModels.ts';
import { KeptReports, MAX_PARTS, partsOf } from './keptReports.ts';
import { onnxReport, pythonReport, renamed } from './makeReport.ts';
import type { Entry, Report } from './report.ts';

/** A model of an open file, with its report once it was asked for. */
export interface EntryAnalysis {
  readonly entry: Entry;
  readonly report: Report | undefined;
}

export class Analyzer {
  readonly devices: readonly Device[];
  readonly #host: AnalyzerHost;
  readonly #models: FileModels;
  /** Of the present texts; any edit drops them, as any file may rest on any other. */
  #reports = new KeptReports();

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
    this.#forget();
  }

  /** Files that changed on disk. */
  filesChanged(files: Iterable<string>): void {
    this.#models.project.filesChanged(files);
    this.#forget();
  }

  /** The configuration of some file changed, so that models may be built otherwise. */
  configurationChanged(): void {
    this.#forget();
  }

  /** Names of the models of a file in its order; with arguments at hand also of those that need some. */
  modelNames(file: string, { hasArguments }: { readonly hasArguments: boolean }): readonly string[] {
    if (!hasArguments) return this.#models.candidates(file).map(({ entry }) => entry.name);
    const settings = { ...NO_SETTINGS, args: '' };
    const found = this.#models.find(file, { named: () => settings, first: undefined });
    return found.map(({ entry }) => entry.name);
  }

  /** Problems of reading a file and running its top level. */
  fileProblems(file: string): readonly Problem[] {
    const directives = this.#models.candidates(file).flatMap(({ settings }) => settings.problems);
    return [...this.#models.module(file).problems, ...directives];
  }

  /**
   * The models of a file; each has its report if its code speaks for a place that no earlier one speaks for, and as long
   * as those before it do not hold too much together.
   */
  hintReports(file: string): readonly EntryAnalysis[] {
    const candidates = this.#models.candidates(file);
    const factories = new Set(candidates.flatMap(({ entry }) => (entry.kind === 'function' ? [entry.name] : [])));
    const explained = new Set<string>();
    let parts = 0;
    return configuredFirst(candidates).map((candidate) => {
      const { entry, mentions, createsLayers } = candidate;
      const shared = [...mentions].filter((name) => !factories.has(name));
      const adds = parts < MAX_PARTS && (createsLayers || shared.some((name) => !explained.has(name)));
      const report = adds ? this.#report(file, candidate) : this.#reports.get(reportKey(file, candidate));
      parts += report === undefined ? 0 : partsOf(report);
      // What it mentions was tried; what it instantiates is explained, however deep it stands.
      for (const name of [...shared, ...(report?.scopes ?? []).map(({ typeName }) => typeName)]) explained.add(name);
      return { entry, report };
    });
  }

  /** The report of one model of a file: of the first where no name is given; undefined where there is none. */
  report(file: string, entryName: string | undefined): Report | undefined {
    if (/\.onnx$/i.test(file))
      return onnxReport(this.#host, file, this.#models.configured(file).first, undefined, this.devices);
    const candidates = this.#models.candidates(file);
    const candidate =
      entryName === undefined ? candidates[0] : candidates.find(({ entry }) => entry.name === entryName);
    return candidate === undefined ? undefined : this.#report(file, candidate);
  }

  /** Asks something of this analyzer, and tells which Python files and which places of modules the answer rests on. */
  withTrail<T>(ask: () => T): { readonly value: T; readonly trail: FileTrail } {
    const { value, trail } = this.#models.project.withTrail(ask);
    return { value, trail: this.#models.project.filesOf(trail) };
  }

  /** What the command line asks: a target as a person typed it. */
  analyze(request: AnalyzeRequest): AnalyzeResult {
    return analyzeTarget(this.#models, this.#host, request);
  }

  #report(file: string, candidate: EntryCandidate): Report {
    const key = reportKey(file, candidate);
    let report = this.#reports.get(key);
    if (report === undefined) {
      // A class that a factory builds shares the factory's report, but for its name.
      const { target, entry } = candidate;
      const built =
        target === entry.name ? undefined : this.#models.candidates(file).find((each) => each.entry.name === target);
      report =
        built === undefined
          ? pythonReport(this.#host, this.#models.project, file, candidate, this.devices)
          : renamed(this.#report(file, built), entry, `${entry.name} as ${target} builds it`);
      this.#reports.set(key, report);
    }
    return report;
  }

  #forget(): void {
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

/**
 * The façade: everything that editor and command line ask goes through here, and here alone front ends, cost and
 * report meet. Reports are kept until a file that they may rest on changes.
 */
import { copyWith } from '../base/lazy.ts';
import type { Problem } from '../base/problems.ts';
import type { Device } from '../cost/device.ts';
import type { FileProvider } from '../evaluation/moduleFinder.ts';
import type { FileTrail } from '../evaluation/fileTrail.ts';
import type { ModuleTrail } from '../evaluation/moduleTrails.ts';
import { PythonProject, type ModuleState } from '../evaluation/project.ts';
import { stdlibModules } from '../evaluation/stdlib/stdlibModules.ts';
import { PyUnknown, type PyModule } from '../evaluation/values.ts';
import { analyzeOnnx } from '../frontends/onnx/analyzeOnnx.ts';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';
import { libraryModules } from '../frontends/torch/libraries/libraryModules.ts';
import { nnModules } from '../frontends/torch/nnModules.ts';
import { torchModules } from '../frontends/torch/torchModules.ts';
import { trace } from '../frontends/torch/trace.ts';
import type { PythonParser } from '../syntax/pythonParser.ts';
import { buildReport, emptyReport } from './buildReport.ts';
import { findEntries, hasOwnForward, withSettings, type EntryCandidate } from './entries.ts';
import {
  configuredEntries,
  configuredModule,
  mergeSettings,
  NOTHING_CONFIGURED,
  type ConfiguredEntries,
} from './configuredEntries.ts';
import { NO_SETTINGS, settingsOfName, type EntrySettings } from './directive.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { InputSpec } from '../configuration/inputText.ts';
import type { Assumption, Entry, Report } from './report.ts';
import { splitArguments } from './splitArguments.ts';
import { parseTarget } from '../configuration/target.ts';

/** What the analyzer needs of its host. */
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
}

export interface AnalyzeRequest {
  /** See target.ts. */
  readonly target: string;
  readonly inputs: readonly InputSpec[] | undefined;
  /** Python text of arguments: "num_classes=10". */
  readonly args: string | undefined;
  /** Devices to give latencies for; all where left out. */
  readonly deviceIds: readonly string[] | undefined;
  /** What the configuration says of the model does not count: one of several entries for it is asked about. */
  readonly ignoresConfiguration?: true;
}

export type AnalyzeResult =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'problem'; readonly problems: readonly Problem[] };

/** A model of an open file, with its report once it was asked for. */
export interface EntryAnalysis {
  readonly entry: Entry;
  readonly report: Report | undefined;
}

export class Analyzer {
  readonly devices: readonly Device[];
  readonly #host: AnalyzerHost;
  readonly #project: PythonProject;
  /** Reports and entries of the present texts; any edit drops them, as any file may rest on any other. */
  #reports = new Map<string, Report>();
  #entries = new Map<string, { readonly candidates: readonly EntryCandidate[]; readonly trail: ModuleTrail }>();

  constructor(host: AnalyzerHost) {
    this.#host = host;
    this.devices = host.devices;
    this.#project = new PythonProject({
      files: host.files,
      searchPaths: host.searchPaths,
      nativeModules: [...stdlibModules, ...torchModules, ...nnModules, ...libraryModules],
      parser: host.parser,
    });
  }

  /** The text of an open document, which hides the file on disk; undefined closes it. */
  setText(file: string, text: string | undefined): void {
    this.#project.setText(file, text);
    this.#forget();
  }

  /** Files that changed on disk. */
  filesChanged(files: Iterable<string>): void {
    this.#project.filesChanged(files);
    this.#forget();
  }

  /** The configuration of some file changed, so that models may be built otherwise. */
  configurationChanged(): void {
    this.#forget();
  }

  /** Names of the models of a file in its order; with arguments at hand also of those that need some. */
  modelNames(file: string, { hasArguments }: { readonly hasArguments: boolean }): readonly string[] {
    if (!hasArguments) return this.#candidates(file).map(({ entry }) => entry.name);
    const settings = { ...NO_SETTINGS, args: '' };
    const found = this.#findEntries(file, { named: () => settings, first: undefined });
    return found.map(({ entry }) => entry.name);
  }

  /** Problems of reading a file and running its top level. */
  fileProblems(file: string): readonly Problem[] {
    const directives = this.#candidates(file).flatMap(({ settings }) => settings.problems);
    return [...this.#module(file).problems, ...directives];
  }

  /** The models of a file; each has its report if its code speaks for a place that no earlier one speaks for. */
  hintReports(file: string): readonly EntryAnalysis[] {
    const candidates = this.#candidates(file);
    const factories = new Set(candidates.flatMap(({ entry }) => (entry.kind === 'function' ? [entry.name] : [])));
    const explained = new Set<string>();
    return configuredFirst(candidates).map((candidate) => {
      const { entry, mentions, createsLayers } = candidate;
      const shared = [...mentions].filter((name) => !factories.has(name));
      const adds = createsLayers || shared.some((name) => !explained.has(name));
      const report = adds ? this.#report(file, candidate) : this.#reports.get(reportKey(file, candidate));
      // What it mentions was tried; what it instantiates is explained, however deep it stands.
      for (const name of [...shared, ...(report?.scopes ?? []).map(({ typeName }) => typeName)]) explained.add(name);
      return { entry, report };
    });
  }

  /** The report of one model of a file: of the first where no name is given; undefined where there is none. */
  report(file: string, entryName: string | undefined): Report | undefined {
    if (/\.onnx$/i.test(file)) return this.#onnxReport(file, undefined, this.devices);
    const candidates = this.#candidates(file);
    const candidate =
      entryName === undefined ? candidates[0] : candidates.find(({ entry }) => entry.name === entryName);
    return candidate === undefined ? undefined : this.#report(file, candidate);
  }

  /** Asks something of this analyzer, and tells which Python files and which places of modules the answer rests on. */
  withTrail<T>(ask: () => T): { readonly value: T; readonly trail: FileTrail } {
    const { value, trail } = this.#project.withTrail(ask);
    return { value, trail: this.#project.filesOf(trail) };
  }

  /** What the command line asks: a target as a person typed it. */
  analyze(request: AnalyzeRequest): AnalyzeResult {
    const target = parseTarget(request.target);
    if (target === undefined) {
      return failed(
        'unknown-target',
        `"${request.target}" is none of file.py, file.py:Name, package.module:name and file.onnx`,
      );
    }
    const devices = this.#devices(request.deviceIds);
    if (target.kind === 'module') return this.#analyzeModule(target.module, target.name, request, devices);
    const file = this.#host.absolutePath(target.file);
    const reason = this.#project.isOpen(file) ? undefined : this.#host.unreadable(file);
    if (reason !== undefined) return failed('unreadable-file', reason, file);
    if (target.kind === 'onnx') return { kind: 'report', report: this.#onnxReport(file, request.inputs, devices) };
    return this.#analyzePython(file, target.name, request, devices);
  }

  #analyzeModule(name: string, target: string, request: AnalyzeRequest, devices: readonly Device[]): AnalyzeResult {
    const module = this.#project.moduleByName(name);
    if (module instanceof PyUnknown) return failed('module-not-found', `${name}: ${module.reason}`);
    if (module.file === undefined) return failed('module-not-found', `${name} has no file to read`);
    const configuration = this.#host.configurationFor?.(this.#host.absolutePath('.'));
    const configured = configuredModule(configuration, name, target);
    const direct = this.#analyzeDefinition(module, target, request, devices, configured);
    return direct ?? this.#analyzePython(module.file, target, request, devices, configured);
  }

  /**
   * A model that a package only passes on is read where it is defined: the package and all its other models need not
   * run. Undefined where its code may rest on what they would have registered, or does not go through alone.
   */
  #analyzeDefinition(
    module: PyModule,
    name: string,
    request: AnalyzeRequest,
    devices: readonly Device[],
    configured: EntrySettings | undefined,
  ): AnalyzeResult | undefined {
    const file = this.#project.definingModule(module, name)?.file;
    if (file === undefined || file === module.file) return undefined;
    const candidate = this.#candidates(file).find(({ entry }) => entry.name === name);
    const isOfThisFile = candidate?.entry.kind === 'class' || hasOwnForward(candidate?.modelClass);
    if (!isOfThisFile) return undefined;
    const result = this.#analyzePython(file, name, request, devices, configured);
    const isWhole = result.kind === 'report' && result.report.problems.every(({ severity }) => severity !== 'error');
    return isWhole ? result : undefined;
  }

  #analyzePython(
    file: string,
    name: string | undefined,
    request: AnalyzeRequest,
    devices: readonly Device[],
    ofModule?: EntrySettings,
  ): AnalyzeResult {
    const isAlone = request.ignoresConfiguration === true;
    const configuration = isAlone ? NOTHING_CONFIGURED : this.#configured(file);
    const hasOwnArguments = name !== undefined && request.args !== undefined;
    const known = (): readonly EntryCandidate[] =>
      isAlone ? this.#findEntries(file, configuration) : this.#candidates(file);
    const candidates = hasOwnArguments ? [] : known();
    const found = name === undefined ? candidates[0] : candidates.find(({ entry }) => entry.name === name);
    if (found === undefined && name === undefined) {
      const { problems } = this.#module(file);
      return { kind: 'problem', problems: [...problems, ...failed('no-model', noModelText(file), file).problems] };
    }
    const target = name ?? found?.target ?? '';
    if (found === undefined && !this.#mayHave(file, target)) {
      const { problems } = this.#module(file);
      return {
        kind: 'problem',
        problems: [...problems, ...failed('no-such-name', noNameText(file, target), file).problems],
      };
    }
    const candidate: EntryCandidate = found ?? {
      entry: { name: target, kind: 'function', file, range: undefined },
      target,
      settings: mergeSettings(configuration.named(target), settingsOfName(this.#module(file).syntax, target)),
      mentions: new Set(),
      modelClass: undefined,
      createsLayers: true,
    };
    const given = withSettings(candidate, requested(ofModule ?? candidate.settings, request));
    const traced = this.#trace(file, given, devices);
    const { entry } = given;
    const isBuilt = candidate.target !== entry.name;
    const report = isBuilt ? renamed(traced, entry, `${entry.name} as ${candidate.target} builds it`) : traced;
    const moduleProblems = this.#module(file).problems;
    return { kind: 'report', report: copyWith(report, { problems: [...moduleProblems, ...report.problems] }) };
  }

  /** False where a file was read without any problem and defines no such name; of "Outer.Inner" the first part counts. */
  #mayHave(file: string, target: string): boolean {
    const { module, problems } = this.#module(file);
    const isCertain = problems.length === 0 && !module.names.has('__getattr__');
    if (!isCertain) return true;
    // What is imported is bound when it is first asked for.
    const [first = ''] = target.split('.');
    return this.#project.run({ file }, (executor) => executor.lookupAttribute(module, first)).value !== undefined;
  }

  #report(file: string, candidate: EntryCandidate): Report {
    const key = reportKey(file, candidate);
    let report = this.#reports.get(key);
    if (report === undefined) {
      // A class that a factory builds shares the factory's report, but for its name.
      const { target, entry } = candidate;
      const built =
        target === entry.name ? undefined : this.#candidates(file).find((each) => each.entry.name === target);
      report =
        built === undefined
          ? this.#trace(file, candidate, this.devices)
          : renamed(this.#report(file, built), entry, `${entry.name} as ${target} builds it`);
      this.#reports.set(key, report);
    }
    return report;
  }

  #trace(file: string, candidate: EntryCandidate, devices: readonly Device[]): Report {
    const { target, settings, entry } = candidate;
    const result = trace({
      project: this.#project,
      file,
      target,
      args: settings.args === undefined ? [] : splitArguments(settings.args),
      inputs: settings.inputs,
      shouldStop: this.#host.startDeadline(),
    });
    const named: Entry = {
      ...entry,
      kind: result.model?.kind ?? entry.kind,
      range: entry.range ?? result.model?.definition,
    };
    const { assumptions } = result;
    if (result.graph === undefined) return emptyReport(named, result.problems, assumptions);
    return buildReport(
      {
        entry: named,
        graph: result.graph,
        callSites: result.callSites,
        assumptions,
        problems: result.problems,
        unknownReasons: new Map(result.unknowns.map(({ name, reason }) => [name, reason])),
      },
      devices,
    );
  }

  #onnxReport(file: string, inputs: readonly InputSpec[] | undefined, devices: readonly Device[]): Report {
    const given = requested(this.#configured(file).first ?? NO_SETTINGS, { inputs, args: undefined });
    const name = file.slice(file.lastIndexOf('/') + 1);
    const entry: Entry = { name, kind: 'onnx', file, range: undefined, configured: given.configured };
    let source: (ByteSource & { close?(): void }) | undefined;
    try {
      source = this.#host.openBytes(file);
      const result = analyzeOnnx(source, {
        file,
        ...(given.inputs === undefined ? {} : { inputShapes: given.inputs }),
      });
      const assumptions = result.assumptions.map((assumption): Assumption => ({ ...assumption, range: undefined }));
      if (result.graph === undefined) return emptyReport(entry, result.problems, assumptions);
      const { graph, problems, unknownReasons } = result;
      return buildReport({ entry, graph, callSites: [], assumptions, problems, unknownReasons }, devices);
    } catch (error) {
      const message = `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`;
      return emptyReport(entry, failed('unreadable-file', message, file).problems, []);
    } finally {
      source?.close?.();
    }
  }

  #candidates(file: string): readonly EntryCandidate[] {
    let known = this.#entries.get(file);
    if (known === undefined) {
      const { value, trail } = this.#project.withTrail(() => this.#findEntries(file, this.#configured(file)));
      known = { candidates: value, trail };
      this.#entries.set(file, known);
    } else this.#project.followTrail(known.trail);
    return known.candidates;
  }

  #findEntries(file: string, configured: ConfiguredEntries): readonly EntryCandidate[] {
    const state = this.#module(file);
    return this.#project.run({ file }, (executor) => findEntries(executor, state, configured)).value ?? [];
  }

  #configured(file: string): ConfiguredEntries {
    const { configurationFor } = this.#host;
    return configurationFor === undefined ? NOTHING_CONFIGURED : configuredEntries(configurationFor(file), file);
  }

  #module(file: string): ModuleState {
    return this.#project.module(file, { shouldStop: this.#host.startDeadline() });
  }

  #devices(ids: readonly string[] | undefined): readonly Device[] {
    return ids === undefined ? this.devices : this.devices.filter(({ id }) => ids.includes(id));
  }

  #forget(): void {
    this.#reports = new Map();
    this.#entries = new Map();
  }
}

/** Models that an entry of the configuration names explain a file's lines before others do. */
function configuredFirst(candidates: readonly EntryCandidate[]): readonly EntryCandidate[] {
  const isNamed = ({ settings: { configured } }: EntryCandidate): boolean => configured?.isExact === true;
  return [...candidates.filter(isNamed), ...candidates.filter((candidate) => !isNamed(candidate))];
}

/** What a request says goes before what the configuration or the file says. */
function requested(settings: EntrySettings, request: Pick<AnalyzeRequest, 'inputs' | 'args'>): EntrySettings {
  const { configured } = settings;
  return {
    inputs: request.inputs ?? settings.inputs,
    args: request.args ?? settings.args,
    problems: settings.problems,
    configured: configured && {
      ...configured,
      hasInput: configured.hasInput && request.inputs === undefined,
      hasArguments: configured.hasArguments && request.args === undefined,
    },
  };
}

function renamed(report: Report, entry: Entry, message: string): Report {
  const assumptions: readonly Assumption[] = [{ kind: 'argument', message, range: entry.range }, ...report.assumptions];
  return copyWith(report, { entry, assumptions });
}

function reportKey(file: string, { entry }: EntryCandidate): string {
  return `${file}:${entry.name}`;
}

function noModelText(file: string): string {
  return (
    `no model was found in ${file}: neither a torch.nn.Module with a forward nor a function that returns one, ` +
    'with defaults for every argument; name one as file.py:Name and give --args'
  );
}

function noNameText(file: string, name: string): string {
  return `there is no "${name}" in ${file}`;
}

function failed(code: string, message: string, file?: string): Extract<AnalyzeResult, { kind: 'problem' }> {
  return {
    kind: 'problem',
    problems: [
      { code, severity: 'error', message, location: { kind: 'whole', ...(file === undefined ? {} : { file }) } },
    ],
  };
}

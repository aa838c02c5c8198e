/**
 * The models of open documents against a base revision: a line beside the lens of each model that changed, and the page
 * behind it. Compared after the pause that diagnostics wait for; git and the base's models are read in a worker.
 */
import path from 'node:path';
import type { Analyzer } from '../analysis/analyzer.ts';
import type { Report } from '../analysis/report.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { entriesForFile } from '../configuration/entryMatcher.ts';
import { changesPage } from '../features/changesPage.ts';
import { compareTitle, isComparable, type Doubts } from '../features/compareLens.ts';
import type { EntryReport } from '../features/entryReport.ts';
import type { EntryState } from '../gate/diffReport.ts';
import { gapProblems } from '../gate/gaps.ts';
import { compareModels, type ModelComparison } from '../gate/compareModels.ts';
import { placedProblem } from '../gate/modelDigest.ts';
import { createPlacer, type Placer } from '../gate/place.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import { snapshotOf } from '../gate/snapshotOf.ts';
import type { BaseAnswer, BaseModel, BaseReader } from '../node/baseModels.ts';
import { watchRepository } from '../node/git/watchRepository.ts';
import { nextTurn } from './nextTurn.ts';
import type { ChangesAnswer } from './protocol.ts';
import type { Settings } from './settings.ts';

/** What comparing needs of the server. */
export interface CompareHost {
  readonly reader: BaseReader;
  /** Asks the analyzer in the turn of a file's document. */
  readonly ask: <T>(file: string, body: (analyzer: Analyzer) => T) => Promise<T | undefined>;
  readonly settings: () => Pick<Settings, 'comparesModels' | 'compareBase' | 'deviceId'>;
  readonly configurationFor: (file: string) => Configuration | undefined;
  readonly workspaceFolders: () => readonly string[];
  readonly searchPaths: () => readonly string[];
  /** Of open documents, else of the disk. */
  readonly readText: (file: string) => string | undefined;
  /** Undefined where the file is not open. */
  readonly versionOf: (file: string) => number | undefined;
  /** The lines of a file are others now. */
  readonly linesChanged: () => void;
  /** The base of a file is another one now. */
  readonly baseChanged: (file: string) => void;
  readonly logFailure: (error: unknown) => void;
}

export interface Compare {
  /** Compares what is shown of a file's newest text. */
  readonly update: (file: string) => Promise<void>;
  /** The same soon, for several reasons at once. */
  readonly updateSoon: (file: string) => void;
  /** Lines of models, by their names. */
  readonly titles: (file: string) => ReadonlyMap<string, string>;
  readonly page: (file: string, modelName: string) => Promise<ChangesAnswer>;
  /** The model in the base, where that is known by now. */
  readonly baselineOf: (file: string, modelName: string) => ModelSnapshot | undefined;
  readonly close: (file: string) => void;
}

type Base = Extract<BaseAnswer, { readonly kind: 'base' }>;

/** A base with every state at hand. */
interface KnownBase extends Omit<Base, 'models'> {
  readonly models: ReadonlyMap<string, { readonly key: string; readonly state: EntryState | undefined }>;
}

interface FileState {
  readonly base: KnownBase;
  readonly titles: ReadonlyMap<string, string>;
}

const SOON_MS = 300;
/** Of one file. */
const MOST_MODELS = 100;

export function createCompare(host: CompareHost): Compare {
  const states = new Map<string, FileState>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const watched = new Map<string, () => void>();

  async function ask(
    file: string,
    entries: readonly EntryReport[],
    firstName: string | undefined,
  ): Promise<KnownBase | Extract<BaseAnswer, { readonly kind: 'none' }>> {
    const configuration = host.configurationFor(file);
    const known = states.get(file)?.base.models;
    const answer = await host.reader.read({
      base: host.settings().compareBase,
      file,
      models: baseModels(configuration, file, entries, firstName).map((model) => ({
        ...model,
        knownKey: known?.get(model.name)?.key,
      })),
      configurationFile: configuration?.file,
      workspaceFolders: host.workspaceFolders(),
      searchPaths: host.searchPaths(),
    });
    if (answer.kind === 'none') return answer;
    const models = answer.models.map(({ name, key, state }) => {
      return [name, { key, state: state ?? known?.get(name)?.state }] as const;
    });
    return { ...answer, models: new Map(models) };
  }

  async function update(file: string): Promise<void> {
    const version = host.versionOf(file);
    if (version === undefined) return;
    const made = host.settings().comparesModels && path.isAbsolute(file) ? await newState(file, version) : undefined;
    if (made === 'stale') return;
    const known = states.get(file);
    if (made === undefined) states.delete(file);
    else states.set(file, made);
    if (linesText(known) !== linesText(made)) host.linesChanged();
    if (known?.base.commitId !== made?.base.commitId) host.baseChanged(file);
  }

  /** Undefined where there is nothing to compare with; stale where the text is another one by now. */
  async function newState(file: string, version: number): Promise<FileState | 'stale' | undefined> {
    const shown = await host.ask(file, (analyzer) => ({
      entries: shownEntries(analyzer, file),
      firstName: firstNameOf(analyzer, file),
    }));
    if (shown === undefined || shown.entries.length === 0) return undefined;
    const base = await ask(file, shown.entries, shown.firstName);
    if (host.versionOf(file) !== version) return 'stale';
    if (base.kind === 'none') return undefined;
    watch(base.root);
    const { deviceId } = host.settings();
    const placer = placerOf(base.root);
    const titles = new Map<string, string>();
    // Those that were analysed for hints or a lens: none is analysed for this alone.
    const present = await host.ask(file, (analyzer) => shownEntries(analyzer, file));
    for (const { entry, report } of present ?? []) {
      await nextTurn();
      if (host.versionOf(file) !== version) return 'stale';
      const compared = report === undefined ? undefined : compareReport(base, entry.name, report, placer);
      if (compared === undefined || !isComparable(compared.doubts)) continue;
      const title = compareTitle(compared.comparison, deviceId, base.base);
      if (title !== undefined) titles.set(entry.name, title);
    }
    return { base, titles };
  }

  function watch(root: string): void {
    if (watched.has(root)) return;
    const end = watchRepository(root, () => {
      for (const [file, { base }] of states) if (base.root === root) updateSoon(file);
    });
    watched.set(root, end);
  }

  function updateSoon(file: string): void {
    clearTimeout(timers.get(file));
    const timer = setTimeout(() => {
      timers.delete(file);
      update(file).catch(host.logFailure);
    }, SOON_MS);
    timers.set(file, timer);
  }

  function placerOf(root: string): Placer {
    return createPlacer({ root, packageFolders: [], readText: host.readText });
  }

  return {
    update,
    updateSoon,
    titles: (file) => states.get(file)?.titles ?? new Map<string, string>(),
    baselineOf(file, modelName) {
      const state = states.get(file)?.base.models.get(modelName)?.state;
      return state?.kind === 'model' ? state.digest.snapshot : undefined;
    },
    close(file) {
      clearTimeout(timers.get(file));
      timers.delete(file);
      states.delete(file);
    },
    async page(file, modelName) {
      const report = await host.ask(file, (analyzer) => analyzer.report(file, modelName));
      if (report === undefined) return problem(`no model ${modelName} was found in ${file}`);
      const firstName = await host.ask(file, (analyzer) => firstNameOf(analyzer, file));
      const base = await ask(file, [{ entry: report.entry, report }], firstName);
      if (base.kind === 'none') return problem(base.reason);
      const compared = compareReport(base, modelName, report, placerOf(base.root));
      if (compared === undefined) return problem(missingText(base, modelName));
      const { deviceId } = host.settings();
      const source = { ...compared, name: modelName, base: base.base, commitId: base.commitId, deviceId };
      return { kind: 'changes', page: changesPage(source) };
    },
  };
}

function firstNameOf(analyzer: Analyzer, file: string): string | undefined {
  return analyzer.modelNames(file, { hasArguments: false })[0];
}

function shownEntries(analyzer: Analyzer, file: string): readonly EntryReport[] {
  return analyzer
    .hintReports(file)
    .filter(({ entry }) => entry.range?.file === file)
    .slice(0, MOST_MODELS);
}

function baseModels(
  configuration: Configuration | undefined,
  file: string,
  entries: readonly EntryReport[],
  firstName: string | undefined,
): readonly Omit<BaseModel, 'knownKey'>[] {
  const own = configuration === undefined ? undefined : entriesForFile(configuration, file);
  return entries.map(({ entry: { name } }) => {
    const isFirst = name === firstName;
    const found = (own?.named(name) ?? (isFirst ? own?.first : undefined))?.entry;
    const entry = found && { name: found.name, inputs: found.inputs, args: found.args };
    return { name, isFirst, entry };
  });
}

/** Undefined where one of the two versions has no such model, or nothing of it was understood. */
function compareReport(
  base: KnownBase,
  modelName: string,
  report: Report,
  placer: Placer,
): { readonly comparison: ModelComparison; readonly doubts: Doubts } | undefined {
  const state = base.models.get(modelName)?.state;
  if (state?.kind !== 'model' || report.coverage.totalNodes === 0) return undefined;
  const { snapshot, problems } = state.digest;
  const after = snapshotOf(report, snapshot, (range) => placer.placeOf(range));
  const placed = report.problems.map((each) => placedProblem(each, placer));
  return {
    comparison: compareModels(snapshot, after),
    doubts: { before: gapProblems(problems), after: gapProblems(placed) },
  };
}

function missingText({ models, base }: KnownBase, modelName: string): string {
  const state = models.get(modelName)?.state;
  if (state?.kind === 'absent') return `${modelName} is not in ${base}: ${state.message}`;
  const reasons = state?.kind === 'unreadable' ? state.problems.map(({ message }) => message).join('; ') : '';
  return `${modelName} cannot be compared with ${base}${reasons === '' ? '' : `: ${reasons}`}`;
}

function linesText(state: FileState | undefined): string {
  return JSON.stringify([...(state?.titles ?? [])]);
}

function problem(message: string): ChangesAnswer {
  return { kind: 'problem', message };
}

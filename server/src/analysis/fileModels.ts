/**
 * The models of Python files with what is said of them: fileModels.candidates("net.py") -> Net, make_net, each with the
 * settings of the configuration and of its comment. Found once, until some text or configuration is another one.
 */
import type { ModuleTrail } from '../evaluation/moduleTrails.ts';
import type { ModuleState, PythonProject } from '../evaluation/project.ts';
import type { AnalyzerHost } from './analyzerHost.ts';
import { configuredEntries, NOTHING_CONFIGURED, type ConfiguredEntries } from './configuredEntries.ts';
import { findEntries, type EntryCandidate } from './entries.ts';

export class FileModels {
  readonly project: PythonProject;
  readonly #host: Pick<AnalyzerHost, 'configurationFor' | 'startDeadline'>;
  /** Any edit drops them, as any file may rest on any other. */
  #known = new Map<string, { readonly candidates: readonly EntryCandidate[]; readonly trail: ModuleTrail }>();

  constructor(project: PythonProject, host: Pick<AnalyzerHost, 'configurationFor' | 'startDeadline'>) {
    this.project = project;
    this.#host = host;
  }

  candidates(file: string): readonly EntryCandidate[] {
    let known = this.#known.get(file);
    if (known === undefined) {
      const { value, trail } = this.project.withTrail(() => this.find(file, this.configured(file)));
      known = { candidates: value, trail };
      this.#known.set(file, known);
    } else this.project.followTrail(known.trail);
    return known.candidates;
  }

  /** Whether the models of a file were found before in the present texts. */
  isKnown(file: string): boolean {
    return this.#known.has(file);
  }

  /** The models of a file are to be found anew: what was found was cut off. */
  forgetFile(file: string): void {
    this.#known.delete(file);
  }

  /** The models with other settings than the configuration's. */
  find(file: string, configured: ConfiguredEntries): readonly EntryCandidate[] {
    const state = this.module(file);
    return this.project.run({ file }, (executor) => findEntries(executor, state, configured)).value ?? [];
  }

  configured(file: string): ConfiguredEntries {
    const { configurationFor } = this.#host;
    return configurationFor === undefined ? NOTHING_CONFIGURED : configuredEntries(configurationFor(file), file);
  }

  /** The file's module, its top level run. */
  module(file: string): ModuleState {
    return this.project.module(file, { shouldStop: this.#host.startDeadline() });
  }

  forget(): void {
    this.#known = new Map();
  }
}

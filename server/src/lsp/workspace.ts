/**
 * The opened folders: the settings that hold there, and the one analyzer for them. It is made when somebody first asks,
 * and anew when the folders to resolve imports from are others, with the texts of what is open.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analyzer } from '../analysis/analyzer.ts';
import { configuredSearchPaths } from '../node/configurationStore.ts';
import { isConfigurationFile } from '../node/findConfiguration.ts';
import { holdsCellsOnly, type OpenDocuments } from './openDocuments.ts';
import type { ServerHost } from './serverHost.ts';
import { parseSettings, type Settings } from './settings.ts';

export interface Workspace {
  readonly folders: () => readonly string[];
  readonly settings: () => Settings;
  readonly analyzer: () => Promise<Analyzer>;
  /** Folders to resolve imports from: the settings' own before those of the opened folders' configurations. */
  readonly searchPaths: () => readonly string[];
  /** The first one of the opened folders. */
  readonly configurationFile: () => string | undefined;
  readonly open: (folders: readonly string[], settings: Settings) => void;
  /** False where they are what they were. */
  readonly changeSettings: (settings: Settings) => boolean;
  /** The text of a document, undefined where it is closed. */
  readonly takeText: (document: TextDocument, text: string | undefined) => void;
  /** Files that changed on disk and are not open. */
  readonly filesChanged: (files: readonly string[]) => void;
}

export function createWorkspace(
  host: Pick<ServerHost, 'createAnalyzer' | 'configurations' | 'pathOfUri'>,
  documents: Pick<OpenDocuments, 'all'>,
): Workspace {
  let settings: Settings = parseSettings(undefined);
  let folders: readonly string[] = [];
  let analyzer: Promise<Analyzer> | undefined;
  /** Those that the present analyzer was made with. */
  let madeWith = '';

  const current = (): Promise<Analyzer> => (analyzer ??= makeAnalyzer());

  async function makeAnalyzer(): Promise<Analyzer> {
    const paths = searchPaths();
    madeWith = paths.join('\n');
    const made = await host.createAnalyzer(folders, paths);
    for (const document of documents.all()) {
      const file = host.pathOfUri(document.uri);
      if (!isConfigurationFile(file) && !holdsCellsOnly(document)) made.setText(file, document.getText());
    }
    return made;
  }

  function searchPaths(): readonly string[] {
    const configured = folders.flatMap((folder) =>
      configuredSearchPaths(host.configurations.foundFor(folder)?.configuration),
    );
    return [...settings.searchPaths, ...configured];
  }

  /** Models may be built otherwise from now on. */
  function configurationChanged(): void {
    if (analyzer === undefined) return;
    if (searchPaths().join('\n') !== madeWith) analyzer = undefined;
    else void analyzer.then((ready) => ready.configurationChanged());
  }

  return {
    folders: () => folders,
    settings: () => settings,
    analyzer: current,
    searchPaths,
    configurationFile: () =>
      folders.flatMap((folder) => host.configurations.foundFor(folder)?.configuration?.file ?? [])[0],
    open(opened, initial) {
      folders = opened;
      settings = initial;
    },
    changeSettings(changed) {
      const before = settings;
      settings = changed;
      if (JSON.stringify(before) === JSON.stringify(changed)) return false;
      if (before.searchPaths.join('\n') !== changed.searchPaths.join('\n')) analyzer = undefined;
      return true;
    },
    takeText(document, text) {
      const file = host.pathOfUri(document.uri);
      if (isConfigurationFile(file)) {
        host.configurations.setText(file, text);
        configurationChanged();
      } else if (!holdsCellsOnly(document)) {
        void current().then((ready) => {
          ready.setText(file, text);
        });
      }
    },
    filesChanged(files) {
      const sources = files.filter((file) => !isConfigurationFile(file));
      if (sources.length > 0) void analyzer?.then((ready) => ready.filesChanged(sources));
      if (sources.length === files.length) return;
      host.configurations.forget();
      configurationChanged();
    },
  };
}

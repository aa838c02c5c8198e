/** Events of a workspace in; how often its analyzer was made, with which search paths, and what it was told out. */
import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analyzer } from '../../server/src/analysis/analyzer.ts';
import { parseSettings, type Settings } from '../../server/src/lsp/settings.ts';
import { createWorkspace, type Workspace } from '../../server/src/lsp/workspace.ts';
import { createConfigurationStore } from '../../server/src/node/configurationStore.ts';

const CONFIGURATION = '/work-that-is-not/layercost.json';
const NET = '/work-that-is-not/net.py';

function document(file: string, text: string): TextDocument {
  return TextDocument.create(file, file.endsWith('.py') ? 'python' : 'json', 1, text);
}

function withPaths(...searchPaths: readonly string[]): Settings {
  return parseSettings({ python: { searchPaths } });
}

async function told(events: (workspace: Workspace) => Promise<void>): Promise<readonly string[]> {
  const log: string[] = [];
  const open = [document(NET, 'x = 1'), document('/work-that-is-not/cells.json', '[]'), document(CONFIGURATION, '{}')];
  const workspace = createWorkspace(
    {
      createAnalyzer(folders, searchPaths) {
        log.push(`made for ${folders.join(' ')} with ${searchPaths.join(' ')}`);
        const analyzer: Pick<Analyzer, 'setText' | 'filesChanged' | 'configurationChanged'> = {
          setText: (file, text) => log.push(`text of ${file}: ${text ?? 'closed'}`),
          filesChanged: (files) => log.push(`changed ${[...files].join(' ')}`),
          configurationChanged: () => log.push('configuration changed'),
        };
        return Promise.resolve(analyzer as Analyzer);
      },
      configurations: createConfigurationStore([]),
      pathOfUri: (uri) => uri,
    },
    { all: () => open },
  );
  workspace.open(['/work-that-is-not'], withPaths('/a'));
  await events(workspace);
  await workspace.analyzer();
  return log;
}

const MADE = ['made for /work-that-is-not with /a', `text of ${NET}: x = 1`];

it('makes the analyzer once, when somebody asks, with the texts of what is open', async () => {
  const log = await told(async ({ analyzer }) => {
    await Promise.all([analyzer(), analyzer()]);
  });
  expect(log).toEqual(MADE);
});

it('makes it anew only where search paths changed', async () => {
  const log = await told(async ({ analyzer, changeSettings }) => {
    await analyzer();
    expect(changeSettings(withPaths('/a'))).toBe(false);
    expect(changeSettings({ ...withPaths('/a'), deviceId: 't4' })).toBe(true);
    await analyzer();
    expect(changeSettings(withPaths('/b'))).toBe(true);
  });
  expect(log).toEqual([...MADE, 'made for /work-that-is-not with /b', MADE[1]]);
});

it('takes search paths of a configuration that is edited, and tells of other changes', async () => {
  const log = await told(async ({ analyzer, takeText }) => {
    await analyzer();
    takeText(document(CONFIGURATION, ''), '{ "entries": [] }');
    await analyzer();
    takeText(document(CONFIGURATION, ''), '{ "searchPaths": ["lib"] }');
  });
  const anew = ['made for /work-that-is-not with /a /work-that-is-not/lib', MADE[1]];
  expect(log).toEqual([...MADE, 'configuration changed', ...anew]);
});

it('passes on edits and changed files, and leaves out what holds no models', async () => {
  const log = await told(async ({ analyzer, takeText, filesChanged }) => {
    filesChanged(['/early.py']);
    await analyzer();
    takeText(document(NET, ''), 'x = 2');
    takeText(document('/work-that-is-not/cells.json', ''), '[1]');
    takeText(document(NET, ''), undefined);
    filesChanged(['/other.py', CONFIGURATION]);
    await analyzer();
  });
  const events = [`text of ${NET}: x = 2`, `text of ${NET}: closed`, 'changed /other.py', 'configuration changed'];
  expect(log).toEqual([...MADE, ...events]);
});

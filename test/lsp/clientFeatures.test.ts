/** What a client says that it can do in, what the server goes by out. */
import { expect, it } from 'vitest';
import type { ClientCapabilities } from 'vscode-languageserver';
import { clientFeatures } from '../../server/src/lsp/clientFeatures.ts';

const CASES: readonly (readonly [capabilities: ClientCapabilities, features: string])[] = [
  [{}, ''],
  [{ workspace: {}, textDocument: {} }, ''],
  [{ workspace: { configuration: true } }, 'canConfigure'],
  [{ workspace: { didChangeConfiguration: { dynamicRegistration: true } } }, 'canWatchConfiguration'],
  [{ workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } }, 'canWatchFiles'],
  [
    { workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } },
    'canRefresh canRefreshLenses',
  ],
  [{ textDocument: { publishDiagnostics: { relatedInformation: true } } }, 'canRelate'],
  // Files are made by versioned edits alone.
  [{ workspace: { workspaceEdit: { resourceOperations: ['create'] } } }, ''],
  [{ workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['rename'] } } }, 'canVersionEdits'],
  [
    { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } } },
    'canVersionEdits canCreateFiles',
  ],
];

it.each(CASES)('%j: %s', (capabilities, features) => {
  const found = Object.entries(clientFeatures(capabilities)).filter(([, can]) => can);
  expect(found.map(([name]) => name).join(' ')).toBe(features);
});

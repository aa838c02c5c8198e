/**
 * What the client said that it can do, as far as the server goes by it; what it did not say, it cannot.
 * { workspace: { configuration: true } } -> canConfigure, and nothing else.
 */
import type { ClientCapabilities } from 'vscode-languageserver';

export interface ClientFeatures {
  /** It is asked for settings, instead of sending them once. */
  readonly canConfigure: boolean;
  /** It tells when settings change, and when files do. */
  readonly canWatchConfiguration: boolean;
  readonly canWatchFiles: boolean;
  /** It asks again for hints, or for lenses, when it is told to. */
  readonly canRefresh: boolean;
  readonly canRefreshLenses: boolean;
  /** It shows the places that a diagnostic is related to. */
  readonly canRelate: boolean;
  /** Its edits can name versions of documents, and create files. */
  readonly canVersionEdits: boolean;
  readonly canCreateFiles: boolean;
}

export function clientFeatures({ workspace, textDocument }: ClientCapabilities): ClientFeatures {
  const edits = workspace?.workspaceEdit;
  const canVersionEdits = edits?.documentChanges === true;
  return {
    canConfigure: workspace?.configuration === true,
    canWatchConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    canWatchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    canRefresh: workspace?.inlayHint?.refreshSupport === true,
    canRefreshLenses: workspace?.codeLens?.refreshSupport === true,
    canRelate: textDocument?.publishDiagnostics?.relatedInformation === true,
    canVersionEdits,
    canCreateFiles: canVersionEdits && edits.resourceOperations?.includes('create') === true,
  };
}

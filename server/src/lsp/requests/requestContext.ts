/**
 * What the server hands to every request: the machine, what is open, and what is known of it.
 */
import type { Cells } from '../cells.ts';
import type { ClientFeatures } from '../clientFeatures.ts';
import type { Compare } from '../compare.ts';
import type { OpenDocuments } from '../openDocuments.ts';
import type { Publisher } from '../publisher.ts';
import type { ShownModels } from '../shownModels.ts';
import type { ServerHost } from '../serverHost.ts';
import type { Workspace } from '../workspace.ts';

export interface RequestContext {
  readonly host: ServerHost;
  readonly documents: OpenDocuments;
  readonly workspace: Workspace;
  readonly models: Pick<ShownModels, 'ask'>;
  readonly cells: Cells;
  readonly compare: Compare;
  readonly publisher: Pick<Publisher, 'checkedModels'>;
  readonly client: () => ClientFeatures;
}

/**
 * A cell expanded to the network that its benchmark trains, as a ModelGraph with exact parameters and work.
 */
import { assertNever } from '../../../base/assert.ts';
import type { ModelGraph } from '../../../graph/modelGraph.ts';
import { EDGES_201 } from '../nasBench201.ts';
import type { NasCell } from '../nasCell.ts';
import type { Dataset } from './datasets.ts';
import { network101 } from './network101.ts';
import { edgeName201, network201 } from './network201.ts';
import { isReductionDarts, networkDarts } from './networkDarts.ts';

export function expandCell(cell: NasCell, dataset: Dataset): ModelGraph {
  switch (cell.kind) {
    case 'nas-bench-201':
      return network201(cell, dataset);
    case 'nas-bench-101':
      return network101(cell, dataset);
    case 'darts':
      return networkDarts(cell, dataset);
    default:
      return assertNever(cell);
  }
}

/**
 * Which operation of the cell a module (or a parameter's name) of the expanded network stands for: its place in the cell
 * as it was read, undefined for stem, reductions, projections and sums.
 */
export function placeOfScope(cell: NasCell, scope: string): number | undefined {
  switch (cell.kind) {
    case 'nas-bench-201': {
      const name = /^cells\.\d+\.(edges\.\d<-\d)(\.|$)/.exec(scope)?.[1];
      const place = EDGES_201.findIndex((_, index) => edgeName201(index) === name);
      return place < 0 ? undefined : place;
    }
    case 'nas-bench-101': {
      const vertex = /^stack\d+\.module\d+\.vertex(\d+)(\.|$)/.exec(scope)?.[1];
      return vertex === undefined ? undefined : Number(vertex) - 1;
    }
    case 'darts': {
      const [, layer, index] = /^cells\.(\d+)\._ops\.(\d+)(\.|$)/.exec(scope) ?? [];
      if (layer === undefined || index === undefined) return undefined;
      return Number(index) + (isReductionDarts(Number(layer)) ? cell.normal.edges.length : 0);
    }
    default:
      return assertNever(cell);
  }
}

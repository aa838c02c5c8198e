/**
 * The one extractor of a cell's features, for training (`layercost export --features`) and for inference alike:
 * readCell("|...|") -> kinds and edges of the cell's graph, the work of each node, totals of the network.
 */
import { assertNever } from '../base/assert.ts';
import { canonicalCell } from '../frontends/nasCell/canonicalCell.ts';
import { cellGraphs, fullCellGraphs, type CellEdge, type CellGraph } from '../frontends/nasCell/cellGraph.ts';
import type { NasCell } from '../frontends/nasCell/nasCell.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import { cellWork, NO_OPERATION, type OperationWork } from './cellWork.ts';
import type { GraphChoice } from './modelDescription.ts';
import { nodeNumber } from './vocabulary.ts';

/** One graph: nodes in topological order. */
export interface GraphFeatures {
  /** By node: its kind, an index of VOCABULARY. */
  readonly operations: readonly number[];
  readonly edges: readonly CellEdge[];
  /** By node: the work of its operation in all cells of the network; zeros for inputs, sums and the output. */
  readonly nodeWork: readonly OperationWork[];
}

export interface CellFeatures extends GraphFeatures {
  readonly space: NasCell['kind'];
  /** Number of nodes of each graph: one, or for DARTS the normal and the reduction cell, one after the other. */
  readonly parts: readonly number[];
  readonly network: OperationWork;
  /** Nothing left out: `none` and what leads nowhere, too. */
  readonly full: GraphFeatures;
  /** For NAS-Bench-201: see canonicalCell.ts. */
  readonly canonical: (GraphFeatures & { readonly form: string }) | undefined;
  readonly tree: GraphFeatures | undefined;
}

/** The one graph that a network reads; only NAS-Bench-201 has the last two. */
export function graphFeatures(cell: NasCell, choice: GraphChoice, dataset: Dataset): GraphFeatures {
  return joinGraphs(chosenGraphs(cell, choice), cellWork(cell, dataset).places);
}

function chosenGraphs(cell: NasCell, choice: GraphChoice): readonly CellGraph[] {
  switch (choice) {
    case 'kept':
      return cellGraphs(cell);
    case 'full':
      return fullCellGraphs(cell);
    case 'canonical':
      return cell.kind === 'nas-bench-201' ? [canonicalCell(cell).graph] : cellGraphs(cell);
    case 'tree':
      return cell.kind === 'nas-bench-201' ? [canonicalCell(cell).tree] : cellGraphs(cell);
    default:
      return assertNever(choice);
  }
}

export function cellFeatures(cell: NasCell, dataset: Dataset): CellFeatures {
  const work = cellWork(cell, dataset);
  const graphs = cellGraphs(cell);
  const features = (parts: readonly CellGraph[]): GraphFeatures => joinGraphs(parts, work.places);
  const canonical = cell.kind === 'nas-bench-201' ? canonicalCell(cell) : undefined;
  return {
    space: cell.kind,
    ...features(graphs),
    parts: graphs.map(({ nodes }) => nodes.length),
    network: work.network,
    full: features(fullCellGraphs(cell)),
    canonical: canonical && { form: canonical.form, ...features([canonical.graph]) },
    tree: canonical && features([canonical.tree]),
  };
}

function joinGraphs(graphs: readonly CellGraph[], places: readonly OperationWork[]): GraphFeatures {
  const operations: number[] = [];
  const edges: CellEdge[] = [];
  const nodeWork: OperationWork[] = [];
  for (const graph of graphs) {
    const offset = operations.length;
    operations.push(...graph.nodes.map(nodeNumber));
    edges.push(...graph.edges.map(([from, to]) => [from + offset, to + offset] as const));
    nodeWork.push(...graph.places.map((place) => (place === undefined ? undefined : places[place]) ?? NO_OPERATION));
  }
  return { operations, edges, nodeWork };
}

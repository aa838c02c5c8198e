/**
 * What a cell's operations cost over the whole network that it is built into: each place's sum over all cells, and the
 * network's totals. A conv3x3 of NAS-Bench-201 on CIFAR: 35,389,440 MACs over 15 cells, 242,400 parameters.
 */
import { assertNever, invariant } from '../base/assert.ts';
import type { ModelGraph } from '../graph/modelGraph.ts';
import type { Dim } from '../graph/dim.ts';
import { elementCount } from '../graph/tensorType.ts';
import type { CellOperation, NasBench201Cell, NasCell } from '../frontends/nasCell/nasCell.ts';
import { cellOperation } from '../frontends/nasCell/network/blocks.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import { expandCell, placeOfScope } from '../frontends/nasCell/network/expandCell.ts';
import { CELLS_PER_STAGE_201, network201, STEM_CHANNELS_201 } from '../frontends/nasCell/network/network201.ts';
import { NetworkBuilder } from '../frontends/nasCell/network/networkBuilder.ts';

/** Exact figures at batch 1 in float32. */
export interface OperationWork {
  readonly macs: number;
  readonly elementwiseOps: number;
  /** Read and written, weights among it. */
  readonly bytesMoved: number;
  readonly paramCount: number;
}

export interface CellWork {
  readonly network: OperationWork;
  /** By place of an operation in the cell as it was read. */
  readonly places: readonly OperationWork[];
}

export const NO_OPERATION: OperationWork = { macs: 0, elementwiseOps: 0, bytesMoved: 0, paramCount: 0 };

export function cellWork(cell: NasCell, dataset: Dataset): CellWork {
  switch (cell.kind) {
    case 'nas-bench-201':
      return work201(cell, dataset);
    case 'nas-bench-101':
      return expandedWork(cell, cell.operations.length, dataset);
    case 'darts':
      return expandedWork(cell, cell.normal.edges.length + cell.reduce.edges.length, dataset);
    default:
      return assertNever(cell);
  }
}

/** From the expanded network itself: what each place's modules do in all cells. */
export function expandedWork(cell: NasCell, placeCount: number, dataset: Dataset): CellWork {
  const graph = expandCell(cell, dataset);
  const places = Array.from({ length: placeCount }, () => NO_OPERATION);
  const add = (scope: string, work: OperationWork): void => {
    const place = placeOfScope(cell, scope);
    const sum = place === undefined ? undefined : places[place];
    if (place !== undefined && sum !== undefined) places[place] = addOperations(sum, work);
  };
  for (const node of graph.nodes) add(node.scope, nodeOperation(node.work));
  for (const { kind, name, shape } of graph.parameters) {
    if (kind === 'parameter') add(name, { ...NO_OPERATION, paramCount: known(elementCount(shape)) });
  }
  return { network: graphWork(graph), places };
}

/** The same sums as `expandedWork`, put together from single operations: what a cell is made of is known beforehand. */
function work201(cell: NasBench201Cell, dataset: Dataset): CellWork {
  const table = tableFor(dataset);
  const places = cell.operations.map((operation) => table.operation(operation));
  return { network: places.reduce(addOperations, table.rest), places };
}

interface Table {
  /** All but the cells' operations: also the sums in cells, of which every cell has three. */
  readonly rest: OperationWork;
  operation(operation: CellOperation): OperationWork;
}

const tables = new Map<Dataset, Table>();

function tableFor(dataset: Dataset): Table {
  let table = tables.get(dataset);
  if (table === undefined) {
    const operations = new Map<CellOperation, OperationWork>();
    const skips = Array.from({ length: 6 }, (): CellOperation => 'skip');
    table = {
      rest: graphWork(network201({ kind: 'nas-bench-201', operations: skips }, dataset)),
      operation(operation) {
        const work = operations.get(operation) ?? stagesWork(operation, dataset);
        operations.set(operation, work);
        return work;
      },
    };
    tables.set(dataset, table);
  }
  return table;
}

function stagesWork(operation: CellOperation, dataset: Dataset): OperationWork {
  return [1, 2, 4].reduce((total, scale) => {
    const net = new NetworkBuilder(operation);
    const size = dataset.imageSize / scale;
    const input = net.input([1, STEM_CHANNELS_201 * scale, size, size]);
    const single = graphWork(net.finish(input, cellOperation(net, 'operation', operation, input, 1)));
    return Array.from({ length: CELLS_PER_STAGE_201 }, () => single).reduce(addOperations, total);
  }, NO_OPERATION);
}

function graphWork(graph: ModelGraph): OperationWork {
  const work = graph.nodes.map((node) => nodeOperation(node.work)).reduce(addOperations, NO_OPERATION);
  const paramCount = graph.parameters.reduce(
    (sum, { kind, shape }) => (kind === 'parameter' ? sum + known(elementCount(shape)) : sum),
    0,
  );
  return { ...work, paramCount };
}

function nodeOperation(work: ModelGraph['nodes'][number]['work']): OperationWork {
  return {
    macs: known(work.macs),
    elementwiseOps: known(work.elementwiseOps),
    bytesMoved: known(work.bytesRead) + known(work.bytesWritten),
    paramCount: 0,
  };
}

function addOperations(left: OperationWork, right: OperationWork): OperationWork {
  return {
    macs: left.macs + right.macs,
    elementwiseOps: left.elementwiseOps + right.elementwiseOps,
    bytesMoved: left.bytesMoved + right.bytesMoved,
    paramCount: left.paramCount + right.paramCount,
  };
}

/** Networks of cells have no unknown sizes. */
function known(dim: Dim): number {
  invariant(typeof dim === 'number', 'sizes of these networks are numbers');
  return dim;
}

/**
 * A small model for tests of graphs, as a front end builds it: a stem, two blocks that are alike, a third that is
 * wider, and a head that shares the stem's bias. x -> stem -> block0 (with a short cut) -> block1 -> wide -> head.
 */
import { symbolDim } from '../../server/src/graph/dim.ts';
import { GraphBuilder } from '../../server/src/graph/graphBuilder.ts';
import type { Attributes, ModelGraph, ParameterId, ValueId } from '../../server/src/graph/modelGraph.ts';
import { tensorType, type Shape } from '../../server/src/graph/tensorType.ts';

const N = symbolDim('N');

export function sampleGraph(): ModelGraph {
  const builder = new GraphBuilder('sample');
  const parameter = (name: string, shape: Shape): ParameterId =>
    builder.addParameter({ name, kind: 'parameter', dtype: 'float32', shape, created: undefined });
  const bias = parameter('stem.bias', [8]);
  const weights = new Map(
    (['stem', 'block0.linear', 'block1.linear', 'wide.linear'] as const).map((path) => [
      path,
      parameter(`${path}.weight`, [path === 'wide.linear' ? 16 : 8, 8]),
    ]),
  );

  const scope = (path: string, typeName: string, parameters: readonly (ParameterId | undefined)[] = []): void => {
    const at = path.lastIndexOf('.');
    builder.declareScope({
      path,
      typeName,
      parent: path === '' ? undefined : at < 0 ? '' : path.slice(0, at),
      created: undefined,
      parameters: parameters.filter((id) => id !== undefined),
      isLeaf: parameters.length > 0,
    });
  };
  scope('', 'Sample');
  scope('stem', 'Linear', [weights.get('stem'), bias]);
  for (const block of ['block0', 'block1', 'wide'] as const) {
    scope(block, 'Block');
    scope(`${block}.linear`, 'Linear', [weights.get(`${block}.linear`)]);
  }
  scope('unused', 'Identity');

  const node = (
    path: string,
    op: string,
    inputs: readonly (ValueId | undefined)[],
    width: number,
    macs = 0,
    attributes: Attributes = {},
  ): ValueId => {
    const [output] = builder.addNode({
      op,
      originalOp: `torch.${op}`,
      attributes,
      inputs,
      outputTypes: [tensorType('float32', [N, width])],
      work: { macs, elementwiseOps: op === 'linear' ? 0 : width, bytesRead: 64, bytesWritten: 32 },
      isView: false,
      scope: path,
      sources: [{ file: '/models/sample.py', start: 10, end: 20 }],
    });
    // A node with one output type has one output.
    return output as ValueId;
  };
  const weightOf = (path: string): ValueId | undefined => {
    const id = weights.get(path as 'stem');
    return id === undefined ? undefined : builder.parameterValue(id);
  };
  const x = builder.addInput('x', tensorType('float32', [N, 8]));
  let flow = node('stem', 'linear', [x, weightOf('stem'), builder.parameterValue(bias)], 8, 64);
  for (const block of ['block0', 'block1', 'wide'] as const) {
    const width = block === 'wide' ? 16 : 8;
    const product = node(`${block}.linear`, 'linear', [flow, weightOf(`${block}.linear`), undefined], width, 8 * width);
    const active = node(block, 'relu', [product], width);
    flow = node(block, 'add', [active, block === 'wide' ? product : flow], width, 0, { scalars: [], alpha: 1 });
  }
  const head = node('', 'softmax', [flow], 16, 0, { dim: -1 });
  builder.addScopeCall('', [x], [head]);
  builder.addOutput('output', head);
  return builder.finish();
}

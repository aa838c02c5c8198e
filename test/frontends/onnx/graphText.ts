/**
 * A read model as text, for tests: one line a node, then what is stored, totals, and what was said.
 */
import { printDim } from '../../../server/src/graph/dim.ts';
import { printType } from '../../../server/src/graph/tensorType.ts';
import type { OnnxResult } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { countStored } from '../../../server/src/cost/totals.ts';
import { sumWork } from '../../../server/src/graph/nodeWork.ts';

/** "conv: convolution 1x3x8x8 float32, 4x3x3x3 float32 -> 1x4x6x6 float32 | 3888 MACs" */
export function graphText({ graph, problems, assumptions }: OnnxResult): string {
  const said = [
    ...assumptions.map(({ kind, message }) => `assumed (${kind}): ${message}`),
    ...problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`),
  ];
  if (graph === undefined) return said.join('\n');
  const type = (id: number | undefined): string => {
    const value = id === undefined ? undefined : graph.values[id];
    return value === undefined ? '-' : printType(value.type);
  };
  const nodes = graph.nodes.map(({ scope, op, inputs, outputs, work }) => {
    const macs = work.macs === 0 ? '' : ` | ${printDim(work.macs)} MACs`;
    return `${scope}: ${op} ${inputs.map(type).join(', ')} -> ${outputs.map(type).join(', ')}${macs}`;
  });
  const { paramCount, bufferCount } = countStored(graph.parameters);
  const totals = `${printDim(paramCount)} params, ${printDim(bufferCount)} buffers, ${printDim(sumWork(graph.nodes.map(({ work }) => work)).macs)} MACs`;
  const outputs = graph.outputs.map(({ name, value }) => `${name}: ${type(value)}`).join(', ');
  return [...nodes, `outputs ${outputs}`, totals, ...said].join('\n');
}

/**
 * One operation on tensors: record(runtime, relu, {}, [x], 'torch.relu') infers the output's type and, inside of a trace,
 * appends a `relu` node in the running module's scope.
 */
import type { Runtime } from '../../evaluation/runtime.ts';
import type { Attributes } from '../../graph/modelGraph.ts';
import { tensorType, type TensorType } from '../../graph/tensorType.ts';
import { applyOperator, unknownWork, type Operator } from '../../operators/operator.ts';
import type { TensorValue } from './tensorValue.ts';
import { makeTensor, worldOf } from './torchWorld.ts';

/**
 * Applies an operator to tensors: infers shapes, and inside of a trace appends a node. Shapes that do not fit
 * are reported as `shape-mismatch`, and the outputs are then of unknown rank. `originalOp`: "torch.nn.functional.relu".
 */
export function record<A extends Attributes>(
  runtime: Runtime,
  operator: Operator<A>,
  attributes: A,
  inputs: readonly (TensorValue | undefined)[],
  originalOp: string,
): TensorValue[] {
  const { recorder } = worldOf(runtime);
  runtime.step(1);
  const applied = applyOperator(
    operator,
    inputs.map((input) => input?.type),
    attributes,
  );
  if (applied.mismatch !== undefined) {
    // The observer first: a trial run throws, and then there is nothing to report.
    recorder?.observer?.onMismatch?.(applied.mismatch);
    runtime.report('shape-mismatch', 'error', applied.mismatch);
  }
  const outputs = applied.outputs.map((type) => makeTensor(runtime, type));
  if (recorder === undefined) return outputs;
  const node = { op: operator.name, originalOp, attributes };
  recorder.addNode(runtime, node, inputs, { ...applied, isView: operator.isView }, outputs);
  return outputs;
}

/** `record` for operators with one output. */
export function recordOne<A extends Attributes>(
  runtime: Runtime,
  operator: Operator<A>,
  attributes: A,
  inputs: readonly (TensorValue | undefined)[],
  originalOp: string,
): TensorValue {
  const [output] = record(runtime, operator, attributes, inputs, originalOp);
  return output ?? makeTensor(runtime, tensorType('unknown', undefined));
}

/** An operation that we do not understand: an `unknown` node with the reason, and a tensor of unknown rank. */
export function recordUnknown(
  runtime: Runtime,
  originalOp: string,
  reason: string,
  inputs: readonly (TensorValue | undefined)[],
  outputTypes: readonly TensorType[] = [tensorType('unknown', undefined)],
): TensorValue[] {
  const { recorder } = worldOf(runtime);
  const outputs = outputTypes.map((type) => makeTensor(runtime, type));
  if (recorder === undefined) return outputs;
  recorder.unknowns.push({ name: originalOp, reason });
  recorder.noteUnknownUse(reason);
  const node = { op: 'unknown', originalOp, attributes: { reason } };
  recorder.addNode(runtime, node, inputs, { outputs: outputTypes, work: unknownWork(reason), isView: false }, outputs);
  return outputs;
}

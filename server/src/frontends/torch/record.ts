/**
 * One operation on tensors: record(runtime, relu, {}, [x], 'torch.relu') infers the output's type and, inside of a trace,
 * appends a `relu` node in the running module's scope.
 */
import { BYTES } from '../../evaluation/allocations.ts';
import type { Runtime } from '../../evaluation/runtime.ts';
import type { Attributes } from '../../graph/modelGraph.ts';
import { tensorType, type TensorType } from '../../graph/tensorType.ts';
import { applyOperator, unknownWork, type Operator } from '../../operators/operator.ts';
import { resultLayouts } from './layout/layoutRules.ts';
import { dtypeProblem } from './refusals/dtypeRules.ts';
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
  runtime.budget.allocate(BYTES.item * inputs.length);
  runtime.step(1 + (inputs.length >> 2));
  if (isTooMany(inputs)) return recordUnknown(runtime, originalOp, `an operation on ${inputs.length} tensors`, inputs);
  const types = inputs.map((input) => input?.type);
  const applied = applyOperator(operator, types, attributes);
  const dtypes = applied.mismatch === undefined ? typeProblem(runtime, operator, attributes, types) : undefined;
  if (applied.mismatch !== undefined) refuse(runtime, 'shape-mismatch', applied.mismatch);
  if (dtypes !== undefined) refuse(runtime, 'dtype-mismatch', dtypes);
  const work = dtypes === undefined ? applied.work : unknownWork(dtypes);
  if (applied.outputs.some(({ shape }) => (shape?.length ?? 0) > MAX_RANK)) {
    return recordUnknown(runtime, originalOp, `a tensor of more than ${MAX_RANK} dims`, inputs);
  }
  const layouts = resultLayouts(operator.name, attributes, inputs, applied.outputs);
  const outputs = applied.outputs.map((type, at) => {
    const output = makeTensor(runtime, type);
    output.layout = layouts[at] ?? 'unknown';
    return output;
  });
  if (recorder === undefined) return outputs;
  const node = { op: operator.name, originalOp, attributes };
  recorder.addNode(runtime, node, inputs, { ...applied, work, isView: operator.isView }, outputs);
  return outputs;
}

/** Sums over sizes that are not numbers get a term more for each: few are followed. */
function isTooMany(inputs: readonly (TensorValue | undefined)[]): boolean {
  if (inputs.length <= MANY_OPEN) return false;
  if (inputs.length > MANY) return true;
  return inputs.some((input) => input?.type.shape?.every((dim) => typeof dim === 'number') !== true);
}

const MANY_OPEN = 500;
const MANY = 10_000;

/** PyTorch itself takes tensors of no more dims in most of its operations. */
export const MAX_RANK = 64;

/** Why PyTorch refuses the element types; what autocast makes of them is not followed. */
function typeProblem<A extends Attributes>(
  runtime: Runtime,
  operator: Operator<A>,
  attributes: A,
  inputs: readonly (TensorType | undefined)[],
): string | undefined {
  if (worldOf(runtime).recorder?.usesAutocast === true) return undefined;
  const { outputs } = operator.infer(inputs, { ...attributes, isInPlace: false });
  return dtypeProblem({ operator: operator.name, attributes, inputs, outputs });
}

/**
 * PyTorch would raise RuntimeError here. Code that catches it sees it raised; else it is reported, and the run goes on,
 * so that one mistake does not hide the others.
 */
export function refuse(runtime: Runtime, code: 'shape-mismatch' | 'dtype-mismatch', message: string): void {
  if (runtime.catchesRuntimeErrors()) runtime.raise('RuntimeError', message);
  // The observer first: a trial run throws, and then there is nothing to report.
  worldOf(runtime).recorder?.observer?.onMismatch?.(message);
  runtime.report(code, 'error', message);
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
  const outputs = outputTypes.map((type) => {
    const output = makeTensor(runtime, type);
    output.layout = 'unknown';
    return output;
  });
  if (recorder === undefined) return outputs;
  recorder.unknowns.push({ name: originalOp, reason });
  recorder.noteUnknownUse(reason);
  const node = { op: 'unknown', originalOp, attributes: { reason } };
  recorder.addNode(runtime, node, inputs, { outputs: outputTypes, work: unknownWork(reason), isView: false }, outputs);
  return outputs;
}

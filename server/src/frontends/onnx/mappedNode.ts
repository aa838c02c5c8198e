/**
 * What a node becomes: a canonical operator with its attributes, output types and work. Mappings build it from one or
 * more operators of the shared table: Conv -> convolution; BiasGelu -> add, then gelu, as one node.
 */
import { addDims, unknownDim, type Dim } from '../../graph/dim.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Attributes, NodeWork } from '../../graph/modelGraph.ts';
import { NO_WORK, sumWork } from '../../graph/nodeWork.ts';
import { MOST_AXES, tensorBytes, tensorType, type TensorType, type ValueType } from '../../graph/tensorType.ts';
import { applyOperator, unknownWork, type Operator } from '../../operators/operator.ts';
import type { NodeCall } from './nodeCall.ts';

export interface MappedNode {
  readonly op: string;
  readonly attributes: Attributes;
  readonly outputs: readonly ValueType[];
  readonly work: NodeWork;
  readonly isView: boolean;
  /** Set where the shapes do not fit. */
  readonly mismatch: string | undefined;
  /** Set where the operator is known and its result still is not: says why. */
  readonly unknown?: string | undefined;
}

export type NodeMapping = (call: NodeCall) => MappedNode;
export type MappingTable = Readonly<Record<string, NodeMapping>>;

/** One operator of the table. */
export function apply<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly (TensorType | undefined)[],
  attributes: A,
): MappedNode {
  const { outputs, work, mismatch } = applyOperator(operator, inputs, attributes);
  return { op: operator.name, attributes, outputs, work, isView: operator.isView, mismatch };
}

/** Several operators as one node, under the name of the main one; outputs are those of the last. */
export function fused(main: MappedNode, ...parts: readonly MappedNode[]): MappedNode {
  const last = parts.at(-1) ?? main;
  return {
    ...main,
    outputs: last.outputs,
    work: sumWork([main, ...parts].map((part) => part.work)),
    isView: false,
    mismatch: [main, ...parts].find(({ mismatch }) => mismatch !== undefined)?.mismatch,
  };
}

/** The first output of a mapping, as an input of the next. */
export function firstOutput(mapped: MappedNode): TensorType {
  const [type] = mapped.outputs;
  return type?.kind === 'tensor' ? type : tensorType('unknown', undefined);
}

/** The same node with all tensors of another element type: ONNX promotes nothing. */
export function withDtype(mapped: MappedNode, dtype: DType | undefined): MappedNode {
  if (dtype === undefined || dtype === 'unknown') return mapped;
  return {
    ...mapped,
    outputs: mapped.outputs.map((type) => (type.kind === 'tensor' ? tensorType(dtype, type.shape) : type)),
  };
}

export function withOutputs(mapped: MappedNode, outputs: readonly ValueType[]): MappedNode {
  return { ...mapped, outputs };
}

/** A node that moves or bundles values and computes nothing: sequences, optionals. */
export function bundle(op: string, outputs: readonly ValueType[], attributes: Attributes = {}): MappedNode {
  return { op, attributes, outputs, work: NO_WORK, isView: true, mismatch: undefined };
}

/** A node that no operator of the shared table is: its arithmetic is given, its bytes follow from the types. */
export function counted(
  op: string,
  inputs: readonly (TensorType | undefined)[],
  outputs: readonly ValueType[],
  work: { readonly macs?: Dim; readonly elementwiseOps?: Dim },
  attributes: Attributes = {},
): MappedNode {
  const { macs = 0, elementwiseOps = 0 } = work;
  const bytesRead = sumBytes(inputs);
  const bytesWritten = sumBytes(outputs);
  const nodeWork = { macs, elementwiseOps, bytesRead, bytesWritten };
  return { op, attributes, outputs, work: nodeWork, isView: false, mismatch: undefined };
}

/** A node whose result cannot be told: a needed input or attribute is missing, or depends on data. */
export function notTold(op: string, reason: string, ...outputs: readonly ValueType[]): MappedNode {
  const rest = outputs.length > 0 ? outputs : [tensorType('unknown', undefined)];
  return {
    op,
    attributes: {},
    outputs: rest,
    work: unknownWork(reason),
    isView: false,
    mismatch: undefined,
    unknown: reason,
  };
}

/** Shapes that do not fit; `outputs` is what we go on with. */
export function misfit(op: string, message: string, ...outputs: readonly ValueType[]): MappedNode {
  return { ...notTold(op, message, ...outputs), unknown: undefined, mismatch: message };
}

function sumBytes(types: readonly (ValueType | undefined)[]): Dim {
  return types.reduce<Dim>((sum, type) => (type?.kind === 'tensor' ? addDims(sum, tensorBytes(type)) : sum), 0);
}

/** A shape of known rank whose sizes depend on data. */
export function openShape(rank: number, reason: string): TensorType['shape'] {
  return rank <= MOST_AXES ? Array.from({ length: rank }, () => unknownDim(reason)) : undefined;
}

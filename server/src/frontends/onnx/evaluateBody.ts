/**
 * Reads the graph of a branch or a body: its own frame over the one around it, inputs given by type, outputs as values.
 */
import type { Dim } from '../../graph/dim.ts';
import type { ValueType } from '../../graph/tensorType.ts';
import { findValue, reportAt, valueName, DEEPEST_FRAME, type Frame } from './frame.ts';
import type { EvaluateNodes } from './inlineFunction.ts';
import type { OnnxGraph } from './onnxModel.ts';
import type { ConstantTensor, OnnxValue } from './onnxValue.ts';
import { defineInitializers } from './storedTensors.ts';
import { declaredTypes } from './valueTypes.ts';

/** Where a body is put. */
export interface BodyPlace {
  /** The frame around it. */
  readonly frame: Frame;
  readonly scope: string;
  readonly runs: Dim;
  readonly evaluateNodes: EvaluateNodes;
}

export interface BodyInput {
  readonly type: ValueType;
  /** The value that it comes from, where there is one. */
  readonly source?: OnnxValue | undefined;
  readonly constant?: ConstantTensor | undefined;
}

export function evaluateBody(
  { frame, scope, runs, evaluateNodes }: BodyPlace,
  graph: OnnxGraph,
  inputs: readonly BodyInput[],
): readonly (OnnxValue | undefined)[] {
  const { evaluation } = frame;
  if (frame.depth >= DEEPEST_FRAME) {
    const [node] = graph.nodes;
    const message = `Bodies are nested more than ${DEEPEST_FRAME} deep: the inner ones are left out.`;
    reportAt(evaluation, node?.byteOffset ?? 0, 'onnx-too-deep', 'error', message);
    evaluation.omissions.add(`bodies are nested more than ${DEEPEST_FRAME} deep`);
    return graph.outputs.map(() => undefined);
  }
  const body: Frame = {
    evaluation,
    values: new Map(),
    leftOut: new Set(),
    cyclic: new Set(),
    outer: frame,
    opsets: frame.opsets,
    declared: declaredTypes(graph),
    arguments: frame.arguments,
    scope,
    runs,
    depth: frame.depth + 1,
  };
  for (const [i, { name }] of graph.inputs.entries()) {
    const input = inputs[i];
    if (input !== undefined) body.values.set(name, bodyValue(body, name, input));
  }
  defineInitializers(body, graph);
  evaluateNodes(body, graph.nodes);
  return graph.outputs.map(({ name }) => findValue(body, name));
}

/** The source's own value where its type is the same, so that edges lead through; a slice or a wider type is new. */
function bodyValue(frame: Frame, name: string, { type, source, constant }: BodyInput): OnnxValue {
  if (source !== undefined) return { id: source.id, type, constant: undefined, parameter: source.parameter };
  const id = frame.evaluation.builder.addConstant(valueName(frame, name), type);
  return { id, type, constant: constant === undefined ? undefined : () => constant, parameter: undefined };
}

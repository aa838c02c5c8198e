/**
 * Calls of functions that the model defines itself, put in place: their nodes stand in a scope of the call's name.
 */
import { findValue, nodeText, reportAt, DEEPEST_FRAME, type Frame } from './frame.ts';
import type { NodeCall } from './nodeCall.ts';
import type { AttributeMap, OnnxAttributeValue, OnnxFunction, OnnxNode } from './onnxModel.ts';
import type { OnnxValue } from './onnxValue.ts';
import { opsetVersions } from './opsetVersions.ts';

export type EvaluateNodes = (frame: Frame, nodes: readonly OnnxNode[]) => void;

/** False where functions call each other without end; then the call is an operator that is not known. */
export function inlineFunction(
  frame: Frame,
  call: NodeCall,
  definition: OnnxFunction,
  name: string,
  evaluateNodes: EvaluateNodes,
): boolean {
  const { evaluation } = frame;
  const { node } = call;
  if (frame.depth >= DEEPEST_FRAME) {
    const message = `Node ${nodeText(node)}: functions call each other more than ${DEEPEST_FRAME} deep.`;
    reportAt(evaluation, node.byteOffset, 'onnx-too-deep', 'error', message);
    return false;
  }
  const values = new Map<string, OnnxValue>();
  for (const [i, parameter] of definition.inputs.entries()) {
    const input = call.inputs[i];
    if (input !== undefined) values.set(parameter, input);
  }
  const body: Frame = {
    evaluation,
    values,
    leftOut: new Set(definition.inputs.filter((parameter) => !values.has(parameter))),
    cyclic: new Set(),
    outer: undefined,
    opsets: opsetVersions(evaluation, definition.opsetImports),
    declared: new Map(),
    arguments: functionArguments(call, definition),
    scope: evaluation.scopes.addGroup(frame.scope, name, definition.name),
    runs: frame.runs,
    depth: frame.depth + 1,
  };
  evaluateNodes(body, definition.nodes);
  const read = call.inputs.flatMap((input) => (input === undefined ? [] : [input.id]));
  const outputs: OnnxValue['id'][] = [];
  for (const [i, output] of node.outputs.entries()) {
    const value = findValue(body, definition.outputs[i] ?? '');
    if (output === '' || value === undefined) continue;
    frame.values.set(output, value);
    outputs.push(value.id);
  }
  evaluation.builder.addScopeCall(body.scope, read, outputs);
  return true;
}

function functionArguments(call: NodeCall, definition: OnnxFunction): AttributeMap {
  const values = new Map<string, OnnxAttributeValue>();
  for (const { name, value } of definition.defaults) values.set(name, value);
  for (const [name, value] of call.attributes) values.set(name, value);
  return values;
}

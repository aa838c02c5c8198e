/**
 * Calls of functions that the model defines itself, put in place: their nodes stand in a scope of the call's name.
 */
import { findValue, reportAt, DEEPEST_FRAME, type Frame } from './frame.ts';
import { nodeText, operatorName, shortened } from './operatorNames.ts';
import type { NodeCall } from './nodeCall.ts';
import type { AttributeMap, OnnxAttributeValue, OnnxFunction, OnnxNode } from './onnxModel.ts';
import type { OnnxValue } from './onnxValue.ts';
import { opsetVersions } from './opsetVersions.ts';

export type EvaluateNodes = (frame: Frame, nodes: readonly OnnxNode[]) => void;

/** Why the function is not put in place, already reported; undefined where it is. */
export function inlineFunction(
  frame: Frame,
  call: NodeCall,
  definition: OnnxFunction,
  name: string,
  evaluateNodes: EvaluateNodes,
): string | undefined {
  const { evaluation } = frame;
  const { node } = call;
  const refusal = refusalOf(frame, definition);
  if (refusal !== undefined) {
    reportAt(evaluation, node.byteOffset, refusal.code, 'error', `Node ${nodeText(node)}: ${refusal.reason}.`);
    evaluation.omissions.add(refusal.reason);
    evaluation.unknownReasons.set(operatorName(node), refusal.reason);
    return refusal.reason;
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
  return undefined;
}

interface Refusal {
  readonly code: 'onnx-too-deep' | 'onnx-too-large';
  readonly reason: string;
}

function refusalOf({ evaluation, depth }: Frame, definition: OnnxFunction): Refusal | undefined {
  const expansion = evaluation.expansions(definition);
  if (expansion.kind === 'endless') {
    const circle = expansion.circle.slice(0, MOST_NAMED).map((name) => shortened(name, 64));
    return { code: 'onnx-too-deep', reason: `functions call each other in a circle: ${circle.join(' -> ')}` };
  }
  const { nodes } = evaluation.budget.bounds;
  if (expansion.nodes > nodes) {
    const count = Number.isFinite(expansion.nodes) ? `${expansion.nodes} nodes` : 'nodes without number';
    const reason = `the function makes ${count} once the functions it calls are in place, more than ${nodes}`;
    return { code: 'onnx-too-large', reason };
  }
  if (depth < DEEPEST_FRAME) return undefined;
  return { code: 'onnx-too-deep', reason: `functions call each other more than ${DEEPEST_FRAME} deep` };
}

const MOST_NAMED = 8;

function functionArguments(call: NodeCall, definition: OnnxFunction): AttributeMap {
  const values = new Map<string, OnnxAttributeValue>();
  for (const { name, value } of definition.defaults) values.set(name, value);
  for (const [name, value] of call.attributes) values.set(name, value);
  return values;
}

/**
 * Runs the nodes of one graph body, in order: each becomes a node of the ModelGraph with its inferred types and work,
 * and its outputs become values that later nodes read.
 */
import { multiplyDims, unknownReason } from '../../graph/dim.ts';
import type { NodeWork } from '../../graph/modelGraph.ts';
import { elementCount, tensorType, type ValueType } from '../../graph/tensorType.ts';
import { refusedOutput, unknownWork } from '../../operators/operator.ts';
import { evaluateControlFlow } from './controlFlow.ts';
import { foldNode } from './folding/foldNode.ts';
import { declaredType, findValue, readConstant, reportAt, valueName, type Frame } from './frame.ts';
import { functionKey, nodeText, operatorName, shortened, standardDomain } from './operatorNames.ts';
import { inlineFunction } from './inlineFunction.ts';
import { notTold, type MappedNode } from './mappedNode.ts';
import { NodeCall } from './nodeCall.ts';
import type { AttributeMap, OnnxNode } from './onnxModel.ts';
import { MOST_FOLDED, type ConstantTensor, type OnnxValue } from './onnxValue.ts';
import { findMapping } from './ops/operatorMap.ts';
import { storedConstant } from './storedTensors.ts';
import { topologicalOrder } from './topologicalOrder.ts';
import { refinedType } from './refinedType.ts';

export function evaluateNodes(frame: Frame, nodes: readonly OnnxNode[]): void {
  const order = topologicalOrder(nodes);
  if (order.cyclic.length > 0) {
    reportCycle(frame, order.cyclic);
    for (const { outputs } of order.cyclic) for (const name of outputs) frame.cyclic.add(name);
  }
  for (const [index, node] of order.nodes.entries()) {
    frame.evaluation.budget.node(node.byteOffset);
    evaluateNode(frame, node, index);
  }
}

function evaluateNode(frame: Frame, node: OnnxNode, index: number): void {
  const { evaluation } = frame;
  const inputs = node.inputs.map((name) => readInput(frame, node, name));
  const attributes = ownAttributes(frame, node);
  const call = new NodeCall(node, inputs, opsetOf(frame, node), attributes, {
    problem: (code, severity, message) =>
      reportAt(evaluation, node.byteOffset, code, severity, `Node ${nodeText(node)}: ${message}`),
    assume: (kind, message) => void evaluation.assumptions.set(`Node ${nodeText(node)}: ${message}.`, kind),
    readTensor: (tensor) => readConstant(evaluation, tensor, MOST_FOLDED),
  });
  const definition = evaluation.functions.get(functionKey(node.domain, node.opType, node.overload));
  if (definition !== undefined) {
    const refusal = inlineFunction(frame, call, definition, nodeName(node, index), evaluateNodes);
    if (refusal !== undefined) addNode(frame, call, notTold('unknown', refusal), nodeName(node, index));
    return;
  }
  if (isConstantNode(node)) {
    defineConstant(frame, call);
    return;
  }
  if (evaluateControlFlow(frame, call, nodeName(node, index), evaluateNodes)) return;
  const mapping = findMapping(node.domain, node.opType);
  if (mapping === undefined) reportUnknown(frame, node);
  const mapped = mapping === undefined ? notTold('unknown', 'this operator is not known') : mapping(call);
  addNode(frame, call, mapped, nodeName(node, index));
}

/** A node's own name, or one made of its operator and place. */
function nodeName(node: OnnxNode, index: number): string {
  return node.name === '' ? `${shortened(node.opType)}_${index}` : shortened(node.name, 1_024);
}

/** Adds a node of known result to the graph, and its outputs to the values. */
export function addNode(frame: Frame, call: NodeCall, given: MappedNode, name: string): void {
  const { evaluation } = frame;
  const { node } = call;
  const mapped = withinDomain(call, given);
  if (mapped.mismatch !== undefined) call.reporter.problem('shape-mismatch', 'error', `${mapped.mismatch}.`);
  const constants =
    isStandard(node) && mapped.mismatch === undefined ? foldNode(call, mapped.outputs, evaluation.budget) : [];
  const outputTypes = node.outputs.map((output, i) => {
    const inferred = mapped.outputs[i] ?? { kind: 'unknown', reason: 'the operator gives no such output' };
    return refinedType(withConstant(inferred, constants[i]), declaredType(frame, output));
  });
  const parameters = call.inputs.flatMap((input) => input?.parameter ?? []);
  const scope = evaluation.scopes.addLeaf(frame.scope, name, operatorName(node), parameters);
  const outputs = evaluation.builder.addNode({
    op: mapped.op,
    originalOp: operatorName(node),
    attributes: mapped.attributes,
    inputs: call.inputs.map((input) => input?.id),
    outputTypes,
    outputNames: node.outputs.map((output) => valueName(frame, output)),
    work: repeated(mapped.work, frame),
    isView: mapped.isView,
    scope,
    sources: [],
  });
  const read = call.inputs.flatMap((input) => (input === undefined || input.parameter !== undefined ? [] : [input.id]));
  evaluation.builder.addScopeCall(scope, read, outputs);
  for (const [i, output] of node.outputs.entries()) {
    const [id, type] = [outputs[i], outputTypes[i]];
    if (id === undefined || type === undefined) continue;
    const constant = constants[i];
    define(frame, node, output, {
      id,
      type,
      constant: constant === undefined ? undefined : () => constant,
      parameter: undefined,
    });
  }
}

/** A result with sizes that no tensor can have is a mismatch, also of mappings that no shared operator checks. */
function withinDomain(call: NodeCall, mapped: MappedNode): MappedNode {
  if (mapped.mismatch !== undefined) return mapped;
  const types = call.inputs.map((input) => input?.type);
  const refused = refusedOutput(types, mapped.outputs);
  return refused === undefined ? mapped : { ...mapped, work: unknownWork(refused), mismatch: refused };
}

/** Puts a value under its name; a name that is there already breaks ONNX's single assignment. */
export function define(frame: Frame, node: OnnxNode, name: string, value: OnnxValue): void {
  if (name === '') return;
  if (frame.values.has(name) && !frame.cyclic.has(name)) {
    const message = `Node ${nodeText(node)} gives "${name}", which is defined already: the later one counts from here on.`;
    reportAt(frame.evaluation, node.byteOffset, 'onnx-duplicate-name', 'error', message);
  }
  frame.values.set(name, value);
}

function readInput(frame: Frame, node: OnnxNode, name: string): OnnxValue | undefined {
  if (name === '' || frame.leftOut.has(name)) return undefined;
  const value = findValue(frame, name);
  if (value !== undefined) return value;
  if (!frame.cyclic.has(name)) reportMissing(frame, node, name);
  const declared = declaredType(frame, name);
  const type = declared ?? tensorType('unknown', undefined);
  const missing: OnnxValue = {
    id: frame.evaluation.builder.addConstant(valueName(frame, name), type),
    type,
    constant: undefined,
    parameter: undefined,
  };
  frame.values.set(name, missing);
  return missing;
}

function reportMissing(frame: Frame, node: OnnxNode, name: string): void {
  const message = `Node ${nodeText(node)} reads "${name}", which is neither an input, nor an initializer, nor an output of another node.`;
  reportAt(frame.evaluation, node.byteOffset, 'onnx-missing-value', 'error', message);
}

/** Attributes by name, references to those of the function replaced. */
function ownAttributes(frame: Frame, node: OnnxNode): AttributeMap {
  const attributes = new Map<string, OnnxNode['attributes'][number]['value']>();
  for (const { name, refName, value } of node.attributes) {
    const given = refName === '' ? value : frame.arguments?.get(refName);
    if (given !== undefined && !attributes.has(name)) attributes.set(name, given);
  }
  return attributes;
}

/** The version of the node's operator set; files of IR 1 and 2 import none, and mean 1. */
function opsetOf(frame: Frame, node: OnnxNode): number {
  return frame.opsets.get(standardDomain(node.domain)) ?? 1;
}

function isStandard(node: OnnxNode): boolean {
  return standardDomain(node.domain) === '';
}

function isConstantNode(node: OnnxNode): boolean {
  return isStandard(node) && node.opType === 'Constant';
}

/** A Constant is a value and no node; one that holds a weight is a parameter (see storedTensors.ts). */
function defineConstant(frame: Frame, call: NodeCall): void {
  const [name = ''] = call.node.outputs;
  if (name !== '') define(frame, call.node, name, storedConstant(frame, call, valueName(frame, name)));
}

/** A node in a loop's body works as often as the body runs. */
function repeated(work: NodeWork, { runs }: Frame): NodeWork {
  if (runs === 1) return work;
  return {
    macs: multiplyDims(work.macs, runs),
    elementwiseOps: multiplyDims(work.elementwiseOps, runs),
    bytesRead: multiplyDims(work.bytesRead, runs),
    bytesWritten: multiplyDims(work.bytesWritten, runs),
  };
}

/** Known elements also tell the shape, which may not be known otherwise (NonZero). */
function withConstant(type: ValueType, constant: ConstantTensor | undefined): ValueType {
  if (constant === undefined || type.kind !== 'tensor') return type;
  const isOpen = unknownReason(elementCount(type.shape)) !== undefined;
  return isOpen ? tensorType(type.dtype, constant.shape) : type;
}

function reportUnknown(frame: Frame, node: OnnxNode): void {
  const name = operatorName(node);
  const { unknownReasons } = frame.evaluation;
  const isFirst = !unknownReasons.has(name);
  const isForeign = !frame.opsets.has(standardDomain(node.domain));
  unknownReasons.set(
    name,
    isForeign ? 'an operator set that the model does not import' : 'an operator that is not known',
  );
  if (!isFirst) return;
  const message = `Node ${nodeText(node)}: ${name} is ${unknownReasons.get(name) ?? ''}. Its cost is unknown, and the types that the file declares are used.`;
  reportAt(frame.evaluation, node.byteOffset, 'unsupported-operator', 'warning', message);
}

function reportCycle(frame: Frame, cyclic: readonly OnnxNode[]): void {
  const shown = cyclic.slice(0, 5).map(nodeText).join(', ');
  const rest = cyclic.length > 5 ? ` and ${cyclic.length - 5} more` : '';
  const message = `The graph has a cycle: ${shown}${rest} need each other's outputs. What they make is unknown.`;
  reportAt(frame.evaluation, cyclic[0]?.byteOffset ?? 0, 'onnx-cycle', 'error', message);
}

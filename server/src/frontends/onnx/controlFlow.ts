/**
 * Nodes that hold graphs: If, Loop, Scan, SequenceMap. The graph stands in a scope of the node's name; a node of the
 * same kind closes it, whose outputs have the types that hold whatever way is taken.
 *
 * If: a known condition takes its branch; else the then-branch is counted, which is told as an assumption.
 * Loop, Scan: the body is read once and its work counted as often as it runs; once where data decides, which is told.
 */
import {
  addDims,
  compareDims,
  dimBounds,
  maximumDim,
  multiplyDims,
  printDim,
  unknownDim,
  type Dim,
} from '../../graph/dim.ts';
import type { NodeWork, ValueId } from '../../graph/modelGraph.ts';
import { NO_WORK } from '../../graph/nodeWork.ts';
import { printType, tensorType, type ValueType } from '../../graph/tensorType.ts';
import { unknownWork } from '../../operators/operator.ts';
import { evaluateBody, type BodyInput, type BodyPlace } from './evaluateBody.ts';
import { declaredType, trialOf, valueName, type Frame } from './frame.ts';
import { operatorName, standardDomain } from './operatorNames.ts';
import type { EvaluateNodes } from './inlineFunction.ts';
import { mergedType } from './mergedType.ts';
import type { NodeCall } from './nodeCall.ts';
import type { OnnxGraph } from './onnxModel.ts';
import { scalarConstant, type OnnxValue } from './onnxValue.ts';
import { refinedType } from './refinedType.ts';

/** Evaluates a control flow node; false for any other, and for one whose graph is missing. */
export function evaluateControlFlow(frame: Frame, call: NodeCall, name: string, evaluateNodes: EvaluateNodes): boolean {
  if (standardDomain(call.node.domain) !== '') return false;
  const flow: Flow = { frame, call, name, evaluateNodes };
  const body = call.graph('body');
  switch (call.node.opType) {
    case 'If':
      return evaluateIf(flow);
    case 'Loop':
      return body !== undefined && evaluateLoop(flow, body);
    case 'Scan':
      return body !== undefined && evaluateScan(flow, body);
    case 'SequenceMap':
      return body !== undefined && evaluateSequenceMap(flow, body);
    default:
      return false;
  }
}

interface Flow {
  readonly frame: Frame;
  readonly call: NodeCall;
  readonly name: string;
  readonly evaluateNodes: EvaluateNodes;
}

function evaluateIf(flow: Flow): boolean {
  const { frame, call } = flow;
  const thenGraph = call.graph('then_branch');
  const elseGraph = call.graph('else_branch');
  if (thenGraph === undefined || elseGraph === undefined) return false;
  const [condition] = call.constant(0)?.elements ?? [];
  if (typeof condition === 'number') {
    takeBranch(flow, condition === 0 ? elseGraph : thenGraph);
    return true;
  }
  const others = evaluateBody(place(flow, trialOf(frame), '', 1), elseGraph, []);
  const scope = openScope(flow);
  const outputs = evaluateBody(place(flow, frame, scope, frame.runs), thenGraph, []);
  call.reporter.assume('branch', 'the condition depends on data, the then-branch is counted');
  const types = outputs.map((value, i) => mergedType(value?.type ?? UNTYPED, others[i]?.type ?? UNTYPED));
  close(flow, scope, types, outputs);
  return true;
}

/** The branch's own values, constants too, are those of the If: nothing has to be merged. */
function takeBranch(flow: Flow, graph: OnnxGraph): void {
  const { frame, call } = flow;
  const scope = openScope(flow);
  const outputs = evaluateBody(place(flow, frame, scope, frame.runs), graph, []);
  if (outputs.length < call.outputCount || outputs.some((value) => value === undefined)) {
    close(
      flow,
      scope,
      outputs.map((value) => value?.type ?? UNTYPED),
      outputs,
    );
    return;
  }
  frame.evaluation.builder.addScopeCall(scope, idsOf(call.inputs), idsOf(outputs));
  for (const [i, name] of call.node.outputs.entries()) {
    const value = outputs[i];
    if (name !== '' && value !== undefined) frame.values.set(name, value);
  }
}

/** Loop-13. Inputs: trip count?, condition?, initial values. Outputs: final values, then what each run adds. */
function evaluateLoop(flow: Flow, body: OnnxGraph): boolean {
  const { frame, call } = flow;
  const initial = call.inputs.slice(2);
  const [limit] = call.dims(0) ?? [];
  const [starts] = call.hasInput(1) ? (call.dims(1) ?? []) : [1];
  const carried = settledTypes(flow, body, initial, (types) => loopInputs(initial, types));
  // A negative trip count is none (ONNX Loop: `for (i = 0; i < M; ...)`).
  if (starts === 0 || (limit !== undefined && dimBounds(limit).high <= 0)) {
    const rest = carried.outputs.slice(1 + initial.length);
    const scans = rest.map((type) => stacked(type, 0, 0));
    close(flow, openScope(flow), [...initial.map((value) => value?.type ?? UNTYPED), ...scans], initial);
    return true;
  }
  const isCounted = starts === 1 && carried.goesOn;
  const count = isCounted && limit !== undefined ? tripCount(limit) : undefined;
  const outputs = countedRuns(flow, count, (scope, runs) =>
    evaluateBody(place(flow, frame, scope, runs), body, loopInputs(initial, carried.types)),
  );
  const finals = outputs.values.slice(1, 1 + initial.length).map((value, i) => {
    const type = value?.type ?? UNTYPED;
    return typeof count === 'number' ? type : mergedType(type, initial[i]?.type ?? UNTYPED);
  });
  const length = count ?? unknownDim('how often the loop runs depends on data');
  const scans = outputs.values.slice(1 + initial.length).map((value) => stacked(value?.type ?? UNTYPED, length, 0));
  close(flow, outputs.scope, [...finals, ...scans], outputs.values.slice(1));
  return true;
}

/** How often a loop runs that only its trip count ends; INT64_MAX stands for no end. */
function tripCount(limit: Dim): Dim {
  if (typeof limit !== 'number') return maximumDim(limit, 0);
  return Number.isSafeInteger(limit) ? limit : unknownDim(`a trip count of ${limit} has no end`);
}

/** Iteration number, condition (true while the body runs), and the values that runs hand on. */
function loopInputs(initial: readonly (OnnxValue | undefined)[], types: readonly ValueType[]): readonly BodyInput[] {
  const handedOn = types.map((type, i): BodyInput => ({ type, source: initial[i] }));
  return [
    { type: tensorType('int64', []) },
    { type: tensorType('bool', []), constant: scalarConstant('bool', 1) },
    ...handedOn,
  ];
}

/**
 * Scan-9. Inputs: initial states, then sequences, of which each run gets one slice. Opset 8 has sequence lengths first,
 * and a batch axis before everything.
 */
function evaluateScan(flow: Flow, body: OnnxGraph): boolean {
  const { frame, call } = flow;
  const isBatched = call.opset < 9;
  const given = isBatched ? call.inputs.slice(1) : call.inputs;
  const scanCount = call.int('num_scan_inputs') ?? 1;
  if (scanCount < 1 || scanCount > given.length) {
    return refuse(flow, `num_scan_inputs is ${scanCount}, but ${given.length} inputs are given`);
  }
  const states = given.slice(0, given.length - scanCount);
  const sequences = given.slice(given.length - scanCount);
  const axes = isBatched ? sequences.map(() => 1) : axesFor(call.ints('scan_input_axes'), sequences.length);
  const problem = scanProblem(sequences, axes);
  if (problem !== undefined) return refuse(flow, problem);
  const length = sizeAlong(sequences[0]?.type, axes[0] ?? 0);
  const batch = isBatched ? sizeAlong(sequences[0]?.type, 0) : 1;
  const slices = sequences.map((value, i): BodyInput => {
    const slice = without(value?.type ?? UNTYPED, axes[i] ?? 0);
    return { type: isBatched ? without(slice, 0) : slice, source: value };
  });
  const inputs = (types: readonly ValueType[]): readonly BodyInput[] => [
    ...types.map((type, i): BodyInput => ({ type, source: states[i] })),
    ...slices,
  ];
  const starts = states.map((value) => (isBatched ? without(value?.type ?? UNTYPED, 0) : (value?.type ?? UNTYPED)));
  const carried = settledTypes(flow, body, states, inputs, starts);
  const outputs = countedRuns(
    flow,
    length === undefined ? undefined : multiplyDims(length, batch ?? 1),
    (scope, runs) => evaluateBody(place(flow, frame, scope, runs), body, inputs(carried.types)),
  );
  const extent = length ?? unknownDim('the length of the scanned sequence is not known');
  const width = batch ?? unknownDim('the batch of the scanned sequence is not known');
  const outputAxes = axesFor(call.ints('scan_output_axes'), outputs.values.length - states.length);
  const types = outputs.values.map((value, i) => {
    const type = value?.type ?? UNTYPED;
    const whole =
      i < states.length ? type : stacked(type, extent, isBatched ? 0 : (outputAxes[i - states.length] ?? 0));
    return isBatched ? stacked(whole, width, 0) : whole;
  });
  close(flow, outputs.scope, types, outputs.values);
  return true;
}

/** All sequences are cut along an axis that they have, into as many slices. */
function scanProblem(sequences: readonly (OnnxValue | undefined)[], axes: readonly number[]): string | undefined {
  let length: Dim | undefined;
  for (const [i, value] of sequences.entries()) {
    const type = value?.type;
    if (type?.kind !== 'tensor' || type.shape === undefined) continue;
    const size = type.shape.at(axes[i] ?? 0);
    if (size === undefined) return `${printType(type)} has no axis ${axes[i] ?? 0} to scan along`;
    if (length !== undefined && compareDims(length, size) === 'different') {
      return `sequences of ${printDim(length)} and ${printDim(size)} elements are scanned together`;
    }
    length ??= size;
  }
  return undefined;
}

/** A node whose attributes do not fit its inputs: its results and its work are unknown. */
function refuse(flow: Flow, message: string): true {
  flow.call.reporter.problem('onnx-bad-node', 'error', `${message}.`);
  close(flow, openScope(flow), [], [], unknownWork(message));
  return true;
}

/** SequenceMap-17: the body runs once for each element; inputs that are no sequences are the same for all. */
function evaluateSequenceMap(flow: Flow, body: OnnxGraph): boolean {
  const { frame, call } = flow;
  const inputs = call.inputs.map((value): BodyInput => {
    const type = value?.type ?? UNTYPED;
    return { type: type.kind === 'sequence' ? type.element : type, source: value };
  });
  const outputs = countedRuns(flow, undefined, (scope, runs) =>
    evaluateBody(place(flow, frame, scope, runs), body, inputs),
  );
  const types = outputs.values.map((value): ValueType => ({ kind: 'sequence', element: value?.type ?? UNTYPED }));
  close(flow, outputs.scope, types, outputs.values);
  return true;
}

const UNTYPED: ValueType = { kind: 'unknown', reason: 'the body gives no such value' };

interface Settled {
  /** Types that hold in every run for what runs hand on. */
  readonly types: readonly ValueType[];
  /** Types of all outputs of the body. */
  readonly outputs: readonly ValueType[];
  /** Whether the body's condition stays true, as far as can be told: then the trip count decides. */
  readonly goesOn: boolean;
}

/** Tries the body until what it hands on has types that a further run does not change. */
function settledTypes(
  flow: Flow,
  body: OnnxGraph,
  initial: readonly (OnnxValue | undefined)[],
  inputs: (types: readonly ValueType[]) => readonly BodyInput[],
  starts: readonly ValueType[] = initial.map((value) => value?.type ?? UNTYPED),
): Settled {
  const first = flow.call.node.opType === 'Loop' ? 1 : 0;
  let types = starts;
  for (let round = 0; ; round++) {
    const values = evaluateBody(place(flow, trialOf(flow.frame), '', 1), body, inputs(types));
    const outputs = values.map((value) => value?.type ?? UNTYPED);
    const merged = types.map((type, i) => mergedType(type, outputs[first + i] ?? UNTYPED));
    const isSettled = merged.every((type, i) => printType(type) === printType(types[i] ?? UNTYPED));
    if (isSettled || round >= MOST_ROUNDS) {
      const goesOn = first === 0 || values[0]?.constant?.()?.elements[0] === 1;
      return { types: isSettled ? types : merged.map(openType), outputs, goesOn };
    }
    types = merged;
  }
}

const MOST_ROUNDS = 2;

function openType(type: ValueType): ValueType {
  return type.kind === 'tensor' ? tensorType(type.dtype, undefined) : type;
}

/** Runs a body under a scope of its own, counted as often as it runs; once, as an assumption, where data decides. */
function countedRuns(
  flow: Flow,
  count: Dim | undefined,
  run: (scope: string, runs: Dim) => readonly (OnnxValue | undefined)[],
): { readonly scope: string; readonly values: readonly (OnnxValue | undefined)[] } {
  if (count === undefined)
    flow.call.reporter.assume('branch', 'how often the body runs depends on data, it is counted once');
  const scope = openScope(flow);
  return { scope, values: run(scope, multiplyDims(flow.frame.runs, count ?? 1)) };
}

function openScope({ frame, call, name }: Flow): string {
  return frame.evaluation.scopes.addGroup(frame.scope, name, operatorName(call.node));
}

function place(flow: Flow, frame: Frame, scope: string, runs: Dim): BodyPlace {
  return { frame, scope, runs, evaluateNodes: flow.evaluateNodes };
}

/** The node itself, after its body: it hands results on, and does nothing more. */
function close(
  { frame, call }: Flow,
  scope: string,
  types: readonly ValueType[],
  results: readonly (OnnxValue | undefined)[],
  work: NodeWork = NO_WORK,
): void {
  const { builder } = frame.evaluation;
  const { node } = call;
  const inputs = [...call.inputs, ...results].map((value) => value?.id);
  const outputTypes = node.outputs.map((name, i) => refinedType(types[i] ?? UNTYPED, declaredType(frame, name)));
  const outputs = builder.addNode({
    op: CANONICAL[node.opType] ?? node.opType,
    originalOp: operatorName(node),
    attributes: {},
    inputs,
    outputTypes,
    outputNames: node.outputs.map((name) => valueName(frame, name)),
    work,
    isView: work === NO_WORK,
    scope,
    sources: [],
  });
  builder.addScopeCall(scope, idsOf(call.inputs), outputs);
  for (const [i, name] of node.outputs.entries()) {
    const [id, type] = [outputs[i], outputTypes[i]];
    if (name === '' || id === undefined || type === undefined) continue;
    frame.values.set(name, { id, type, constant: undefined, parameter: undefined });
  }
}

function idsOf(values: readonly (OnnxValue | undefined)[]): readonly ValueId[] {
  return values.flatMap((value) => (value === undefined ? [] : [value.id]));
}

const CANONICAL: Readonly<Record<string, string>> = {
  If: 'if',
  Loop: 'loop',
  Scan: 'scan',
  SequenceMap: 'sequenceMap',
};

function axesFor(axes: readonly number[] | undefined, count: number): readonly number[] {
  return axes ?? Array.from({ length: Math.max(0, count) }, () => 0);
}

function sizeAlong(type: ValueType | undefined, axis: number): Dim | undefined {
  return type?.kind === 'tensor' ? type.shape?.at(axis) : undefined;
}

/** A tensor without one axis. */
function without(type: ValueType, axis: number): ValueType {
  if (type.kind !== 'tensor' || type.shape === undefined) return type;
  const at = axis < 0 ? axis + type.shape.length : axis;
  return tensorType(type.dtype, type.shape.toSpliced(at, 1));
}

/** Tensors of all runs, along a new axis. */
function stacked(type: ValueType, length: Dim, axis: number): ValueType {
  if (type.kind !== 'tensor' || type.shape === undefined) return type;
  const rank = addDims(type.shape.length, 1);
  const at = axis < 0 && typeof rank === 'number' ? axis + rank : axis;
  return tensorType(type.dtype, type.shape.toSpliced(at, 0, length));
}

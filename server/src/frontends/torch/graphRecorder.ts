/**
 * Turns the tensor operations of one traced forward into a ModelGraph, node by node, as they happen (record.ts tells of
 * them), each in the scope of the module that runs.
 */
import { BoundExceeded } from '../../evaluation/bounds.ts';
import type { Runtime } from '../../evaluation/runtime.ts';
import type { PyUnknown, Value } from '../../evaluation/values.ts';
import { GraphBuilder } from '../../graph/graphBuilder.ts';
import type { Attributes, NodeWork, ParameterId, ValueId } from '../../graph/modelGraph.ts';
import { unknownDim } from '../../graph/dim.ts';
import { tensorType, type TensorType } from '../../graph/tensorType.ts';
import { unknownWork } from '../../operators/operator.ts';
import { ModuleValue } from './modules/moduleValue.ts';
import { tensorsIn } from './tensorsIn.ts';
import type { StoredTensor, TensorValue } from './tensorValue.ts';

/** What was not understood: the operation, how we know, and where (through the graph's node). */
export interface UnknownOperation {
  readonly name: string;
  readonly reason: string;
}

/** Told of what happens in a trace, for whoever deduces inputs or collects call sites. */
export interface TraceObserver {
  /** A module is about to run. */
  onModuleCall?(module: ModuleValue, positional: readonly Value[], keywords: ReadonlyMap<string, Value>): void;
  /** An operation was recorded. */
  onNode?(
    op: string,
    attributes: Attributes,
    inputs: readonly (TensorValue | undefined)[],
    outputs: readonly TensorValue[],
  ): void;
  /** Shapes did not fit. */
  onMismatch?(message: string): void;
}

/** What code that is not known may make: it belongs to no total that is a number then. */
const UNKNOWN_TENSOR = tensorType('unknown', undefined);

export class GraphRecorder {
  readonly builder: GraphBuilder;
  /** Operations that became `unknown` nodes, in order. */
  readonly unknowns: UnknownOperation[] = [];
  /** Code ran under autocast, which changes element types in ways that are not followed. */
  usesAutocast = false;
  readonly #parameterIds = new Map<StoredTensor, ParameterId>();
  readonly #constants = new Map<TensorValue, ValueId>();
  readonly #modulePaths = new Map<ModuleValue, string>();
  readonly #unknownParts = new Map<PyUnknown, string>();
  readonly #calledUnknowns = new Set<PyUnknown>();
  readonly #scopes: string[] = [];

  constructor(
    name: string,
    readonly observer?: TraceObserver,
  ) {
    this.builder = new GraphBuilder(name);
  }

  /** Names a module of the traced tree; one that stands in it twice keeps its first path. */
  declareModule(module: ModuleValue, path: string): void {
    if (!this.#modulePaths.has(module)) this.#modulePaths.set(module, path);
  }

  /** Undefined for modules outside of the tree, whose operations count to whoever calls them. */
  pathOf(module: ModuleValue): string | undefined {
    return this.#modulePaths.get(module);
  }

  /** Path of the innermost running module; "" is the model itself. */
  get scopePath(): string {
    return this.#scopes.at(-1) ?? '';
  }

  /** Runs a module's forward in its scope. */
  inScope<T>(path: string, body: () => T): T {
    this.#scopes.push(path);
    try {
      return body();
    } finally {
      this.#scopes.pop();
    }
  }

  /** A part of the model that is unknown, which may be a module: counted once it is called, or at once where it is one. */
  declareUnknown(unknown: PyUnknown, path: string): void {
    if (!this.#unknownParts.has(unknown)) this.#unknownParts.set(unknown, path);
  }

  /** An unknown was called: if it is a part of the model, its weights are missing from the count, which then is unknown. */
  noteUnknownCall(unknown: PyUnknown): void {
    const path = this.#unknownParts.get(unknown);
    if (path === undefined || this.#calledUnknowns.has(unknown)) return;
    this.#calledUnknowns.add(unknown);
    this.unknowns.push({ name: path, reason: unknown.reason });
    this.builder.addParameter({
      name: `${path}.*`,
      kind: 'any',
      dtype: 'unknown',
      shape: [unknownDim(`\`${path}\` is unknown: ${unknown.reason}`)],
      created: unknown.origin,
    });
  }

  /** A tensor met an unknown: parts of the model that are unknown for the same reason may be what it came from. */
  noteUnknownUse(reason: string): void {
    for (const unknown of this.#unknownParts.keys()) if (unknown.reason === reason) this.noteUnknownCall(unknown);
  }

  /** An unknown was called with tensors or modules: what it does with them is part of the model, and not known. */
  noteUnknownWork(runtime: Runtime, unknown: PyUnknown, args: readonly Value[]): void {
    const tensors = args.flatMap((each) => tensorsIn(each));
    const part = this.#unknownParts.get(unknown);
    if (part === undefined && tensors.length === 0 && !args.some((each) => each instanceof ModuleValue)) return;
    const name = part ?? (this.scopePath === '' ? 'call' : `${this.scopePath}/call`);
    if (!this.unknowns.some((each) => each.name === name)) this.unknowns.push({ name, reason: unknown.reason });
    const node = { op: 'unknown', originalOp: name, attributes: { reason: unknown.reason } };
    const work = unknownWork(unknown.reason);
    this.addNode(runtime, node, tensors, { outputs: [UNKNOWN_TENSOR], work, isView: false }, []);
  }

  /** Code that may have been part of forward did not run: no total of the graph is known then. */
  noteOmittedWork(reason: string): void {
    this.unknowns.push({ name: 'left out', reason });
    // It may have called any part that is unknown.
    for (const unknown of this.#unknownParts.keys()) this.noteUnknownCall(unknown);
    this.builder.addNode({
      op: 'unknown',
      originalOp: 'left out',
      attributes: { reason },
      inputs: [],
      outputTypes: [UNKNOWN_TENSOR],
      work: unknownWork(reason),
      isView: false,
      scope: '',
      sources: [],
    });
  }

  /** Code that may have made layers did not run: the weights cannot be counted then. */
  noteOmittedParameters(reason: string): void {
    const shape = [unknownDim(reason)];
    this.builder.addParameter({ name: '*', kind: 'any', dtype: 'unknown', shape, created: undefined });
  }

  /** From now on, tensors with this storage read the parameter. */
  bindParameter(stored: StoredTensor, id: ParameterId): void {
    this.#parameterIds.set(stored, id);
  }

  parameterId(stored: StoredTensor): ParameterId | undefined {
    return this.#parameterIds.get(stored);
  }

  /** Makes a tensor stand for a graph value. */
  bindValue(tensor: TensorValue, value: ValueId): void {
    tensor.owner = this;
    tensor.valueId = value;
  }

  /** The graph value of a tensor; one made outside of the graph becomes a parameter's value or a constant. */
  valueOf(tensor: TensorValue): ValueId {
    if (tensor.owner === this && tensor.valueId !== undefined) return tensor.valueId;
    const parameter = tensor.stored && this.#parameterIds.get(tensor.stored);
    if (parameter !== undefined) return this.builder.parameterValue(parameter);
    let value = this.#constants.get(tensor);
    if (value === undefined) {
      value = this.builder.addConstant(`constant_${this.#constants.size}`, tensor.type);
      this.#constants.set(tensor, value);
    }
    return value;
  }

  /** `outputs` are new tensors of the result's types, which stand for the node's values from now on. */
  addNode(
    runtime: Runtime,
    node: { readonly op: string; readonly originalOp: string; readonly attributes: Attributes },
    inputs: readonly (TensorValue | undefined)[],
    result: { readonly outputs: readonly TensorType[]; readonly work: NodeWork; readonly isView: boolean },
    outputs: readonly TensorValue[],
  ): void {
    this.#count(runtime, inputs.length + outputs.length);
    const values = this.builder.addNode({
      ...node,
      inputs: inputs.map((input) => input && this.valueOf(input)),
      outputTypes: result.outputs,
      work: result.work,
      isView: result.isView,
      scope: this.scopePath,
      sources: runtime.callStack(),
    });
    outputs.forEach((tensor, index) => this.bindValue(tensor, values[index] as ValueId));
    this.observer?.onNode?.(node.op, node.attributes, inputs, outputs);
  }

  /** Counts a node; the execution ends where they are too many. */
  #count({ budget }: Runtime, tensors: number): void {
    const limit = budget.bounds.graphNodes;
    if (this.builder.nodeCount >= limit) {
      throw new BoundExceeded('graphNodes', `Stopped after recording ${limit} operations.`);
    }
    budget.allocate(NODE_BYTES + TENSOR_BYTES * tensors);
  }
}

/** What a node takes in the graph, and each tensor that it reads or makes. */
const NODE_BYTES = 800;
const TENSOR_BYTES = 100;

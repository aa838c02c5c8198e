/**
 * Builds a ModelGraph node by node, in execution order. One builder makes one graph. All front ends pass here, so here
 * sizes that no tensor can have become unknown.
 */
import type { SourceRange } from '../base/text.ts';
import type {
  GraphNode,
  GraphPort,
  GraphValue,
  ModelGraph,
  NodeId,
  Parameter,
  ParameterId,
  Scope,
  ScopeCall,
  ValueId,
  ValueOrigin,
} from './modelGraph.ts';
import { checkedType, sizesOnly, type ValueType } from './tensorType.ts';

export type NewNode = Omit<GraphNode, 'id' | 'outputs'> & {
  readonly outputTypes: readonly ValueType[];
  /** Names of the outputs where the front end has them (ONNX); else made from the node's number. */
  readonly outputNames?: readonly string[];
};

export type NewScope = Omit<Scope, 'calls'>;

export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #values: GraphValue[] = [];
  readonly #parameters: Parameter[] = [];
  readonly #parameterValues = new Map<ParameterId, ValueId>();
  readonly #scopes = new Map<string, NewScope>();
  readonly #calls = new Map<string, ScopeCall[]>();
  readonly #inputs: GraphPort[] = [];
  readonly #outputs: GraphPort[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  value(id: ValueId): GraphValue {
    // Ids are made by this builder alone, as indices.
    return this.#values[id] as GraphValue;
  }

  addInput(name: string, type: ValueType): ValueId {
    const value = this.#addValue(name, type, { kind: 'input' });
    this.#inputs.push({ name, value });
    return value;
  }

  addConstant(name: string, type: ValueType): ValueId {
    return this.#addValue(name, type, { kind: 'constant' });
  }

  /** Adds a stored tensor; the caller keeps the id and does not add a shared one twice. */
  addParameter(parameter: Omit<Parameter, 'id'>): ParameterId {
    const id = this.#parameters.length as ParameterId;
    this.#parameters.push({ ...parameter, shape: sizesOnly(parameter.shape), id });
    return id;
  }

  /** The value by which nodes read a parameter. */
  parameterValue(id: ParameterId): ValueId {
    let value = this.#parameterValues.get(id);
    if (value === undefined) {
      const { name, dtype, shape } = this.#parameters[id] as Parameter;
      value = this.#addValue(name, { kind: 'tensor', dtype, shape }, { kind: 'parameter', parameter: id });
      this.#parameterValues.set(id, value);
    }
    return value;
  }

  addNode(node: NewNode): readonly ValueId[] {
    const { outputTypes, outputNames, ...rest } = node;
    const id = this.#nodes.length as NodeId;
    const outputs = outputTypes.map((type, outputIndex) => {
      const fallback = outputTypes.length === 1 ? `${node.op}_${id}` : `${node.op}_${id}.${outputIndex}`;
      return this.#addValue(outputNames?.[outputIndex] ?? fallback, type, { kind: 'node', node: id, outputIndex });
    });
    this.#nodes.push({ ...rest, id, outputs });
    return outputs;
  }

  addOutput(name: string, value: ValueId): void {
    this.#outputs.push({ name, value });
  }

  /** Declares a module once; a later declaration of the same path replaces what is known of it. */
  declareScope(scope: NewScope): void {
    this.#scopes.set(scope.path, scope);
  }

  addScopeCall(path: string, inputs: readonly ValueId[], outputs: readonly ValueId[], site?: SourceRange): void {
    const calls = this.#calls.get(path);
    const call: ScopeCall = { inputs, outputs, site };
    if (calls === undefined) this.#calls.set(path, [call]);
    else calls.push(call);
  }

  finish(): ModelGraph {
    return {
      name: this.#name,
      nodes: this.#nodes,
      values: this.#values,
      parameters: this.#parameters,
      scopes: [...this.#scopes.values()].map((scope) => ({ ...scope, calls: this.#calls.get(scope.path) ?? [] })),
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #addValue(name: string, type: ValueType, origin: ValueOrigin): ValueId {
    const id = this.#values.length as ValueId;
    this.#values.push({ id, name, type: checkedType(type), origin });
    return id;
  }
}

/**
 * One node with everything that its mapping asks for: types and constants of inputs, attributes by type, the version
 * of its operator set, and where to say what was taken for granted or is wrong.
 */
import type { Severity } from '../../base/problems.ts';
import type { Dim } from '../../graph/dim.ts';
import { tensorType, type TensorType, type ValueType } from '../../graph/tensorType.ts';
import type { OnnxAssumption } from './frame.ts';
import type { AttributeMap, OnnxGraph, OnnxNode, OnnxTensor, OnnxType } from './onnxModel.ts';
import type { ConstantTensor, OnnxValue } from './onnxValue.ts';

/** What a mapping may say besides its result. */
export interface NodeReporter {
  problem(code: string, severity: Severity, message: string): void;
  assume(kind: OnnxAssumption['kind'], message: string): void;
  /** The elements of a tensor that stands in an attribute, where they are few and readable. */
  readTensor(tensor: OnnxTensor): ConstantTensor | undefined;
}

export class NodeCall {
  readonly node: OnnxNode;
  /** Undefined for an optional input that is left out. */
  readonly inputs: readonly (OnnxValue | undefined)[];
  /** Version of the operator set that the node's operator is from. */
  readonly opset: number;
  readonly attributes: AttributeMap;
  readonly reporter: NodeReporter;

  constructor(
    node: OnnxNode,
    inputs: readonly (OnnxValue | undefined)[],
    opset: number,
    attributes: AttributeMap,
    reporter: NodeReporter,
  ) {
    this.node = node;
    this.inputs = inputs;
    this.opset = opset;
    this.attributes = attributes;
    this.reporter = reporter;
  }

  /** Number of outputs up to the last one that has a name. */
  get outputCount(): number {
    return this.node.outputs.findLastIndex((name) => name !== '') + 1;
  }

  hasInput(index: number): boolean {
    return this.inputs[index] !== undefined;
  }

  /** Type of any kind; undefined for an input that is left out. */
  type(index: number): ValueType | undefined {
    return this.inputs[index]?.type;
  }

  /** Undefined for an input that is left out; of unknown type and rank for what is no tensor. */
  tensor(index: number): TensorType | undefined {
    const type = this.inputs[index]?.type;
    return type === undefined || type.kind === 'tensor' ? type : tensorType('unknown', undefined);
  }

  /** All inputs, or those of some indices, as tensors. */
  tensors(...indices: readonly number[]): readonly (TensorType | undefined)[] {
    const wanted = indices.length === 0 ? this.inputs.keys() : indices;
    return [...wanted].map((index) => this.tensor(index));
  }

  constant(index: number): ConstantTensor | undefined {
    return this.inputs[index]?.constant?.();
  }

  /** Elements of an input of integers, flat; undefined where they are not known. */
  dims(index: number): readonly Dim[] | undefined {
    return this.constant(index)?.elements;
  }

  /** As dims, where all of them are plain numbers. */
  numbers(index: number): readonly number[] | undefined {
    const elements = this.dims(index);
    return elements?.every((element) => typeof element === 'number') === true ? elements : undefined;
  }

  int(name: string): number | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'int' ? value.int : undefined;
  }

  flag(name: string, fallback = 0): boolean {
    return (this.int(name) ?? fallback) !== 0;
  }

  float(name: string): number | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'float' ? value.float : undefined;
  }

  string(name: string): string | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'string' ? value.string : undefined;
  }

  ints(name: string): readonly number[] | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'ints' ? value.ints : undefined;
  }

  floats(name: string): readonly number[] | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'floats' ? value.floats : undefined;
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'strings' ? value.strings : undefined;
  }

  attributeTensor(name: string): OnnxTensor | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'tensor' ? value.tensor : undefined;
  }

  graph(name: string): OnnxGraph | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'graph' ? value.graph : undefined;
  }

  typeProto(name: string): OnnxType | undefined {
    const value = this.attributes.get(name);
    return value?.kind === 'type' ? value.type : undefined;
  }
}

/**
 * ModelGraph: the one form that every front end maps its world to. A DAG of nodes over values, with
 * parameters (counted once however often used), a tree of module scopes, and the source ranges behind all.
 */
import type { SourceRange } from '../base/text.ts';
import type { Dim } from './dim.ts';
import type { Shape, ValueType } from './tensorType.ts';
import type { DType } from './dtype.ts';

export type NodeId = number & { readonly brand: 'node' };
export type ValueId = number & { readonly brand: 'value' };
export type ParameterId = number & { readonly brand: 'parameter' };

export type AttributeValue =
  Dim | string | boolean | null | readonly AttributeValue[] | { readonly [key: string]: AttributeValue };
export interface Attributes {
  readonly [name: string]: AttributeValue | undefined;
}

/** The work of one node, each figure exact, symbolic, or unknown with its reason. */
export interface NodeWork {
  readonly macs: Dim;
  readonly elementwiseOps: Dim;
  readonly bytesRead: Dim;
  readonly bytesWritten: Dim;
}

export interface GraphNode {
  readonly id: NodeId;
  /** Canonical operator name, or "unknown" for what we do not know (then `originalOp` tells). */
  readonly op: string;
  /** The name in the front end's world: "torch.nn.functional.conv2d", "Conv", "com.microsoft.Attention". */
  readonly originalOp: string;
  readonly attributes: Attributes;
  /** Undefined for an optional input that was left out. */
  readonly inputs: readonly (ValueId | undefined)[];
  readonly outputs: readonly ValueId[];
  readonly work: NodeWork;
  readonly isView: boolean;
  /** Path of the innermost module that ran it: "layer1.0.conv1"; "" is the model itself. */
  readonly scope: string;
  /** Where it was called, innermost first: the expression, then the call sites that led there. */
  readonly sources: readonly SourceRange[];
}

export type ValueOrigin =
  | { readonly kind: 'input' }
  | { readonly kind: 'node'; readonly node: NodeId; readonly outputIndex: number }
  | { readonly kind: 'parameter'; readonly parameter: ParameterId }
  /** Made by the program and not counted as a weight: `torch.zeros(...)`, an ONNX Constant. */
  | { readonly kind: 'constant' };

export interface GraphValue {
  readonly id: ValueId;
  readonly name: string;
  readonly type: ValueType;
  readonly origin: ValueOrigin;
}

/** A stored tensor. Shared ones stand here once, under the name that was registered first. */
export interface Parameter {
  readonly id: ParameterId;
  /** "layer1.0.conv1.weight" */
  readonly name: string;
  /** `any` stands for a part of the model that could not be read: it may hold parameters and buffers of any size. */
  readonly kind: 'parameter' | 'buffer' | 'any';
  readonly dtype: DType;
  readonly shape: Shape;
  /** Where the layer that owns it was created. */
  readonly created: SourceRange | undefined;
}

/** One module of the hierarchy. */
export interface Scope {
  readonly path: string;
  /** "Conv2d", "Bottleneck"; for ONNX, the operator or the function. */
  readonly typeName: string;
  readonly parent: string | undefined;
  readonly created: SourceRange | undefined;
  /** Registered directly on this module; a shared parameter stands in every module that holds it. */
  readonly parameters: readonly ParameterId[];
  readonly calls: readonly ScopeCall[];
  /** Whether it has child modules. */
  readonly isLeaf: boolean;
}

/** One execution of a module. */
export interface ScopeCall {
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly site: SourceRange | undefined;
}

export interface GraphPort {
  readonly name: string;
  readonly value: ValueId;
}

export interface ModelGraph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly values: readonly GraphValue[];
  readonly parameters: readonly Parameter[];
  /** Parents before children; the root has path "". */
  readonly scopes: readonly Scope[];
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
}

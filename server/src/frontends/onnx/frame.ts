/**
 * What is known while a graph is read: one Evaluation for the model, and one Frame for each graph body in it (the main
 * graph, a branch, a loop's body, a function's call), which sees the values of the frames around it.
 */
import type { Problem, Severity } from '../../base/problems.ts';
import type { Dim } from '../../graph/dim.ts';
import { GraphBuilder } from '../../graph/graphBuilder.ts';
import { shortened } from './operatorNames.ts';
import type { AttributeMap, OnnxFunction, OnnxTensor, OnnxType } from './onnxModel.ts';
import type { ConstantTensor, OnnxValue } from './onnxValue.ts';
import { valueTypeOf } from './valueTypes.ts';
import type { ValueType } from '../../graph/tensorType.ts';
import { readTensorData, type TensorSources } from './tensorData.ts';
import { dtypeOfCode } from './dataTypes.ts';
import { byteProblem } from './readModel.ts';
import type { Expansions } from './expansion.ts';
import type { OnnxBudget } from './onnxBudget.ts';
import { ScopeTree } from './scopeTree.ts';

/** What was taken for granted: which branch runs and how often, or work that is not counted. */
export interface OnnxAssumption {
  readonly kind: 'branch' | 'other';
  readonly message: string;
}

/** Shared by all frames of a model; trial runs have one of their own that keeps nothing. */
export interface Evaluation {
  readonly file: string;
  readonly sources: TensorSources;
  readonly builder: GraphBuilder;
  readonly scopes: ScopeTree;
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  /** What symbols of the file stand for, as the user gave it. */
  readonly bindings: ReadonlyMap<string, Dim>;
  readonly problems: Problem[];
  /** Messages, each once, with what they are about. */
  readonly assumptions: Map<string, OnnxAssumption['kind']>;
  /** Why operators are not understood, by their name. */
  readonly unknownReasons: Map<string, string>;
  /** Whether sizes that the file declares still hold: not where the user gave other inputs. */
  readonly trustsDeclared: boolean;
  /** Shared with trial runs. */
  readonly budget: OnnxBudget;
  readonly expansions: Expansions;
  /** Why parts of the model are missing from the graph: no total is known then. */
  readonly omissions: Set<string>;
}

export interface Frame {
  readonly evaluation: Evaluation;
  readonly values: Map<string, OnnxValue>;
  /** Optional inputs of a function that its call leaves out. */
  readonly leftOut: ReadonlySet<string>;
  /** Values of nodes on a cycle: read before they are made, and unknown then. */
  readonly cyclic: Set<string>;
  /** Frames whose values can be read here: a branch's graph sees the one around it, a function none. */
  readonly outer: Frame | undefined;
  readonly opsets: ReadonlyMap<string, number>;
  /** Types that the file declares of values. */
  readonly declared: ReadonlyMap<string, OnnxType>;
  /** In a function: its attributes, which `ref_attr_name` reads. */
  readonly arguments: AttributeMap | undefined;
  /** Scope of the node that this body belongs to; '' for the model itself. */
  readonly scope: string;
  /** How often this body runs in one pass. */
  readonly runs: Dim;
  /** Function calls and bodies around this one. */
  readonly depth: number;
}

export const DEEPEST_FRAME = 64;

export function findValue(frame: Frame, name: string): OnnxValue | undefined {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    const value = at.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The same frame under an evaluation that keeps nothing: to learn types before the real run, or of a way not taken. */
export function trialOf(frame: Frame): Frame {
  const builder = new GraphBuilder('trial');
  const { evaluation: outer } = frame;
  const evaluation: Evaluation = {
    ...outer,
    builder,
    scopes: new ScopeTree(builder, 'trial', outer.budget),
    problems: [],
    omissions: new Set(),
    assumptions: new Map(),
    unknownReasons: new Map(),
  };
  return { ...frame, evaluation };
}

/** Names of values in bodies carry their scope, so that they differ from those of the model. */
export function valueName(frame: Frame, name: string): string {
  if (frame.scope === '') return name;
  frame.evaluation.budget.name(frame.scope.length + name.length);
  return `${frame.scope}/${name}`;
}

/** What the file declares of a value, where that still holds. */
export function declaredType(frame: Frame, name: string): ValueType | undefined {
  const declared = frame.evaluation.trustsDeclared ? frame.declared.get(name) : undefined;
  return declared === undefined ? undefined : valueTypeOf(declared, frame.evaluation.bindings);
}

export function reportAt(
  evaluation: Evaluation,
  byteOffset: number,
  code: string,
  severity: Severity,
  message: string,
): void {
  if (evaluation.problems.length >= MOST_PROBLEMS) return;
  evaluation.problems.push(byteProblem(evaluation.file, code, severity, shortened(message, 2_000), byteOffset));
}

/** More say nothing new. */
const MOST_PROBLEMS = 500;

/** Elements of a stored tensor, where they are few; what cannot be read is a problem. */
export function readConstant(
  evaluation: Evaluation,
  tensor: OnnxTensor,
  mostElements: number,
): ConstantTensor | undefined {
  const result = readTensorData(evaluation.sources, tensor, mostElements);
  if (result.kind === 'problem') {
    reportAt(evaluation, result.byteOffset, 'onnx-bad-tensor', 'warning', result.message);
    return undefined;
  }
  if (result.kind === 'tooLarge' || result.data.kind === 'strings') return undefined;
  return { dtype: dtypeOfCode(tensor.dataType), shape: tensor.dims, elements: result.data.values };
}

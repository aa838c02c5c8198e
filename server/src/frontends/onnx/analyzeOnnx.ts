/**
 * From a .onnx file to the ModelGraph: the front end's surface.
 * analyzeOnnx(source, { file: 'resnet18.onnx' }) -> nodes with shapes, parameters and work, and problems at bytes.
 */
import type { Problem } from '../../base/problems.ts';
import { GraphBuilder } from '../../graph/graphBuilder.ts';
import type { ModelGraph, ParameterId } from '../../graph/modelGraph.ts';
import { unknownDim } from '../../graph/dim.ts';
import { tensorType, type ValueType } from '../../graph/tensorType.ts';
import { unknownWork } from '../../operators/operator.ts';
import type { ByteSource } from './byteSource.ts';
import { evaluateNodes } from './evaluateNodes.ts';
import { expansionsOf } from './expansion.ts';
import { reportAt, type Evaluation, type Frame, type OnnxAssumption } from './frame.ts';
import { functionKey } from './operatorNames.ts';
import { graphInputs, type GivenShape } from './graphInputs.ts';
import { ONNX_BOUNDS, OnnxBoundExceeded, OnnxBudget, type OnnxBounds } from './onnxBudget.ts';
import type { OnnxGraph, OnnxModel } from './onnxModel.ts';
import type { OnnxValue } from './onnxValue.ts';
import { opsetVersions } from './opsetVersions.ts';
import { byteProblem, readModel } from './readModel.ts';
import { ScopeTree } from './scopeTree.ts';
import { defineInitializers } from './storedTensors.ts';
import { declaredTypes, valueTypeOf } from './valueTypes.ts';

export interface OnnxOptions {
  /** As it is quoted in problems. */
  readonly file: string;
  /** Shapes of inputs, by name or by position; they also tell what the file's named sizes are. */
  readonly inputShapes?: readonly GivenShape[];
  /** Opens a file of external data by its location, relative to the model; undefined where it is not there. */
  readonly external?: (location: string) => ByteSource | undefined;
  /** Whether types that the file declares of inner values and outputs fill gaps of our own; true where left out. */
  readonly usesDeclared?: boolean;
  /** The host's wish to end; asked every few nodes. */
  readonly shouldStop?: () => boolean;
  /** What reading may cost; ONNX_BOUNDS where left out. */
  readonly bounds?: OnnxBounds;
}

export interface OnnxResult {
  /** Undefined where nothing could be read. */
  readonly graph: ModelGraph | undefined;
  readonly model: OnnxModel | undefined;
  readonly problems: readonly Problem[];
  readonly assumptions: readonly OnnxAssumption[];
  /** Why operators are not understood, by `originalOp` of nodes whose `op` is "unknown". */
  readonly unknownReasons: ReadonlyMap<string, string>;
  /** Types of the main graph's values, by their name in the file. */
  readonly valueTypes: ReadonlyMap<string, ValueType>;
}

/** Reads a model and infers shapes and work; weights are not read. Never throws on the file's contents. */
export function analyzeOnnx(source: ByteSource, options: OnnxOptions): OnnxResult {
  const read = readModel(source, options.file, options.shouldStop);
  const model = read.kind === 'ok' ? read.model : undefined;
  if (read.kind === 'problem') return failed(undefined, [read.problem]);
  if (model?.graph === undefined) return failed(model, [...read.problems, noGraph(options.file)]);
  return analyzeModel(source, model, model.graph, read.problems, options);
}

function analyzeModel(
  source: ByteSource,
  model: OnnxModel,
  graph: OnnxGraph,
  problems: readonly Problem[],
  options: OnnxOptions,
): OnnxResult {
  const { file, inputShapes = [], external, usesDeclared = true, shouldStop = (): boolean => false } = options;
  const name = modelName(graph, file);
  const builder = new GraphBuilder(name);
  const given = graphInputs(graph, inputShapes, file);
  const budget = new OnnxBudget(options.bounds ?? ONNX_BOUNDS, shouldStop);
  const functions = new Map(model.functions.map((each) => [functionKey(each.domain, each.name, each.overload), each]));
  const evaluation: Evaluation = {
    file,
    sources: { model: source, ...(external === undefined ? {} : { external }) },
    builder,
    scopes: new ScopeTree(builder, name, budget),
    functions,
    bindings: given.bindings,
    problems: [...problems, ...given.problems],
    assumptions: new Map(),
    unknownReasons: new Map(),
    trustsDeclared: usesDeclared && given.trustsDeclared,
    budget,
    expansions: expansionsOf(functions),
    omissions: new Set(problems.some(({ severity }) => severity === 'error') ? [NOT_READ] : []),
  };
  const frame: Frame = {
    evaluation,
    values: new Map(),
    leftOut: new Set(),
    cyclic: new Set(),
    outer: undefined,
    opsets: opsetVersions(evaluation, model.opsetImports),
    declared: declaredTypes(graph),
    arguments: undefined,
    scope: '',
    runs: 1,
    depth: 0,
  };
  for (const input of given.inputs) defineInput(frame, input.name, input.type);
  const inputIds = given.inputs.flatMap((input) => frame.values.get(input.name)?.id ?? []);
  const stored: ParameterId[] = [];
  const isWhole = withinBounds(evaluation, () => {
    defineInitializers(frame, graph);
    stored.push(...[...frame.values.values()].flatMap(({ parameter }) => parameter ?? []));
    evaluateNodes(frame, graph.nodes);
  });
  const outputs = defineOutputs(frame, graph, isWhole);
  for (const reason of evaluation.omissions) {
    evaluation.unknownReasons.set('left out', reason);
    noteOmission(builder, reason);
  }
  evaluation.scopes.addToRoot(unread(builder, stored), name);
  builder.addScopeCall(
    '',
    inputIds,
    outputs.map(({ id }) => id),
  );
  return {
    graph: builder.finish(),
    model,
    problems: evaluation.problems,
    assumptions: [...evaluation.assumptions].map(([message, kind]) => ({ kind, message })),
    unknownReasons: evaluation.unknownReasons,
    valueTypes: new Map([...frame.values].map(([each, { type }]) => [each, type])),
  };
}

const NOT_READ = 'the file could not be read in full';

/** Runs until a bound ends it, which is reported at the node that was being read; whether it came to its end. */
function withinBounds(evaluation: Evaluation, body: () => void): boolean {
  try {
    body();
    return true;
  } catch (error) {
    if (!(error instanceof OnnxBoundExceeded)) throw error;
    const message = `Stopped here: ${error.message}. The rest of the graph is left out, and the totals are unknown.`;
    evaluation.problems.push(byteProblem(evaluation.file, error.code, 'error', message, evaluation.budget.byteOffset));
    evaluation.omissions.add(error.message);
    return false;
  }
}

/** A part of the model is not in the graph: it may compute anything, and hold anything. */
function noteOmission(builder: GraphBuilder, reason: string): void {
  builder.addParameter({ name: '*', kind: 'any', dtype: 'unknown', shape: [unknownDim(reason)], created: undefined });
  builder.addNode({
    op: 'unknown',
    originalOp: 'left out',
    attributes: { reason },
    inputs: [],
    outputTypes: [tensorType('unknown', undefined)],
    work: unknownWork(reason),
    isView: false,
    scope: '',
    sources: [],
  });
}

function defineInput(frame: Frame, name: string, type: ValueType): void {
  if (frame.values.has(name)) {
    reportAt(frame.evaluation, 0, 'onnx-duplicate-name', 'error', `Two inputs have the name "${name}".`);
    return;
  }
  const id = frame.evaluation.builder.addInput(name, type);
  frame.values.set(name, { id, type, constant: undefined, parameter: undefined });
}

function defineOutputs(frame: Frame, graph: OnnxGraph, isWhole: boolean): readonly OnnxValue[] {
  const { evaluation, values } = frame;
  return graph.outputs.flatMap((output) => {
    const value = values.get(output.name);
    if (value !== undefined) {
      evaluation.builder.addOutput(output.name, value.id);
      return [value];
    }
    const message = `Nothing gives the output "${output.name}".`;
    if (isWhole) reportAt(evaluation, output.byteOffset, 'onnx-missing-value', 'error', message);
    const type =
      output.type === undefined ? tensorType('unknown', undefined) : valueTypeOf(output.type, evaluation.bindings);
    evaluation.builder.addOutput(output.name, evaluation.builder.addConstant(output.name, type));
    return [];
  });
}

/** Stored tensors that no node reads. */
function unread(builder: GraphBuilder, stored: readonly ParameterId[]): readonly ParameterId[] {
  const read = new Set(builder.finish().scopes.flatMap(({ parameters }) => parameters));
  return stored.filter((id) => !read.has(id));
}

/** The graph's name where it has one that tells something; else the file's. */
function modelName(graph: OnnxGraph, file: string): string {
  const base = file.replace(/^.*[/\\]/, '').replace(/\.onnx$/i, '');
  const isTelling = graph.name !== '' && !GENERIC_NAMES.has(graph.name);
  return isTelling ? graph.name : base;
}

/** What exporters write where the user gave no name. */
const GENERIC_NAMES: ReadonlySet<string> = new Set([
  'main_graph',
  'torch_jit',
  'torch-jit-export',
  'graph',
  'main',
  'tf2onnx',
]);

function noGraph(file: string): Problem {
  return {
    code: 'onnx-not-a-model',
    severity: 'error',
    message: 'The model has no graph.',
    location: { kind: 'bytes', file, byteOffset: 0 },
  };
}

function failed(model: OnnxModel | undefined, problems: readonly Problem[]): OnnxResult {
  return { graph: undefined, model, problems, assumptions: [], unknownReasons: new Map(), valueTypes: new Map() };
}

/**
 * From a name in a Python file to a ModelGraph: makes the model, gives it inputs, runs its forward symbolically.
 * trace({ project, file: '/work/net.py', target: 'Net', inputs: [{ shape: [1, 3, 32, 32] }] }) -> the graph with its
 * parameters, scopes and call sites. Never throws for what user code does; a forward that fails keeps what it had.
 */
import type { Problem } from '../../base/problems.ts';
import type { SourceRange } from '../../base/text.ts';
import type { Executor, ExecutorHooks } from '../../evaluation/executor.ts';
import { noteFailure } from '../../evaluation/failures.ts';
import { Notes } from '../../evaluation/notes.ts';
import type { PythonProject, RunOptions, RunResult } from '../../evaluation/project.ts';
import type { Bounds } from '../../evaluation/bounds.ts';
import { PyClass, PyFunction, PyUnknown, type Value } from '../../evaluation/values.ts';
import type { ModelGraph } from '../../graph/modelGraph.ts';
import { printShape } from '../../graph/tensorType.ts';
import { GraphRecorder, type TraceObserver, type UnknownOperation } from './graphRecorder.ts';
import { namedModules, ModuleValue } from './modules/moduleValue.ts';
import { CallSiteCollector, type TracedCallSite } from './tracing/callSites.ts';
import { forwardSignature } from './tracing/forwardSignature.ts';
import { dryRun, prepareInputs, runForward } from './tracing/forwardRun.ts';
import { deduceDTypes, deduceInputs } from './tracing/inputDeduction.ts';
import type { InputSpec } from './tracing/inputSpec.ts';
import { namedOutputs } from './tracing/namedOutputs.ts';
import { atFirstCall, findUsage, mayBeUsedAtTopLevel, type Usage } from './tracing/usage.ts';

/** An argument of the model's constructor or builder: a value, or the text of a Python expression. */
export type TraceArgument = { readonly name?: string | undefined } & (
  { readonly value: Value } | { readonly text: string }
);

export interface TraceRequest {
  readonly project: PythonProject;
  readonly file: string;
  /** A name of the module, dotted for what stands in it: "resnet50", "Net", "models.small". */
  readonly target: string;
  readonly args?: readonly TraceArgument[];
  /** Undefined: deduced from the model. */
  readonly inputs: readonly InputSpec[] | undefined;
  /** Asked now and then; true ends the trace. */
  readonly shouldStop?: () => boolean;
  readonly bounds?: Partial<Bounds>;
}

export interface TraceAssumption {
  readonly kind: 'input' | 'other';
  readonly message: string;
  readonly range: SourceRange | undefined;
}

export interface TracedModel {
  readonly typeName: string;
  readonly kind: 'class' | 'function' | 'instance';
  /** The target's definition, where it has one. */
  readonly definition: SourceRange | undefined;
}

export interface TraceResult {
  /** Undefined where there is no model; partial where its forward failed. */
  readonly graph: ModelGraph | undefined;
  readonly model: TracedModel | undefined;
  /** What forward was given, given or deduced. */
  readonly inputs: readonly InputSpec[];
  readonly callSites: readonly TracedCallSite[];
  readonly assumptions: readonly TraceAssumption[];
  /** Of this trace; those of parsing and loading the file are in `project.module(file)`. */
  readonly problems: readonly Problem[];
  readonly unknowns: readonly UnknownOperation[];
  /** True where a bound or the host's wish cut the trace. */
  readonly wasBounded: boolean;
}

/** Traces one model. Everything that it changes in the project's objects is taken back. */
export function trace(request: TraceRequest): TraceResult {
  const { project, file, shouldStop, bounds } = request;
  const state: Partial<Traced> = {};
  const options: RunOptions = {
    file,
    hooks: hooksOf(state),
    ...(shouldStop === undefined ? {} : { shouldStop }),
    ...(bounds === undefined ? {} : { bounds }),
  };
  const first = project.run(options, (executor) => soughtAtTopLevel(executor, request));
  const sought = first.value;
  const atCall = sought === undefined ? undefined : traceAtFirstCall(request, options, sought, state);
  const result =
    atCall ??
    project.run(options, (executor) => {
      // It may run a second time.
      for (const key of Object.keys(state)) Reflect.deleteProperty(state, key);
      state.executor = executor;
      traceWithin(executor, request, state);
    });
  return {
    graph: state.recorder?.builder.finish(),
    model: state.model,
    inputs: state.inputs ?? [],
    callSites: state.sites ?? [],
    assumptions: [
      ...(state.inputNote === undefined
        ? []
        : [{ kind: 'input' as const, message: state.inputNote, range: state.model?.definition }]),
      ...(state.usage === undefined ? [] : [usageAssumption(state.usage)]),
      ...result.assumptions.map(({ message, range }) => ({ kind: 'other' as const, message, range })),
    ],
    problems: result.problems,
    unknowns: state.recorder?.unknowns ?? [],
    wasBounded: result.wasBounded,
  };
}

function hooksOf(state: Partial<Traced>): ExecutorHooks {
  const note = (range: SourceRange, callee: Value, result: Value): void => {
    state.collector?.add(range, callee, result);
  };
  return {
    onCallResult: note,
    onExpressionResult: (range, value) => note(range, null, value),
    onUnknownCall: (callee, positional, keywords) => {
      const { collector, executor, recorder } = state;
      const args = [...positional, ...keywords.values()];
      if (collector === undefined) {
        if (args.some((each) => each instanceof ModuleValue)) {
          executor?.omit(`A module was given to an unknown function, which may change it (${callee.reason}).`);
        }
        return;
      }
      if (executor === undefined) return;
      recorder?.noteUnknownCall(callee);
      recorder?.noteUnknownWork(executor, callee, args);
    },
  };
}

/** The class or instance, where nothing is given for it and the file's top level may call it. */
function soughtAtTopLevel(executor: Executor, request: TraceRequest): Sought | undefined {
  const { args = [], inputs, project, file } = request;
  if (args.length > 0 || inputs !== undefined) return undefined;
  const builder = resolveTarget(executor, request);
  if (!(builder instanceof PyClass) && !(builder instanceof ModuleValue)) return undefined;
  if (!mayBeUsedAtTopLevel(project, file, builder)) return undefined;
  return { builder, kind: builder instanceof PyClass ? 'class' : 'instance', definition: definitionOf(builder) };
}

interface Sought {
  readonly builder: PyClass | ModuleValue;
  readonly kind: TracedModel['kind'];
  readonly definition: SourceRange | undefined;
}

/** Traces the first call that the file's top level makes, as it makes it; undefined where it makes none. */
function traceAtFirstCall(
  request: TraceRequest,
  options: RunOptions,
  { builder, kind, definition }: Sought,
  state: Partial<Traced>,
): Pick<RunResult<void>, 'problems' | 'assumptions' | 'wasBounded'> | undefined {
  const { project, file } = request;
  const notes = new Notes(file);
  state.executor = project.executor;
  const isFound = atFirstCall(project, file, builder, options, (executor, usage) => {
    const outer = { notes: executor.notes, hooks: executor.hooks };
    const omissions = [...executor.notes.omissions];
    Object.assign(executor, { notes, hooks: options.hooks });
    [state.omission] = omissions;
    state.usage = usage;
    state.model = { typeName: usage.model.class_.name, kind, definition };
    try {
      executor.callMethod(usage.model, 'eval');
      runModel(executor, request, usage.model, deduceDTypes(executor, usage.model, usage.inputs), state, undefined);
    } catch (error) {
      noteFailure(executor, error);
    } finally {
      Object.assign(executor, outer);
    }
  });
  return isFound ? notes : undefined;
}

function usageAssumption({ inputs, site }: Usage): TraceAssumption {
  const shapes = inputs.map(({ shape }) => printShape(shape)).join(', ');
  return { kind: 'other', message: `arguments and input ${shapes} as the file itself uses the model`, range: site };
}

/** What a trace found so far; kept when it fails. */
interface Traced {
  executor: Executor;
  model: TracedModel;
  inputs: readonly InputSpec[];
  inputNote: string;
  usage: Usage | undefined;
  /** Why the model may lack layers: code that makes it was left out. */
  omission: string | undefined;
  recorder: GraphRecorder;
  /** Set while forward runs. */
  collector: CallSiteCollector | undefined;
  sites: readonly TracedCallSite[];
}

function traceWithin(executor: Executor, request: TraceRequest, state: Partial<Traced>): void {
  const builder = resolveTarget(executor, request);
  const kind = builder instanceof PyClass ? 'class' : builder instanceof ModuleValue ? 'instance' : 'function';
  const usage = usageOf(executor, request, builder);
  const model =
    usage?.model ?? (kind === 'instance' || !isCallable(builder) ? builder : makeModel(executor, request, builder));
  if (!(model instanceof ModuleValue)) {
    reportNoModel(executor, request.target, model);
    return;
  }
  [state.omission] = executor.notes.omissions;
  state.model = { typeName: model.class_.name, kind, definition: definitionOf(builder) };
  executor.callMethod(model, 'eval');
  state.usage = usage;
  const run = (inputs: readonly InputSpec[], observer?: TraceObserver): void =>
    runModel(executor, request, model, inputs, state, observer);
  try {
    const given = usage?.inputs ?? request.inputs;
    if (given !== undefined) {
      run(deduceDTypes(executor, model, given));
      return;
    }
    const { inputs, description, isAccepted } = deduceInputs(executor, model, builder, run);
    state.inputNote = description;
    if (!isAccepted) run(inputs);
  } catch (error) {
    noteFailure(executor, error);
  }
}

/** Runs forward into a new graph; what an earlier run left is dropped. Exceptions pass. */
function runModel(
  executor: Executor,
  { target }: TraceRequest,
  model: ModuleValue,
  inputs: readonly InputSpec[],
  state: Partial<Traced>,
  observer: TraceObserver | undefined,
): void {
  const prepared = prepareInputs(executor, forwardSignature(executor, model), inputs);
  if (hasLazyLayers(executor, model)) dryRun(executor, model, prepared);
  const recorder = new GraphRecorder(target, observer);
  const collector = new CallSiteCollector(recorder);
  state.inputs = inputs;
  state.recorder = recorder;
  state.collector = collector;
  const omittedBefore = executor.notes.omissions.length;
  try {
    const result = runForward(executor, recorder, model, prepared);
    for (const { name, tensor } of namedOutputs(executor, result)) {
      recorder.builder.addOutput(name, recorder.valueOf(tensor));
    }
    if (result instanceof PyUnknown) reportUnknownOutput(executor, recorder, target, result);
  } catch (error) {
    recorder.noteOmittedWork('forward did not run to its end');
    throw error;
  } finally {
    const omitted = executor.notes.omissions[omittedBefore];
    // A model that may lack layers may do more than what ran.
    const missing = omitted ?? state.omission;
    if (missing !== undefined) recorder.noteOmittedWork(missing);
    if (state.omission !== undefined) recorder.noteOmittedParameters(state.omission);
    state.collector = undefined;
    state.sites = collector.sites();
  }
}

function resolveTarget(executor: Executor, { project, file, target }: TraceRequest): Value {
  let value: Value = project.module(file).module;
  for (const name of target.split('.')) value = executor.getAttribute(value, name);
  return value;
}

function makeModel(executor: Executor, request: TraceRequest, builder: Value): Value {
  const { project, file, args = [] } = request;
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  for (const argument of args) {
    const value =
      'value' in argument ? argument.value : project.evaluateText(project.module(file).module, argument.text);
    if (value === undefined) {
      const text = 'text' in argument ? argument.text : '';
      executor.report('invalid-argument', 'error', `The argument \`${text}\` is no Python expression; it is left out.`);
    } else if (argument.name === undefined) positional.push(value);
    else keywords.set(argument.name, value);
  }
  return executor.call(builder, positional, keywords);
}

/** How the file itself calls the model, where nothing else says what to build and with which input. */
function usageOf(executor: Executor, request: TraceRequest, builder: Value): Usage | undefined {
  const { args = [], inputs, project, file } = request;
  if (!(builder instanceof PyClass) || args.length > 0 || inputs !== undefined) return undefined;
  return findUsage(executor, project, file, builder);
}

function hasLazyLayers(executor: Executor, model: ModuleValue): boolean {
  const classes = new Set(namedModules(model).map(([, module]) => module.class_));
  return [...classes].some((each) => executor.lookupInClass(each, '_infer_parameters') !== undefined);
}

/** What can be called at all; of instances, calling tells. */
function isCallable(value: Value): boolean {
  if (value === null || typeof value !== 'object') return false;
  return ['function', 'native', 'class', 'boundMethod', 'instance', 'staticMethod'].includes(value.kind);
}

function reportUnknownOutput(executor: Executor, recorder: GraphRecorder, target: string, result: PyUnknown): void {
  recorder.unknowns.push({ name: `${target}.forward`, reason: result.reason });
  executor.report('unknown-output', 'warning', `The output of \`${target}\` is unknown: ${result.reason}.`);
}

function reportNoModel(executor: Executor, target: string, value: Value): void {
  const what = value instanceof PyUnknown ? `unknown: ${value.reason}` : `a ${executor.typeOf(value).name}`;
  executor.report('not-a-model', 'error', `\`${target}\` gives no torch.nn.Module; it is ${what}.`);
}

/** The name in the definition of a class or function. */
function definitionOf(builder: Value): SourceRange | undefined {
  if (builder instanceof PyClass) return builder.origin;
  if (builder instanceof ModuleValue) return builder.created[0];
  if (!(builder instanceof PyFunction)) return undefined;
  const wrapped = builder.attributes?.get('__wrapped__');
  if (wrapped !== undefined) return definitionOf(wrapped);
  const { definition, origin } = builder;
  if (definition.kind !== 'functionDef') return undefined;
  const { start, end } = definition.nameRange;
  return { file: origin.file, start: origin.chunkStart + start, end: origin.chunkStart + end };
}

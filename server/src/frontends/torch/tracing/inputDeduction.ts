/**
 * Deduces inputs that nobody gave: asks the model by a probe (inputProbe.ts), fills what the layers leave open with
 * published or usual sizes, and takes the first that the whole forward accepts. Conv2d(3, ...) -> 1x3x224x224,
 * or 1x3x32x32 where a later Linear only fits that. The description says what it rests on.
 * The run that accepted them is the trace itself, so that a model is not run twice.
 */
import { allocations } from '../../../evaluation/allocations.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyRaise, type Value } from '../../../evaluation/values.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import { printShape, type Shape } from '../../../graph/tensorType.ts';
import { GraphRecorder, type TraceObserver } from '../graphRecorder.ts';
import { annotatedTrials } from './annotatedInputs.ts';
import { entryOf, namedModules, type ModuleValue } from '../modules/moduleValue.ts';
import { TensorValue } from '../tensorValue.ts';
import { forwardSignature, type ForwardSignature } from './forwardSignature.ts';
import { prepareInputs, watchForward } from './forwardRun.ts';
import { InputProbe, ProbeAnswered, type Wanted, type WantedAxis } from './inputProbe.ts';
import type { InputSpec } from './inputSpec.ts';
import { publishedSizes, type PublishedSize } from './publishedInput.ts';
import { annotatedShapes } from './shapeAnnotations.ts';

export interface DeducedInputs {
  readonly inputs: readonly InputSpec[];
  /** "input 1x3x224x224 (assumed from Conv2d(3, ...))" */
  readonly description: string;
  /** Whether the last run that was tried was on these inputs, and went through. */
  readonly isAccepted: boolean;
}

/** Runs the model's forward on inputs, telling the observer; exceptions pass. */
export type TryInputs = (specs: readonly InputSpec[], observer: TraceObserver) => void;

const USUAL_SIZES = [224, 32, 28, 64, 256, 128, 299, 384, 512, 96, 112, 48, 16];
const USUAL_CLIP_SIZES = [112, 224, 64, 32];
const USUAL_LENGTHS = [128, 64, 32, 16, 256, 512, 10, 8];
const USUAL_SIGNALS = [1024, 128, 256, 512, 2048, 4096, 16000, 64, 32];
const MAX_TRIALS = 32;

/** `builder` made the model: a class or a function. */
export function deduceInputs(
  runtime: Runtime,
  model: ModuleValue,
  builder: Value,
  tryInputs: TryInputs,
): DeducedInputs {
  const signature = forwardSignature(runtime, model);
  const names = inputNames(signature);
  const wants = probe(runtime, model, signature, names);
  const published = publishedSizes(runtime, model, builder);
  const annotated = tryAnnotated(runtime, model, names, wants, published, tryInputs);
  if (annotated !== undefined) return annotated;
  const first = wants[0] ?? fallback(model);
  const candidates = first === undefined ? [] : candidatesFor(first, published);
  const rest = wants.slice(1);
  let trials = 0;
  for (const candidate of candidates) {
    for (const companions of companionShapes(candidate.shape, rest)) {
      if (trials++ >= MAX_TRIALS) break;
      const specs = specsOf(names, [{ ...candidate, dtype: first?.dtype ?? 'float32' }, ...companions]);
      if (attempt(runtime, () => tryInputs(specs, FAIL_EARLY))) return describe(specs, first, candidate.source, true);
    }
  }
  const [candidate] = candidates;
  const [companions = []] = candidate === undefined ? [] : companionShapes(candidate.shape, rest);
  const specs = specsOf(names, [
    { shape: candidate?.shape, dtype: first?.dtype ?? 'float32' },
    ...(candidate === undefined ? rest.map(() => UNKNOWN_INPUT) : companions),
  ]);
  return describe(specs, first, candidate?.source, false);
}

/** The shapes that forward's parameters are annotated with, where they are; undefined where no model takes them. */
function tryAnnotated(
  runtime: Runtime,
  model: ModuleValue,
  names: readonly string[],
  wants: readonly (Wanted | undefined)[],
  published: readonly PublishedSize[],
  tryInputs: TryInputs,
): DeducedInputs | undefined {
  const shapes = annotatedShapes(runtime, model, names);
  if (shapes.size === 0) return undefined;
  const parameters = names.map((name, at) => ({ name, annotated: shapes.get(name), wanted: wants[at] }));
  const images = [...new Set([...published.map(({ size }) => size), ...USUAL_SIZES])];
  let trials = 0;
  for (const { inputs, source } of annotatedTrials(parameters, { images, lengths: USUAL_LENGTHS })) {
    const lead = inputs.find((input) => input !== undefined)?.shape ?? [];
    for (const others of companionShapes(lead, wants)) {
      if (trials++ >= MAX_TRIALS) return undefined;
      const specs = specsOf(
        names,
        inputs.map((input, at) => input ?? others[at] ?? UNKNOWN_INPUT),
      );
      if (attempt(runtime, () => tryInputs(specs, FAIL_EARLY))) return describe(specs, undefined, source, true);
      if (inputs.every((input) => input !== undefined)) break;
    }
  }
  return undefined;
}

/** The dtype that the first layer takes, for an input whose shape alone is given. */
export function deduceDTypes(runtime: Runtime, model: ModuleValue, specs: readonly InputSpec[]): readonly InputSpec[] {
  if (specs.every(({ dtype }) => dtype !== undefined)) return specs;
  // Not float32: an element type that does not fit must not be reported of the probe.
  const open = specs.map((spec): InputSpec => ({ ...spec, dtype: spec.dtype ?? 'unknown' }));
  const inputs = prepareInputs(runtime, forwardSignature(runtime, model), open);
  const answers = runProbe(runtime, model, inputs);
  return specs.map((spec, index) => ({ ...spec, dtype: spec.dtype ?? answers[index]?.dtype ?? 'float32' }));
}

interface Typed {
  readonly shape: Shape | undefined;
  readonly dtype: DType;
}

const UNKNOWN_INPUT: Typed = { shape: undefined, dtype: 'float32' };

interface Candidate {
  readonly shape: Shape;
  readonly source: string | undefined;
}

/** Required parameters; where all have defaults, the first alone. */
function inputNames({ parameters }: ForwardSignature): readonly string[] {
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return required.length > 0 ? required : [parameters[0]?.name ?? 'input'];
}

function probe(
  runtime: Runtime,
  model: ModuleValue,
  signature: ForwardSignature,
  names: readonly string[],
): readonly (Wanted | undefined)[] {
  const specs = names.map((): InputSpec => ({ shape: undefined, dtype: 'unknown' }));
  return runProbe(runtime, model, prepareInputs(runtime, signature, specs));
}

function runProbe(
  runtime: Runtime,
  model: ModuleValue,
  inputs: ReturnType<typeof prepareInputs>,
): readonly (Wanted | undefined)[] {
  const observer = new InputProbe(inputs.map(({ tensor }) => tensor));
  const ask = (): boolean => {
    watchForward(runtime, new GraphRecorder('probe', observer), model, inputs);
    return true;
  };
  // The model is as it was before, whatever its forward changed.
  ending(() => runtime.attempt(ask, () => false));
  return inputs.map(({ tensor }) => observer.answer(tensor));
}

/** Thrown in a trial at the first shape that does not fit. Not a Python exception. */
class TrialFailed extends Error {
  override readonly name = 'TrialFailed';
}

const FAIL_EARLY: TraceObserver = {
  onMismatch: () => {
    throw new TrialFailed();
  },
};

/** False where the run raised or did not fit, and left no trace; bounds and our own errors pass. */
function attempt(runtime: Runtime, run: () => void): boolean {
  const runs = (): boolean => {
    run();
    return true;
  };
  return ending(() => runtime.attempt(runs, () => true));
}

/** False where it ended early. */
function ending(run: () => boolean): boolean {
  const before = allocations.bytes;
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PyRaise || error instanceof TrialFailed || error instanceof ProbeAnswered)) throw error;
    // What it made is dropped, and counts no longer.
    allocations.bytes = before;
    return false;
  }
}

/** The first layer with weights in the tree, for a forward that the probe could not follow. */
function fallback(model: ModuleValue): Wanted | undefined {
  for (const [, module] of namedModules(model)) {
    const weight = entryOf(module, '_parameters', 'weight');
    if (!(weight instanceof TensorValue)) continue;
    const { shape } = weight.type;
    const kind = /^(?:Conv([123])d|(Linear)|(Embedding))$/.exec(
      module.class_.mro.find(({ module: owner }) => owner.startsWith('torch.nn.modules'))?.name ?? '',
    );
    if (shape === undefined || kind === null) continue;
    const [, axes, linear] = kind;
    const consumer = `${module.class_.name} in the model`;
    const inner = shape[1] ?? 1;
    const { dtype } = weight.type;
    if (linear !== undefined) return { axes: ['batch', inner], dtype, consumer };
    if (axes === undefined) return { axes: ['batch', 'sequence'], dtype: 'int64', consumer };
    const spatial: readonly WantedAxis[] =
      axes === '1' ? ['length'] : axes === '2' ? ['spatial', 'spatial'] : ['depth', 'spatial', 'spatial'];
    return { axes: ['batch', inner, ...spatial], dtype, consumer };
  }
  return undefined;
}

/**
 * What to try, the likeliest first. A model whose first layer sees patches or coefficients says by what it is published
 * with alone that it takes images: whole ones go before what the layer asks for, sizes alone after it.
 */
function candidatesFor(wanted: Wanted, published: readonly PublishedSize[]): readonly Candidate[] {
  const shapes = shapesFor(wanted, published);
  if (!isFloatingPoint(wanted.dtype)) return shapes;
  const images = published.map(({ size, image, source }) => ({ shape: [1, ...(image ?? [3, size, size])], source }));
  const isWhole = published.some(({ image }) => image !== undefined);
  return isWhole && !wanted.axes.includes('spatial') ? [...images, ...shapes] : [...shapes, ...images];
}

/** Concrete shapes for what is wanted, the likeliest first. */
function shapesFor({ axes }: Wanted, published: readonly PublishedSize[]): readonly Candidate[] {
  const fill = (free: number, source?: string): Candidate => ({
    shape: axes.map((axis) => sizeOf(axis, free)),
    source,
  });
  if (axes.includes('spatial')) {
    const usual = axes.includes('depth') ? USUAL_CLIP_SIZES : USUAL_SIZES;
    return [
      ...published.map(({ size, image, source }) =>
        image !== undefined && axes.length === 4 && axes[1] === image[0]
          ? { shape: [1, ...image], source }
          : fill(size, source),
      ),
      ...usual.filter((size) => published.every((other) => other.size !== size)).map((size) => fill(size)),
    ];
  }
  if (axes.includes('length')) {
    const channels = axes.slice(0, -1);
    const signals = USUAL_SIGNALS.map((size) => fill(size));
    return [...signals, { shape: channels.map((axis) => sizeOf(axis, 0)), source: undefined }];
  }
  if (axes.includes('sequence')) return USUAL_LENGTHS.map((size) => fill(size));
  const exact = fill(0);
  const [batch = 1, ...features] = exact.shape;
  if (features.length !== 1) return [exact];
  // A linear layer may as well stand in a model of sequences.
  return [
    exact,
    { shape: [batch, 128, ...features], source: undefined },
    { shape: [128, batch, ...features], source: undefined },
  ];
}

function sizeOf(axis: WantedAxis, free: number): Shape[number] {
  if (axis === 'batch') return 1;
  if (axis === 'depth') return 16;
  return typeof axis === 'string' ? free : axis;
}

/** Shapes to try for the further inputs, given the first: what the probe says, else the first's own, a batch, unknown. */
function companionShapes(first: Shape, wants: readonly (Wanted | undefined)[]): readonly (readonly Typed[])[] {
  if (wants.length === 0) return [[]];
  const options = wants.map((wanted): readonly Typed[] => {
    if (wanted !== undefined)
      return shapesFor(wanted, [])
        .slice(0, 1)
        .map(({ shape }) => ({ shape, dtype: wanted.dtype }));
    const batch = first.slice(0, 1);
    return [
      { shape: first, dtype: 'float32' },
      { shape: batch, dtype: 'float32' },
      { shape: batch, dtype: 'int64' },
      UNKNOWN_INPUT,
    ];
  });
  const longest = Math.max(...options.map(({ length }) => length));
  // All unanswered inputs take the same option: trying every combination would cost too much.
  return Array.from({ length: longest }, (_, at) => options.map((option) => option[at] ?? option[0] ?? UNKNOWN_INPUT));
}

function specsOf(names: readonly string[], types: readonly Typed[]): readonly InputSpec[] {
  return names.map((name, index) => ({ name, ...(types[index] ?? UNKNOWN_INPUT) }));
}

function describe(
  inputs: readonly InputSpec[],
  first: Wanted | undefined,
  source: string | undefined,
  isAccepted: boolean,
): DeducedInputs {
  const shapes = inputs.map(({ shape, dtype }) => printShape(shape) + (dtype === 'float32' ? '' : `:${dtype ?? '?'}`));
  const reason = [first && `from ${first.consumer}`, source].filter((part) => part !== undefined).join(', ');
  const text = `input ${shapes.join(', ')}`;
  return { inputs, isAccepted, description: reason === '' ? text : `${text} (${reason})` };
}

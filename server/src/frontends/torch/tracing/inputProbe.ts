/**
 * Finds out what a model wants of its inputs: runs forward on tensors of unknown shape and looks at the first operation
 * with weights that each of them reaches. `self.conv(x)` with a weight 64x3x7x7 asks for an image of 3 channels;
 * what lies between (x / 255, x.permute(0, 3, 1, 2)) is undone.
 */
import type { Value } from '../../../evaluation/values.ts';
import { multiplyDims, printDim, type Dim } from '../../../graph/dim.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import type { Attributes } from '../../../graph/modelGraph.ts';
import { elementCount, type Shape } from '../../../graph/tensorType.ts';
import type { TraceObserver } from '../graphRecorder.ts';
import { registryOf, type ModuleValue } from '../modules/moduleValue.ts';
import { TensorValue } from '../tensorValue.ts';

/** An axis of a wanted shape: exact, or free with its role. */
export type WantedAxis = Dim | 'batch' | 'spatial' | 'depth' | 'sequence' | 'length';

export interface Wanted {
  readonly axes: readonly WantedAxis[];
  readonly dtype: DType;
  /** What asked: "Conv2d(3, ...)". */
  readonly consumer: string;
}

/** Thrown when every probe is answered: there is no need to run further. Not a Python exception. */
export class ProbeAnswered extends Error {
  override readonly name = 'ProbeAnswered';
}

const MANY = 500;

interface Step {
  readonly op: string;
  readonly attributes: Attributes;
}

interface Trail {
  readonly probe: TensorValue;
  /** Operations between the probe and here, nearest to the probe first. */
  readonly steps: readonly Step[];
}

export class InputProbe implements TraceObserver {
  readonly #trails = new Map<TensorValue, Trail>();
  readonly #answers = new Map<TensorValue, Wanted>();
  readonly #pending: Set<TensorValue>;

  constructor(probes: readonly TensorValue[]) {
    this.#pending = new Set(probes);
    for (const probe of probes) this.#trails.set(probe, { probe, steps: [] });
  }

  answer(probe: TensorValue): Wanted | undefined {
    return this.#answers.get(probe);
  }

  onModuleCall(module: ModuleValue, positional: readonly Value[]): void {
    const [first] = positional;
    const trail = this.#trailOf(first);
    if (trail === undefined) return;
    const attention = attentionWants(module);
    if (attention !== undefined) {
      this.#accept(trail, withWeightType(attention, ownParameters(module)));
      return;
    }
    const rank = /^(?:Lazy)?(?:Batch|Instance)Norm([123])d$/.exec(module.class_.name)?.[1];
    const features = module.attributes.get('num_features');
    if (rank === undefined || typeof features !== 'number') return;
    const wanted = float(['batch', features, ...spatialAxes(Number(rank))], `${module.class_.name}(${features})`);
    this.#accept(trail, withWeightType(wanted, ownParameters(module)));
  }

  onNode(
    op: string,
    attributes: Attributes,
    inputs: readonly (TensorValue | undefined)[],
    outputs: readonly TensorValue[],
  ): void {
    // What joins so many asks for nothing, and each would be compared with all others.
    if (inputs.length > MANY) return;
    for (const [index, input] of inputs.entries()) {
      const trail = this.#trailOf(input);
      if (trail === undefined) continue;
      const wanted = wantedBy(op, attributes, inputs, index);
      if (wanted !== undefined) this.#accept(trail, withWeightType(wanted, inputs));
      else for (const output of outputs) this.#follow(output, trail, { op, attributes });
    }
  }

  #follow(output: TensorValue, trail: Trail, step: Step): void {
    if (trail.steps.length < MAX_STEPS && !this.#trails.has(output)) {
      this.#trails.set(output, { probe: trail.probe, steps: [...trail.steps, step] });
    }
  }

  #trailOf(value: Value | undefined): Trail | undefined {
    // Only tensors are keys.
    const trail = this.#trails.get(value as TensorValue);
    return trail !== undefined && this.#pending.has(trail.probe) ? trail : undefined;
  }

  #accept(trail: Trail, wanted: Wanted): void {
    let answer: Wanted | undefined = wanted;
    for (const step of [...trail.steps].reverse()) answer = answer && undo(answer, step);
    if (answer === undefined) return;
    this.#answers.set(trail.probe, answer);
    this.#pending.delete(trail.probe);
    if (this.#pending.size === 0) throw new ProbeAnswered();
  }
}

/** Floats are of the type of the weights that they meet: a model in float64 takes float64. */
function withWeightType(wanted: Wanted, inputs: readonly (TensorValue | undefined)[]): Wanted {
  if (!isFloatingPoint(wanted.dtype)) return wanted;
  const weight = inputs.find((input) => input?.stored !== undefined && isFloatingPoint(input.type.dtype));
  return weight === undefined ? wanted : { ...wanted, dtype: weight.type.dtype };
}

function ownParameters(module: ModuleValue): readonly TensorValue[] {
  return [...(registryOf(module, '_parameters')?.entries.values() ?? [])].flatMap(({ value }) =>
    value instanceof TensorValue ? [value] : [],
  );
}

/** nn.MultiheadAttention and what derives from it: sequences of `embed_dim` features. */
function attentionWants(module: ModuleValue): Wanted | undefined {
  if (!module.class_.mro.some((cls) => cls.name === 'MultiheadAttention' && cls.module.startsWith('torch.nn.')))
    return undefined;
  const features = module.attributes.get('embed_dim');
  if (typeof features !== 'number') return undefined;
  const leading: readonly WantedAxis[] =
    module.attributes.get('batch_first') === true ? ['batch', 'sequence'] : ['sequence', 'batch'];
  return float([...leading, features], `${module.class_.name}(${features}, ...)`);
}

/** A trail longer than this says little about the input. */
const MAX_STEPS = 32;

/** What an operation with weights asks of its input at a position; undefined where it says nothing. */
function wantedBy(
  op: string,
  attributes: Attributes,
  inputs: readonly (TensorValue | undefined)[],
  index: number,
): Wanted | undefined {
  const weight = weightShape(inputs[1]);
  switch (op) {
    case 'convolution': {
      if (index !== 0 || weight === undefined) return undefined;
      const groups = isDim(attributes['groups']) ? attributes['groups'] : 1;
      const channels = multiplyDims(weight[1] ?? 1, groups);
      const axes = weight.length - 2;
      return float(['batch', channels, ...spatialAxes(axes)], `Conv${axes}d(${text(channels)}, ...)`);
    }
    case 'transposedConvolution': {
      if (index !== 0 || weight === undefined) return undefined;
      const axes = weight.length - 2;
      return float(
        ['batch', weight[0] ?? 1, ...spatialAxes(axes)],
        `ConvTranspose${axes}d(${text(weight[0] ?? 1)}, ...)`,
      );
    }
    case 'linear': {
      if (index !== 0 || weight === undefined) return undefined;
      return float(['batch', weight[1] ?? 1], `Linear(${text(weight[1] ?? 1)}, ...)`);
    }
    case 'matmul': {
      const other = weightShape(inputs[1 - index]);
      if (other?.length !== 2 || index !== 0) return undefined;
      return float(['batch', other[0] ?? 1], `a product with ${text(other[0] ?? 1)} rows`);
    }
    case 'embedding':
    case 'embeddingBag': {
      const isIndex = inputs[index]?.stored === undefined;
      const table = weightShape(inputs[1]) ?? weightShape(inputs[0]);
      if (!isIndex || table === undefined) return undefined;
      return { axes: ['batch', 'sequence'], dtype: 'int64', consumer: `Embedding(${text(table[0] ?? 1)}, ...)` };
    }
    case 'rnn':
    case 'gru':
    case 'lstm': {
      const features = attributes['inputSize'];
      if (index !== 0 || !isDim(features)) return undefined;
      const leading: readonly WantedAxis[] =
        attributes['isBatchFirst'] === true ? ['batch', 'sequence'] : ['sequence', 'batch'];
      return float([...leading, features], `${op.toUpperCase()}(${text(features)}, ...)`);
    }
    case 'rnnCell':
    case 'gruCell':
    case 'lstmCell': {
      const features = attributes['inputSize'];
      return index === 0 && isDim(features) ? float(['batch', features], `${op}(${text(features)})`) : undefined;
    }
    case 'layerNorm':
    case 'rmsNorm': {
      const shape = weight ?? attributes['normalizedShape'];
      if (index !== 0 || !Array.isArray(shape) || !shape.every(isDim)) return undefined;
      return float(['batch', ...(shape.length === 1 ? (['sequence'] as const) : []), ...shape], 'LayerNorm');
    }
    default: {
      // `x + self.position`: a stored tensor of a sequence's shape tells the shape.
      const other = inputs.find((input, at) => at !== index && input?.stored !== undefined)?.type.shape;
      if (other === undefined || other.length < 3 || inputs.length !== 2 || !isElementwise(op)) return undefined;
      return float(['batch', ...other.slice(1)], `an operand ${other.map(text).join('x')}`);
    }
  }
}

/** Takes a step back: the shape before it, given the wanted shape after it. Undefined where that cannot be told. */
function undo(wanted: Wanted, { op, attributes }: Step): Wanted | undefined {
  const rank = wanted.axes.length;
  switch (op) {
    case 'transpose': {
      const [a, b] = [axisOf(attributes['dim0'], rank), axisOf(attributes['dim1'], rank)];
      if (a === undefined || b === undefined) return undefined;
      const axes = [...wanted.axes];
      [axes[a], axes[b]] = [axes[b] ?? 1, axes[a] ?? 1];
      return { ...wanted, axes };
    }
    case 'permute': {
      const dims = attributes['dims'];
      if (!Array.isArray(dims) || dims.length !== rank) return undefined;
      const axes: WantedAxis[] = [...wanted.axes];
      for (const [after, before] of dims.entries()) {
        const at = axisOf(before, rank);
        if (at !== undefined) axes[at] = wanted.axes[after] ?? 1;
      }
      return { ...wanted, axes };
    }
    case 'cast':
      // What came before the change of type is taken to be what it mostly is.
      return isFloatingPoint(wanted.dtype) ? { ...wanted, dtype: 'float32' } : wanted;
    case 'unsqueeze': {
      const dims = attributes['dims'];
      const added = (Array.isArray(dims) ? dims : [attributes['dim']]).map((dim) => axisOf(dim, rank));
      return { ...wanted, axes: wanted.axes.filter((_axis, at) => !added.includes(at)) };
    }
    case 'reshape':
    case 'flatten':
      return undoReshape(wanted, op, attributes);
    case 'pad':
    case 'concat':
    case 'stack':
    case 'split':
    case 'chunk':
    case 'select':
    case 'index':
    case 'unknown':
      return undefined;
    default:
      return wanted;
  }
}

/** `x.view(-1, 784)` works for 1x784; a reshape to 1x100x1x1 works for 1x100. */
function undoReshape(wanted: Wanted, op: string, attributes: Attributes): Wanted | undefined {
  const [batch = 'batch', ...rest] = wanted.axes;
  if (op === 'flatten') return rest.length === 1 ? wanted : undefined;
  const shape = attributes['shape'];
  if (!Array.isArray(shape) || shape.length !== wanted.axes.length)
    return wanted.axes.length === 2 ? wanted : undefined;
  const sizes = shape.slice(1).map((size, at) => (isDim(size) && size !== -1 ? size : rest[at]));
  if (!sizes.every((size) => size !== undefined && isDim(size))) return undefined;
  return { ...wanted, axes: [batch, elementCount(sizes)] };
}

function spatialAxes(count: number): readonly WantedAxis[] {
  if (count === 1) return ['length'];
  return count === 2 ? ['spatial', 'spatial'] : ['depth', 'spatial', 'spatial'];
}

function weightShape(tensor: TensorValue | undefined): Shape | undefined {
  const shape = tensor?.type.shape;
  return shape !== undefined && shape.length >= 1 ? shape : undefined;
}

function float(axes: readonly WantedAxis[], consumer: string): Wanted {
  return { axes, dtype: 'float32', consumer };
}

function isElementwise(op: string): boolean {
  return op === 'add' || op === 'sub' || op === 'mul' || op === 'div';
}

function isDim(value: unknown): value is Dim {
  return typeof value === 'number' || (typeof value === 'object' && value !== null && 'terms' in value);
}

function axisOf(value: unknown, rank: number): number | undefined {
  if (typeof value !== 'number') return undefined;
  return value < 0 ? value + rank : value;
}

function text(dim: Dim): string {
  return printDim(dim);
}

/**
 * Builds networks of batch-normalised convolutions layer by layer: every call passes through operators/, adds a node
 * and its parameters, and stands in the module that runs. builder.convolution('conv', x, { outChannels: 16, kernel: 3 }).
 */
import { invariant } from '../../../base/assert.ts';
import { GraphBuilder } from '../../../graph/graphBuilder.ts';
import type { Attributes, ModelGraph, ParameterId, ValueId } from '../../../graph/modelGraph.ts';
import { tensorType, type Shape, type TensorType } from '../../../graph/tensorType.ts';
import { activations } from '../../../operators/activation.ts';
import { convolution } from '../../../operators/convolution.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { index } from '../../../operators/indexing.ts';
import { concat } from '../../../operators/join.ts';
import { linear } from '../../../operators/matrix.ts';
import { batchNorm } from '../../../operators/normalization.ts';
import { applyOperator, type Operator } from '../../../operators/operator.ts';
import { averagePool, maxPool } from '../../../operators/pooling.ts';
import { adaptiveAveragePool } from '../../../operators/poolingToSize.ts';
import { flatten } from '../../../operators/reshape.ts';
import type { PaddingPair } from '../../../operators/windows.ts';

/** A feature map, batch x channels x height x width. */
export interface FeatureMap {
  readonly value: ValueId;
  readonly type: TensorType;
}

export type Pair = number | readonly [height: number, width: number];

export interface WindowOptions {
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly padding?: Pair;
}

export interface ConvolutionOptions extends WindowOptions {
  readonly outChannels: number;
  readonly dilation?: number;
  readonly groups?: number;
}

export class NetworkBuilder {
  readonly #builder: GraphBuilder;
  readonly #name: string;
  readonly #path: string[] = [];
  /** Parameters of the layer that is being declared. */
  #own: ParameterId[] = [];

  constructor(name: string) {
    this.#name = name;
    this.#builder = new GraphBuilder(name);
    this.#declare('', name, undefined, []);
  }

  input(shape: Shape): FeatureMap {
    const type = tensorType('float32', shape);
    return { value: this.#builder.addInput('input', type), type };
  }

  /** Declares the output and gives the graph. */
  finish(input: FeatureMap, output: FeatureMap): ModelGraph {
    this.#builder.addOutput('output', output.value);
    this.#builder.addScopeCall('', [input.value], [output.value]);
    return this.#builder.finish();
  }

  /** Runs layers in a module of their own: `name` may be dotted ("cells.0"). */
  module<T extends FeatureMap>(name: string, typeName: string, inputs: readonly FeatureMap[], run: () => T): T {
    const parent = this.#path.at(-1) ?? '';
    const path = parent === '' ? name : `${parent}.${name}`;
    this.#declare(path, typeName, parent, undefined);
    this.#path.push(path);
    const output = run();
    this.#path.pop();
    this.#builder.addScopeCall(
      path,
      inputs.map(({ value }) => value),
      [output.value],
    );
    return output;
  }

  /** Without bias, as all convolutions before a batch norm. */
  convolution(name: string, x: FeatureMap, options: ConvolutionOptions): FeatureMap {
    const { outChannels, kernel, stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    const shape = [outChannels, channelsOf(x) / groups, ...pair(kernel)];
    return this.#layer(name, 'Conv2d', x, () =>
      this.#apply(convolution, [x, this.#parameter('weight', shape)], {
        stride: pair(stride),
        padding: pair(padding).map((each): PaddingPair => [each, each]),
        dilation: pair(dilation),
        groups,
      }),
    );
  }

  batchNorm(name: string, x: FeatureMap): FeatureMap {
    const channels = [channelsOf(x)];
    return this.#layer(name, 'BatchNorm2d', x, () => {
      const vectors = [this.#parameter('weight', channels), this.#parameter('bias', channels)];
      const statistics = [this.#buffer('running_mean', channels), this.#buffer('running_var', channels)];
      this.#buffer('num_batches_tracked', [], 'int64');
      return this.#apply(batchNorm, [x, ...vectors, ...statistics], {});
    });
  }

  relu(name: string, x: FeatureMap): FeatureMap {
    return this.#layer(name, 'ReLU', x, () => this.#apply(activations.relu, [x], {}));
  }

  pool(name: string, kind: 'average' | 'max', x: FeatureMap, options: WindowOptions): FeatureMap {
    const { kernel, stride = 1, padding = 0 } = options;
    const attributes = {
      kernel: pair(kernel),
      stride: pair(stride),
      padding: pair(padding).map((each): PaddingPair => [each, each]),
    };
    return kind === 'average'
      ? this.#layer(name, 'AvgPool2d', x, () => this.#apply(averagePool, [x], attributes))
      : this.#layer(name, 'MaxPool2d', x, () => this.#apply(maxPool, [x], attributes));
  }

  /** Average over all places, as a vector. */
  globalPool(name: string, x: FeatureMap): FeatureMap {
    const pooled = this.#layer(name, 'AdaptiveAvgPool2d', x, () =>
      this.#apply(adaptiveAveragePool, [x], { outputSize: [1, 1] }),
    );
    return this.#apply(flatten, [pooled], { startDim: 1, endDim: -1 });
  }

  linear(name: string, x: FeatureMap, outFeatures: number): FeatureMap {
    return this.#layer(name, 'Linear', x, () => {
      const weight = this.#parameter('weight', [outFeatures, channelsOf(x)]);
      return this.#apply(linear, [x, weight, this.#parameter('bias', [outFeatures])], {});
    });
  }

  /** Undefined for none; a single one is itself. */
  sum(maps: readonly FeatureMap[]): FeatureMap | undefined {
    const [first, ...rest] = maps;
    if (first === undefined) return undefined;
    return rest.reduce((total, map) => this.#apply(elementwise.add, [total, map], {}), first);
  }

  /** Zeros in the shape of a feature map, as a product with 0. */
  zeros(x: FeatureMap): FeatureMap {
    return this.#apply(elementwise.mul, [x], { scalars: ['float'] });
  }

  /** Every `stride`-th row and column, from `offset` on. */
  subsample(x: FeatureMap, stride: number, offset = 0): FeatureMap {
    const step = { kind: 'slice', start: offset, stop: null, step: stride } as const;
    const all = { kind: 'slice', start: null, stop: null, step: null } as const;
    return this.#apply(index, [x], { items: [all, all, step, step] });
  }

  /** The first channels. */
  truncate(x: FeatureMap, channels: number): FeatureMap {
    if (channelsOf(x) === channels) return x;
    const all = { kind: 'slice', start: null, stop: null, step: null } as const;
    return this.#apply(index, [x], { items: [all, { ...all, stop: channels }] });
  }

  /** Along the channels; a single one is itself. */
  concat(maps: readonly FeatureMap[]): FeatureMap {
    const [first, second] = maps;
    return first !== undefined && second === undefined ? first : this.#apply(concat, maps, { dim: 1 });
  }

  #layer(name: string, typeName: string, x: FeatureMap, run: () => FeatureMap): FeatureMap {
    const parent = this.#path.at(-1) ?? '';
    const path = parent === '' ? name : `${parent}.${name}`;
    this.#path.push(path);
    this.#own = [];
    const output = run();
    this.#path.pop();
    this.#declare(path, typeName, parent, this.#own);
    this.#builder.addScopeCall(path, [x.value], [output.value]);
    return output;
  }

  /** A layer has a list of parameters, a module that holds layers has none. */
  #declare(path: string, typeName: string, parent: string | undefined, own: readonly ParameterId[] | undefined): void {
    const isLeaf = own !== undefined && path !== '';
    this.#builder.declareScope({ path, typeName, parent, created: undefined, parameters: own ?? [], isLeaf });
  }

  #parameter(name: string, shape: Shape): FeatureMap {
    return this.#stored(name, shape, 'parameter', 'float32');
  }

  #buffer(name: string, shape: Shape, dtype: 'float32' | 'int64' = 'float32'): FeatureMap {
    return this.#stored(name, shape, 'buffer', dtype);
  }

  #stored(name: string, shape: Shape, kind: 'parameter' | 'buffer', dtype: 'float32' | 'int64'): FeatureMap {
    const path = `${this.#path.at(-1) ?? ''}.${name}`;
    const id = this.#builder.addParameter({ name: path, kind, dtype, shape, created: undefined });
    this.#own.push(id);
    return { value: this.#builder.parameterValue(id), type: tensorType(dtype, shape) };
  }

  #apply<A extends Attributes>(operator: Operator<A>, inputs: readonly FeatureMap[], attributes: A): FeatureMap {
    const applied = applyOperator(
      operator,
      inputs.map(({ type }) => type),
      attributes,
    );
    invariant(applied.mismatch === undefined, `the layers of ${this.#name} fit: ${applied.mismatch ?? ''}`);
    const [type] = applied.outputs;
    invariant(type !== undefined, `${operator.name} has an output`);
    const [value] = this.#builder.addNode({
      op: operator.name,
      originalOp: operator.name,
      attributes,
      inputs: inputs.map((input) => input.value),
      outputTypes: [type],
      work: applied.work,
      isView: operator.isView,
      scope: this.#path.at(-1) ?? '',
      sources: [],
    });
    return { value: value as ValueId, type };
  }
}

/** Sizes of these networks are numbers. */
export function channelsOf({ type }: FeatureMap): number {
  const channels = type.shape?.[1];
  invariant(typeof channels === 'number', 'channels are numbers');
  return channels;
}

function pair(value: Pair): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

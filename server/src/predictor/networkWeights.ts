/**
 * Puts a network's tensors into the kernels' memory, packed as `linear` wants them, and checks every shape against the
 * description: a missing or misshapen tensor is a message that names it.
 */
import { BLOCK, type Kernels, type Offset } from './kernels.ts';
import type { NetworkDescription } from './modelDescription.ts';
import type { StoredNumbers } from './safetensors.ts';
import { VOCABULARY } from './vocabulary.ts';

export interface Linear {
  readonly weight: Offset;
  /** 0: none. */
  readonly bias: Offset;
  readonly inputs: number;
  /** Rounded up to a multiple of 8; further ones are zero. */
  readonly outputs: number;
}

export interface Norm {
  readonly weight: Offset;
  readonly bias: Offset;
}

export interface Block {
  readonly norm1: Norm;
  readonly qkv: Linear;
  readonly out: Linear;
  readonly norm2: Norm;
  /** W₁ and W_g, one after the other. */
  readonly inner: Linear;
  readonly w2: Linear;
}

export interface NetworkWeights {
  /** A row for each kind of the vocabulary. */
  readonly embedding: readonly Float32Array[];
  /** Row by row of depths, where there are any. */
  readonly depth: Float32Array | undefined;
  readonly work: { readonly weight: Float32Array; readonly mean: Float32Array; readonly std: Float32Array } | undefined;
  readonly token: Float32Array | undefined;
  readonly blocks: readonly Block[];
  readonly norm: Norm;
  readonly head: readonly Linear[];
}

export type WeightsResult =
  | { readonly kind: 'weights'; readonly weights: NetworkWeights }
  | { readonly kind: 'problem'; readonly message: string };

const WORK_FIELDS = 4;
const MAX_HEAD_LAYERS = 8;

export function placeWeights(
  tensors: ReadonlyMap<string, StoredNumbers>,
  network: NetworkDescription,
  kernels: Kernels,
): WeightsResult {
  try {
    return { kind: 'weights', weights: placeAll(new Placer(tensors, kernels), network) };
  } catch (error) {
    if (error instanceof WrongTensor) return { kind: 'problem', message: error.message };
    throw error;
  }
}

function placeAll(placer: Placer, { width, hidden, layers, readout, outputs }: NetworkDescription): NetworkWeights {
  const has = (name: string): boolean => placer.has(name);
  return {
    embedding: rowsOf(placer.values('embedding.weight', [VOCABULARY.length, width]), width),
    depth: has('depth.weight') ? placer.values('depth.weight', [undefined, width]) : undefined,
    work: has('work.weight')
      ? {
          weight: placer.values('work.weight', [width, WORK_FIELDS]),
          mean: placer.values('work.mean', [WORK_FIELDS]),
          std: placer.values('work.std', [WORK_FIELDS]),
        }
      : undefined,
    token: readout === 'token' ? placer.values('token', [width]) : undefined,
    blocks: Array.from({ length: layers }, (_, index): Block => {
      const name = `blocks.${index}`;
      return {
        norm1: placer.norm(`${name}.norm1`, width),
        qkv: placer.linear([`${name}.attention.qkv`], width, 3 * width),
        out: placer.linear([`${name}.attention.out`], width, width),
        norm2: placer.norm(`${name}.norm2`, width),
        inner: placer.linear([`${name}.ffn.w1`, `${name}.ffn.wg`], width, hidden),
        w2: placer.linear([`${name}.ffn.w2`], hidden, width),
      };
    }),
    norm: placer.norm('norm', width),
    head: placeHead(placer, width, outputs.length),
  };
}

function rowsOf(values: Float32Array, width: number): readonly Float32Array[] {
  return Array.from({ length: values.length / width }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

/** head.0 reads a graph's state; the last one gives the outputs, those between have as many numbers as their weights say. */
function placeHead(placer: Placer, width: number, outputCount: number): readonly Linear[] {
  const head: Linear[] = [];
  let inputs = width;
  for (let index = 0; index < MAX_HEAD_LAYERS; index++) {
    const isLast = !placer.has(`head.${index + 1}.weight`);
    const outputs = isLast ? outputCount : placer.rowsOf(`head.${index}.weight`);
    head.push(placer.linear([`head.${index}`], inputs, outputs));
    if (isLast) return head;
    inputs = outputs;
  }
  throw new WrongTensor(`the head has more than ${MAX_HEAD_LAYERS} layers`);
}

/** Carries what is wrong to `placeWeights`. */
class WrongTensor extends Error {}

class Placer {
  readonly #tensors: ReadonlyMap<string, StoredNumbers>;
  readonly #kernels: Kernels;

  constructor(tensors: ReadonlyMap<string, StoredNumbers>, kernels: Kernels) {
    this.#tensors = tensors;
    this.#kernels = kernels;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  rowsOf(name: string): number {
    return this.#tensors.get(name)?.shape[0] ?? 0;
  }

  /** A tensor of this shape (undefined: any size), all of its numbers finite. */
  values(name: string, shape: readonly (number | undefined)[]): Float32Array {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new WrongTensor(`there is no tensor "${name}"`);
    const fits =
      tensor.shape.length === shape.length && shape.every((dim, i) => (dim ?? tensor.shape[i]) === tensor.shape[i]);
    if (!fits) {
      const wanted = shape.map((dim) => dim ?? '?').join('x');
      throw new WrongTensor(`tensor "${name}" is ${tensor.shape.join('x')}, not ${wanted}`);
    }
    if (!areFinite(tensor.values)) throw new WrongTensor(`tensor "${name}" has numbers that are not finite`);
    return tensor.values;
  }

  norm(name: string, width: number): Norm {
    const place = (part: string): Offset => {
      const values = this.values(`${name}.${part}`, [width]);
      const offset = this.#kernels.allocate(4 * width);
      this.#kernels.memory().floats.set(values, offset / 4);
      return offset;
    };
    return { weight: place('weight'), bias: place('bias') };
  }

  /** Linear layers of the same input as one, their outputs one after the other; each of a multiple of 8 but the last. */
  linear(names: readonly string[], inputs: number, outputsOfEach: number): Linear {
    const outputs = Math.ceil((outputsOfEach * names.length) / BLOCK) * BLOCK;
    const weight = this.#kernels.allocate(4 * inputs * outputs);
    const hasBias = names.some((name) => this.has(`${name}.bias`));
    const bias = hasBias ? this.#kernels.allocate(4 * outputs) : 0;
    const { floats } = this.#kernels.memory();
    floats.fill(0, weight / 4, weight / 4 + inputs * outputs);
    if (hasBias) floats.fill(0, bias / 4, bias / 4 + outputs);
    names.forEach((name, index) => {
      const first = index * outputsOfEach;
      const values = this.values(`${name}.weight`, [outputsOfEach, inputs]);
      for (let out = 0; out < outputsOfEach; out++) {
        const block = Math.floor((first + out) / BLOCK) * BLOCK;
        const start = weight / 4 + block * inputs + (first + out - block);
        for (let k = 0; k < inputs; k++) floats[start + k * BLOCK] = values[out * inputs + k] ?? 0;
      }
      if (this.has(`${name}.bias`)) floats.set(this.values(`${name}.bias`, [outputsOfEach]), bias / 4 + first);
    });
    return { weight, bias, inputs, outputs };
  }
}

/** A product with 0 is 0 for every finite number and NaN for others. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) * 0;
  return sum === 0;
}

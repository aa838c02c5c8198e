/**
 * model.json beside the weights: which networks there are, what they read, and what their outputs mean
 * (docs/predictor.md). Parsed once; what is wrong is a message that names the field and quotes it.
 */
import { RELATIONS, type Relation } from './graphInput.ts';
import { FEATURE_VERSION } from './vocabulary.ts';

/** Which of a cell's graphs a network reads. */
export type GraphChoice = (typeof GRAPHS)[number];
export type Readout = (typeof READOUTS)[number];
export type Activation = (typeof ACTIVATIONS)[number];

const GRAPHS = ['kept', 'full', 'canonical', 'tree'] as const;
const READOUTS = ['mean', 'sum', 'output', 'token'] as const;
const ACTIVATIONS = ['relu', 'gelu'] as const;

export interface NetworkDescription {
  readonly file: string;
  /** CRC-32 of the file, eight hexadecimal digits. */
  readonly crc32: string;
  readonly graph: GraphChoice;
  /** Width of a node's state. */
  readonly width: number;
  /** Width within the feed-forward part. */
  readonly hidden: number;
  readonly layers: number;
  /** By head: whom a node sees. */
  readonly heads: readonly Relation[];
  readonly activation: Activation;
  readonly normEpsilon: number;
  readonly readout: Readout;
  readonly outputs: readonly string[];
}

export interface OutputDescription {
  /** From a network's number y to the figure: mean + scale * y, or e to that. */
  readonly transform: 'identity' | 'exp';
  readonly mean: number;
  readonly scale: number;
  /** Data sets that it is true of; undefined for all. */
  readonly datasets: readonly string[] | undefined;
  /** The share of true values within the interval, on held-out cells. */
  readonly coverage: number;
  /** The interval is value - radius to value + radius, or value / factor to value * factor. */
  readonly interval: { readonly kind: 'radius' | 'factor'; readonly size: number };
}

export interface ModelDescription {
  readonly name: string;
  readonly space: string;
  readonly networks: readonly NetworkDescription[];
  /** By name: "accuracy/cifar10" in per cent, "latencyMs/pixel3". */
  readonly outputs: ReadonlyMap<string, OutputDescription>;
}

export type DescriptionResult =
  | { readonly kind: 'description'; readonly description: ModelDescription }
  | { readonly kind: 'problem'; readonly code: 'weights-corrupt' | 'weights-version'; readonly message: string };

export function parseModelDescription(text: string): DescriptionResult {
  try {
    return { kind: 'description', description: readDescription(record(JSON.parse(text), 'model.json')) };
  } catch (error) {
    if (error instanceof OtherVersion) return { kind: 'problem', code: 'weights-version', message: error.message };
    if (error instanceof WrongField || error instanceof SyntaxError) {
      return { kind: 'problem', code: 'weights-corrupt', message: error.message };
    }
    throw error;
  }
}

/** Carry what is wrong out of the readers below; never leave this file. */
class WrongField extends Error {}
class OtherVersion extends Error {}

type Json = Readonly<Record<string, unknown>>;

function readDescription(json: Json): ModelDescription {
  oneOf(json, 'format', ['layercost-model']);
  if (json['version'] !== 1) throw new OtherVersion(`model.json is of version ${quote(json['version'])}, not 1`);
  const featureVersion = json['featureVersion'];
  if (featureVersion !== FEATURE_VERSION) {
    const message = `the weights were trained on features of version ${quote(featureVersion)}, not ${FEATURE_VERSION}`;
    throw new OtherVersion(message);
  }
  const outputs = new Map(
    Object.entries(record(json['outputs'], '"outputs"')).map(([name, output]) => [
      name,
      readOutput(record(output, `output "${name}"`)),
    ]),
  );
  const networks = list(json, 'networks').map((network) => readNetwork(record(network, 'a network')));
  if (networks.length === 0) throw new WrongField('"networks" is empty');
  const undescribed = networks.flatMap((network) => network.outputs).find((name) => !outputs.has(name));
  if (undescribed !== undefined) throw new WrongField(`"outputs" does not describe ${quote(undescribed)}`);
  return { name: textOf(json, 'name'), space: textOf(json, 'space'), networks, outputs };
}

function readNetwork(json: Json): NetworkDescription {
  const heads = list(json, 'heads').map((head) => oneOf({ head }, 'head', RELATIONS));
  const width = count(json, 'width');
  const hidden = count(json, 'hidden');
  if (width % 8 !== 0 || hidden % 8 !== 0) {
    throw new WrongField(`"width" and "hidden" must be multiples of 8, not ${width} and ${hidden}`);
  }
  if (heads.length === 0 || width % (4 * heads.length) !== 0) {
    throw new WrongField(`"width" ${width} does not divide into ${heads.length} heads of a multiple of 4`);
  }
  const file = textOf(json, 'file');
  if (!/^[\w.-]+$/.test(file))
    throw new WrongField(`"file" is the name of a file beside model.json, not ${quote(file)}`);
  return {
    file,
    crc32: textOf(json, 'crc32'),
    graph: oneOf(json, 'graph', GRAPHS),
    width,
    hidden,
    layers: count(json, 'layers'),
    heads,
    activation: oneOf(json, 'activation', ACTIVATIONS),
    normEpsilon: numberOf(json, 'normEpsilon'),
    readout: oneOf(json, 'readout', READOUTS),
    outputs: list(json, 'outputs').map((name) => textOf({ name }, 'name')),
  };
}

function readOutput(json: Json): OutputDescription {
  const kind = json['radius'] === undefined ? 'factor' : 'radius';
  const size = numberOf(json, kind);
  if (size < (kind === 'factor' ? 1 : 0)) throw new WrongField(`"${kind}" is ${size}`);
  const coverage = numberOf(json, 'coverage');
  if (coverage <= 0 || coverage > 1) throw new WrongField(`"coverage" is a share, not ${coverage}`);
  return {
    transform: oneOf(json, 'transform', ['identity', 'exp']),
    mean: numberOf(json, 'mean'),
    scale: numberOf(json, 'scale'),
    datasets:
      json['datasets'] === undefined ? undefined : list(json, 'datasets').map((name) => textOf({ name }, 'name')),
    coverage,
    interval: { kind, size },
  };
}

function record(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new WrongField(`${what} must be a JSON object, not ${quote(value)}`);
}

function list(json: Json, key: string): readonly unknown[] {
  const value = json[key];
  if (Array.isArray(value)) return value;
  throw new WrongField(`"${key}" must be a list, not ${quote(value)}`);
}

function textOf(json: Json, key: string): string {
  const value = json[key];
  if (typeof value === 'string') return value;
  throw new WrongField(`"${key}" must be a text, not ${quote(value)}`);
}

function numberOf(json: Json, key: string): number {
  const value = json[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new WrongField(`"${key}" must be a number, not ${quote(value)}`);
}

function count(json: Json, key: string): number {
  const value = numberOf(json, key);
  if (Number.isInteger(value) && value > 0 && value <= 65_536) return value;
  throw new WrongField(`"${key}" must be a count, not ${value}`);
}

function oneOf<T extends string>(json: Json, key: string, values: readonly T[]): T {
  const found = values.find((value) => value === json[key]);
  if (found !== undefined) return found;
  throw new WrongField(`"${key}" must be one of ${values.join(', ')}, not ${quote(json[key])}`);
}

function quote(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}

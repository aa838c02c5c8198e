/**
 * model.json beside the weights: which networks there are, what they read, and what their outputs mean
 * (docs/predictor.md). Parsed once; what is wrong is a message that names the field and quotes it.
 */
import { quoteJson } from '../base/quoteJson.ts';
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
  readonly interval: IntervalDescription;
}

/** value - radius to value + radius, or value / factor to value * factor. */
export type IntervalDescription =
  | { readonly kind: 'factor'; readonly factor: number }
  /** The radius is the product of both: errors are larger at some values, and far from what was trained on. */
  | { readonly kind: 'radius'; readonly byValue: Knots; readonly byDistance: Knots };

/** Pairs of place and size in ascending order of places: linear between them, constant beyond. */
export type Knots = readonly (readonly [place: number, size: number])[];

/** Embeddings of the cells that a network was trained on (referenceCells.ts). */
export interface ReferenceDescription {
  readonly file: string;
  readonly crc32: string;
  /** The file of the network whose embeddings they are. */
  readonly network: string;
}

export interface ModelDescription {
  readonly name: string;
  readonly space: string;
  readonly networks: readonly NetworkDescription[];
  readonly reference: ReferenceDescription | undefined;
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
  if (json['version'] !== 1) throw new OtherVersion(`model.json is of version ${quoteJson(json['version'])}, not 1`);
  const featureVersion = json['featureVersion'];
  if (featureVersion !== FEATURE_VERSION) {
    const message = `the weights were trained on features of version ${quoteJson(featureVersion)}, not ${FEATURE_VERSION}`;
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
  if (undescribed !== undefined) throw new WrongField(`"outputs" does not describe ${quoteJson(undescribed)}`);
  const reference =
    json['reference'] === undefined ? undefined : readReference(record(json['reference'], '"reference"'), networks);
  const homeless = [...outputs].find(([, { interval }]) => reference === undefined && goesByDistance(interval));
  if (homeless !== undefined)
    throw new WrongField(`there is no "reference", and ${quoteJson(homeless[0])} goes by distance`);
  return { name: textOf(json, 'name'), space: textOf(json, 'space'), networks, reference, outputs };
}

function readReference(json: Json, networks: readonly NetworkDescription[]): ReferenceDescription {
  const network = textOf(json, 'network');
  if (!networks.some(({ file }) => file === network)) throw new WrongField(`there is no network ${quoteJson(network)}`);
  return { file: fileOf(json), crc32: textOf(json, 'crc32'), network };
}

function goesByDistance(interval: IntervalDescription): boolean {
  return interval.kind === 'radius' && interval.byDistance.length > 1;
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
  return {
    file: fileOf(json),
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
  const coverage = numberOf(json, 'coverage');
  if (coverage <= 0 || coverage > 1) throw new WrongField(`"coverage" is a share, not ${coverage}`);
  return {
    transform: oneOf(json, 'transform', ['identity', 'exp']),
    mean: numberOf(json, 'mean'),
    scale: numberOf(json, 'scale'),
    datasets:
      json['datasets'] === undefined ? undefined : list(json, 'datasets').map((name) => textOf({ name }, 'name')),
    coverage,
    interval: readInterval(json),
  };
}

/** `"factor": 1.05`, `"radius": 0.7`, or `"radius": {"byValue": [[85, 1.2], [93, 0.3]], "byDistance": [[0, 1], [0.2, 1.5]]}`. */
function readInterval(json: Json): IntervalDescription {
  const { radius } = json;
  if (radius === undefined) {
    const factor = numberOf(json, 'factor');
    if (factor < 1) throw new WrongField(`"factor" is ${factor}`);
    return { kind: 'factor', factor };
  }
  if (typeof radius === 'object') {
    const knots = record(radius, '"radius"');
    return { kind: 'radius', byValue: knotsOf(knots, 'byValue'), byDistance: knotsOf(knots, 'byDistance') };
  }
  const size = numberOf(json, 'radius');
  if (size < 0) throw new WrongField(`"radius" is ${size}`);
  return { kind: 'radius', byValue: [[0, size]], byDistance: [[0, 1]] };
}

function knotsOf(json: Json, key: string): Knots {
  const knots = list(json, key).map((knot, index) => {
    const [place, size, ...more] = list({ [key]: knot }, key).map((number) => numberOf({ [key]: number }, key));
    if (place === undefined || size === undefined || more.length > 0 || size < 0) {
      throw new WrongField(`"${key}" ${index} is a pair of place and size, not ${quoteJson(knot)}`);
    }
    return [place, size] as const;
  });
  if (knots.length === 0) throw new WrongField(`"${key}" is empty`);
  if (knots.some(([place], index) => place <= (knots[index - 1]?.[0] ?? -Infinity))) {
    throw new WrongField(`the places of "${key}" do not ascend`);
  }
  return knots;
}

function fileOf(json: Json): string {
  const file = textOf(json, 'file');
  if (/^[\w.-]+$/.test(file)) return file;
  throw new WrongField(`"file" is the name of a file beside model.json, not ${quoteJson(file)}`);
}

function record(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new WrongField(`${what} must be a JSON object, not ${quoteJson(value)}`);
}

function list(json: Json, key: string): readonly unknown[] {
  const value = json[key];
  if (Array.isArray(value)) return value;
  throw new WrongField(`"${key}" must be a list, not ${quoteJson(value)}`);
}

function textOf(json: Json, key: string): string {
  const value = json[key];
  if (typeof value === 'string') return value;
  throw new WrongField(`"${key}" must be a text, not ${quoteJson(value)}`);
}

function numberOf(json: Json, key: string): number {
  const value = json[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new WrongField(`"${key}" must be a number, not ${quoteJson(value)}`);
}

function count(json: Json, key: string): number {
  const value = numberOf(json, key);
  if (Number.isInteger(value) && value > 0 && value <= 65_536) return value;
  throw new WrongField(`"${key}" must be a count, not ${value}`);
}

function oneOf<T extends string>(json: Json, key: string, values: readonly T[]): T {
  const found = values.find((value) => value === json[key]);
  if (found !== undefined) return found;
  throw new WrongField(`"${key}" must be one of ${values.join(', ')}, not ${quoteJson(json[key])}`);
}

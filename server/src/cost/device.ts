/**
 * Devices as data: vendor facts read from JSON (models/devices/*.json), each with its source.
 * Rates are the vendor's dense peaks; what a vendor does not state is absent, never guessed.
 */
import type { DType } from '../graph/dtype.ts';

/** What a multiply-accumulate unit computes in; `tf32` serves float32 products where a device has it. */
export type Precision = 'float64' | 'float32' | 'tf32' | 'float16' | 'bfloat16' | 'float8' | 'int8';

export interface Device {
  /** "rtx-4090": what settings and `--device` name. */
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly kind: 'gpu' | 'cpu' | 'npu';
  /** Peak of matrix and convolution units, in TFLOPS (two a multiply-accumulate), dense. */
  readonly matrixTflops: Readonly<Partial<Record<Precision, number>>>;
  /** Peak of the general vector units at float32, in TFLOPS: bounds elementwise work. */
  readonly vectorTflops: number;
  /** Main memory bandwidth in GB/s (1e9 bytes). */
  readonly memoryBandwidthGbs: number;
  readonly memoryBytes: number | undefined;
  readonly lastLevelCacheBytes: number | undefined;
  /** Multiprocessors of a GPU, cores of a CPU. */
  readonly coreCount: number | undefined;
  readonly clockGhz: number | undefined;
  /** One line, as a person would describe it. */
  readonly description: string;
  /** Where the figures are published, and how a derived one was derived. */
  readonly source: string;
}

/** Where nobody says which. */
export const DEFAULT_DEVICE_ID = 'rtx-4090';

export type DeviceResult =
  { readonly kind: 'ok'; readonly device: Device } | { readonly kind: 'invalid'; readonly message: string };

const PRECISIONS: readonly Precision[] = ['float64', 'float32', 'tf32', 'float16', 'bfloat16', 'float8', 'int8'];

/** Reads one device from parsed JSON; the message names the field that is wrong and quotes it. */
export function parseDevice(json: unknown): DeviceResult {
  if (!isRecord(json)) return invalid('a device is a JSON object');
  const { id, name, vendor, kind, description, source } = json;
  for (const [field, value] of Object.entries({ id, name, vendor, description, source })) {
    if (typeof value !== 'string' || value === '') return invalid(`"${field}" must be a text, not ${quote(value)}`);
  }
  if (kind !== 'gpu' && kind !== 'cpu' && kind !== 'npu') {
    return invalid(`"kind" must be "gpu", "cpu" or "npu", not ${quote(kind)}`);
  }
  const rates = json['matrixTflops'];
  if (!isRecord(rates) || !isPositive(rates['float32']))
    return invalid('"matrixTflops" must have a positive "float32"');
  const wrong = Object.entries(rates).find(([key, rate]) => !isPrecision(key) || !isPositive(rate));
  if (wrong !== undefined) return invalid(`"matrixTflops" has ${quote(wrong[0])}: ${quote(wrong[1])}`);
  for (const field of ['vectorTflops', 'memoryBandwidthGbs'] as const) {
    if (!isPositive(json[field])) return invalid(`"${field}" must be a positive number, not ${quote(json[field])}`);
  }
  for (const field of ['memoryBytes', 'lastLevelCacheBytes', 'coreCount', 'clockGhz'] as const) {
    const value = json[field];
    if (value !== undefined && !isPositive(value))
      return invalid(`"${field}" must be a positive number, not ${quote(value)}`);
  }
  // Every field was checked above.
  return { kind: 'ok', device: json as unknown as Device };
}

/** Peak FLOPs a second for products of a dtype; float32 may use tf32 units, as PyTorch's convolutions do by default. */
export function matrixFlopsPerSecond(device: Device, dtype: DType): number {
  const { matrixTflops: rates } = device;
  const float32 = Math.max(rates.float32 ?? 0, rates.tf32 ?? 0);
  return (
    1e12 *
    Math.max(
      ratesFor(dtype).reduce((best, name) => Math.max(best, rates[name] ?? 0), 0),
      dtype === 'float64' ? 0 : float32,
    )
  );
}

function ratesFor(dtype: DType): readonly Precision[] {
  if (dtype === 'float16') return ['float16'];
  if (dtype === 'bfloat16') return ['bfloat16'];
  if (dtype === 'float64') return ['float64', 'float32'];
  if (dtype.startsWith('float8')) return ['float8', 'float16'];
  return dtype.startsWith('int') || dtype.startsWith('uint') ? ['int8'] : ['float32'];
}

function isPrecision(text: string): text is Precision {
  return (PRECISIONS as readonly string[]).includes(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function quote(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function invalid(message: string): DeviceResult {
  return { kind: 'invalid', message };
}

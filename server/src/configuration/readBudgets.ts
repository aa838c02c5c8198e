/**
 * The budgets of an entry: { "params": "5M", "latency": { "t4": ["warn", "2.5 ms"] }, "growth": { "macs": "+5 %" } } ->
 * limits and growths in the metrics' own units. A budget that cannot be read is a problem, never no limit.
 */
import type { SourceRange } from '../base/text.ts';
import type { Budget, GrowthBudget, LatencyEstimate, Metric } from './configuration.ts';
import { quoteText, quoteValue, type LocatedValue } from './locatedValue.ts';
import { parseLimit, UNITS_TEXT, type QuantityKind } from './quantity.ts';
import { parseGrowth } from './growthText.ts';
import { readMembers, readObject, unknownDevice, type Reading } from './reading.ts';

const PLAIN_METRICS = ['params', 'macs', 'weights', 'activations', 'peakMemory'] as const;
const METRICS = [...PLAIN_METRICS, 'latency', 'accuracy'] as const;
/** Longer texts are no amounts. */
const MAX_BUDGET_LENGTH = 60;
const ESTIMATES: readonly LatencyEstimate[] = ['roofline', 'predicted', 'upper'];

/** `deviceIds` are those of the entry: a growth of latency without a device is meant for each of them. */
export function readBudgets(value: LocatedValue, deviceIds: readonly string[], reading: Reading): readonly Budget[] {
  const table = readObject(value, '"budgets"', reading);
  if (table === undefined) return [];
  const members = readMembers(table, [...METRICS, 'growth'], reading);
  const limits = readMetrics(members, [], limitOf, reading);
  const growth = members.get('growth');
  const growthTable = growth === undefined ? undefined : readObject(growth, '"growth"', reading);
  if (growthTable === undefined) return limits;
  return [...limits, ...readMetrics(readMembers(growthTable, METRICS, reading), deviceIds, growthOf, reading)];
}

type Members = ReadonlyMap<string, LocatedValue>;
/** Reads one budget, undefined where it is off or a problem. */
type ReadBudget = (metric: Metric, value: LocatedValue, reading: Reading) => Budget | undefined;

function readMetrics(
  members: Members,
  deviceIds: readonly string[],
  read: ReadBudget,
  reading: Reading,
): readonly Budget[] {
  const plain = PLAIN_METRICS.flatMap((kind) => {
    const value = members.get(kind);
    return value === undefined ? [] : (read({ kind }, value, reading) ?? []);
  });
  const latency = members.get('latency');
  const accuracy = members.get('accuracy');
  return [
    ...plain,
    ...(latency === undefined ? [] : readLatency(latency, deviceIds, read, reading)),
    ...(accuracy === undefined ? [] : readAccuracy(accuracy, read, reading)),
  ];
}

/** { "t4": "2.5 ms" } is the roofline's; { "t4": { "predicted": "3 ms" } } says which estimate it means. */
function readLatency(
  value: LocatedValue,
  deviceIds: readonly string[],
  read: ReadBudget,
  reading: Reading,
): readonly Budget[] {
  if (value.kind !== 'object') {
    if (deviceIds.length === 0) {
      const message = `A latency is one of a device: write { "rtx-4090": ${quoteValue(value)} }.`;
      reading.problems.add('invalid-budget', message, value.range);
      return [];
    }
    return deviceIds.flatMap((deviceId) => read(roofline(deviceId), value, reading) ?? []);
  }
  return [...value.members].flatMap(([deviceId, member]) => {
    if (!reading.knownDeviceIds.includes(deviceId) && !isPredictedDevice(deviceId, member.value, reading)) {
      unknownDevice(deviceId, member.keyRange, reading);
      return [];
    }
    if (member.value.kind !== 'object') return read(roofline(deviceId), member.value, reading) ?? [];
    const estimates = readMembers(member.value, ESTIMATES, reading);
    return ESTIMATES.flatMap((estimate) => {
      const own = estimates.get(estimate);
      return own === undefined ? [] : (read({ kind: 'latency', deviceId, estimate }, own, reading) ?? []);
    });
  });
}

/** { "pixel3": { "upper": "12 ms" } } of a cell. */
function isPredictedDevice(id: string, value: LocatedValue, { acceptsPredictedDevices = false }: Reading): boolean {
  const hasPredictions = value.kind === 'object' && !value.members.has('roofline');
  return acceptsPredictedDevices && hasPredictions && /^[A-Za-z0-9][\w.-]*$/.test(id);
}

function roofline(deviceId: string): Metric {
  return { kind: 'latency', deviceId, estimate: 'roofline' };
}

function readAccuracy(value: LocatedValue, read: ReadBudget, reading: Reading): readonly Budget[] {
  if (value.kind !== 'object') {
    const message = `An accuracy is one on a data set: write { "imagenet-top1": ${quoteValue(value)} }.`;
    reading.problems.add('invalid-budget', message, value.range);
    return [];
  }
  return [...value.members].flatMap(([dataset, member]) => {
    if (/^[A-Za-z0-9][\w.-]*$/.test(dataset)) return read({ kind: 'accuracy', dataset }, member.value, reading) ?? [];
    reading.problems.add('invalid-budget', `${quoteText(dataset)} is no name of a data set.`, member.keyRange);
    return [];
  });
}

function limitOf(metric: Metric, value: LocatedValue, reading: Reading): Budget | undefined {
  const kind = quantityKind(metric);
  const found = readSeverity(value, UNITS_TEXT[kind], ['text', 'number'], reading);
  if (found === undefined) return undefined;
  const result = parseLimit(kind, found.text);
  if (result.kind === 'ok') return { kind: 'limit', metric, ...found, limit: result.amount };
  reportAmount(result, found.range, reading);
  return undefined;
}

function growthOf(metric: Metric, value: LocatedValue, reading: Reading): GrowthBudget | undefined {
  const kind = quantityKind(metric);
  const found = readSeverity(value, 'a growth in quotes, such as "+5 %"', ['text'], reading);
  if (found === undefined) return undefined;
  const result = parseGrowth(kind, found.text);
  if (result.kind === 'ok') return { kind: 'growth', metric, ...found, growth: result.growth };
  reportAmount(result, found.range, reading);
  return undefined;
}

function reportAmount(
  { kind, message }: { readonly kind: 'invalid' | 'contradictory'; readonly message: string },
  range: SourceRange,
  { problems }: Reading,
): void {
  problems.add(kind === 'invalid' ? 'invalid-budget' : 'contradictory-budget', `The budget ${message}.`, range);
}

interface Rated {
  readonly severity: Budget['severity'];
  readonly text: string;
  /** The budget with its severity, as it stands in the file. */
  readonly range: SourceRange;
  readonly amountRange: SourceRange;
}

/** "5M", 5000000, "off", ["warn", "5M"]: undefined where it is off or cannot be read. */
function readSeverity(
  value: LocatedValue,
  wanted: string,
  kinds: readonly LocatedValue['kind'][],
  reading: Reading,
): Rated | undefined {
  const { range } = value;
  if (value.kind !== 'list') {
    const text = amountText(value, wanted, kinds, reading);
    return text === undefined ? undefined : { severity: 'error', text, range, amountRange: range };
  }
  const [severity, amount] = value.items;
  const name = severity?.kind === 'text' ? severity.value : undefined;
  if (value.items.length !== 2 || amount === undefined || !['error', 'warn', 'off'].includes(name ?? '')) {
    const message = 'A budget in a list is ["error", LIMIT], ["warn", LIMIT] or ["off", LIMIT].';
    reading.problems.add('invalid-budget', message, (value.items.length > 2 ? undefined : severity?.range) ?? range);
    return undefined;
  }
  const text = amountText(amount, wanted, kinds, reading);
  if (text === undefined || name === 'off') return undefined;
  return { severity: name === 'warn' ? 'warn' : 'error', text, range, amountRange: amount.range };
}

function amountText(
  value: LocatedValue,
  wanted: string,
  kinds: readonly LocatedValue['kind'][],
  { problems }: Reading,
): string | undefined {
  if (value.kind === 'text' && value.value.length <= MAX_BUDGET_LENGTH) {
    return value.value === 'off' ? undefined : value.value;
  }
  if (value.kind === 'number' && kinds.includes('number') && /^[\d.eE+-]+$/.test(value.text)) return value.text;
  problems.add('invalid-budget', `The budget ${quoteValue(value)} is not ${wanted}.`, value.range);
  return undefined;
}

function quantityKind({ kind }: Metric): QuantityKind {
  if (kind === 'weights' || kind === 'activations' || kind === 'peakMemory') return 'bytes';
  return kind;
}

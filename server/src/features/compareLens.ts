/**
 * What changed in a model since another version, in one line: "+0.4 ms roofline (+12 %), +1.2M params (+10 %) since HEAD".
 */
import type { Metric } from '../configuration/configuration.ts';
import type { ModelComparison } from '../gate/compareModels.ts';
import type { PlacedProblem } from '../gate/modelDigest.ts';
import type { Lens } from './codeLens.ts';
import type { EntryReport } from './entryReport.ts';
import { figureRows, layerCountsText } from './changeText.ts';

/** What is said first, and what only where nothing of the first changed. */
const FIRST: readonly Metric['kind'][] = ['latency', 'params', 'macs'];

/** `deviceId` is the one that latencies are shown for. Undefined where nothing changed that can be told. */
export function compareTitle(comparison: ModelComparison, deviceId: string, base: string): string | undefined {
  if (comparison.isSame) return undefined;
  const rows = figureRows(comparison).filter(
    ({ metric, delta }) => delta !== '' && (metric.kind !== 'latency' || metric.deviceId === deviceId),
  );
  const ordered = [...rows].sort((a, b) => rank(a.metric) - rank(b.metric));
  const first = ordered.filter(({ metric }) => FIRST.includes(metric.kind));
  const told = first.length > 0 ? first : ordered.slice(0, 1);
  const figures = told.map(({ metric, delta, share }) => {
    const size = share === '' ? '' : ` (${share})`;
    return `${delta}${noun(metric)}${size}`;
  });
  const changes = layerCountsText({ ...comparison, sameLayerCount: 0 });
  const what = figures.length > 0 ? figures.join(', ') : changes === '' ? undefined : `layers: ${changes}`;
  const input = comparison.hasOtherInputs ? ', with another input' : '';
  return what === undefined ? undefined : `${what} since ${base}${input}`;
}

/** A line beside the lens of each model that has one in `titles`, by its name; one a place. */
export function changeLenses(
  entries: readonly EntryReport[],
  file: string,
  titles: ReadonlyMap<string, string>,
): readonly Lens[] {
  const taken = new Set<number>();
  return entries.flatMap(({ entry: { name, range } }) => {
    const title = titles.get(name);
    if (title === undefined || range?.file !== file || taken.has(range.start)) return [];
    taken.add(range.start);
    return [{ range, entryName: name, title }];
  });
}

/** What makes the figures of either version doubtful. */
export interface Doubts {
  readonly before: readonly PlacedProblem[];
  readonly after: readonly PlacedProblem[];
}

/** What is wrong in one version alone would be told as a change. */
export function isComparable({ before, after }: Doubts): boolean {
  if ([...before, ...after].some(({ severity }) => severity === 'error')) return false;
  const codes = (problems: readonly PlacedProblem[]): string =>
    [...new Set(problems.map(({ code }) => code))].sort().join();
  return codes(before) === codes(after);
}

function rank({ kind }: Metric): number {
  const place = FIRST.indexOf(kind);
  return place < 0 ? FIRST.length : place;
}

function noun(metric: Metric): string {
  switch (metric.kind) {
    case 'latency':
      // The difference of two lower bounds is no bound of the difference. The device stands in the lens beside it.
      return ` ${metric.estimate}`;
    case 'params':
    case 'weights':
    case 'activations':
      return ` ${metric.kind}`;
    case 'macs':
      return ' MACs';
    case 'peakMemory':
      return ' peak memory';
    case 'accuracy':
      return ` ${metric.dataset}`;
  }
}

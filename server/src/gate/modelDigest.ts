/**
 * What the gate keeps of a report: the snapshot of its figures, why figures are missing, which layers cost most, what
 * was assumed and what went wrong; plain data without graph or ranges, so that it crosses threads and lies in caches.
 */
import type { Problem } from '../base/problems.ts';
import type { Figure, Report } from '../analysis/report.ts';
import { addDims, printDim, unknownReason } from '../graph/dim.ts';
import { costliestLayers, type Cause } from './causes.ts';
import type { Place, Placer } from './place.ts';
import type { MissingReasons, ModelSnapshot } from './snapshot.ts';
import { snapshotOf } from './snapshotOf.ts';

/** A problem of a model with the place that reports name. */
export interface PlacedProblem {
  readonly code: string;
  readonly severity: Problem['severity'];
  readonly message: string;
  readonly place: Place | undefined;
}

export interface DigestAssumption {
  readonly kind: Report['assumptions'][number]['kind'];
  readonly message: string;
  readonly place: Place | undefined;
}

export interface ModelDigest {
  readonly snapshot: ModelSnapshot;
  /** Why a total is no number. */
  readonly missing: MissingReasons;
  /** By the metric's key ("paramCount", "latency t4"): where its figure comes from, costliest first. */
  readonly costliest: Readonly<Record<string, readonly Cause[]>>;
  readonly assumptions: readonly DigestAssumption[];
  readonly problems: readonly PlacedProblem[];
  readonly coverage: {
    readonly understoodNodes: number;
    readonly totalNodes: number;
    readonly unknown: readonly { readonly name: string; readonly count: number; readonly reason: string }[];
  };
  /** Where the model is defined. */
  readonly place: Place | undefined;
}

export interface DigestOptions {
  /** What reports call the entry. */
  readonly name: string;
  /** "models/net.py:Net" */
  readonly target: string;
  readonly placer: Placer;
  /** Of a NAS cell: the data set that its accuracy is predicted on. */
  readonly datasetId?: string;
}

export function digestOf(report: Report, options: DigestOptions): ModelDigest {
  const { placer } = options;
  const { coverage } = report;
  return {
    snapshot: snapshotOf(report, options, (range) => placer.placeOf(range)),
    missing: missingReasons(report, placer),
    costliest: costliestLayers(report, placer),
    assumptions: report.assumptions.map(({ kind, message, range }) => ({
      kind,
      message: placer.relativeText(message),
      place: placer.placeOf(range),
    })),
    problems: report.problems.map((problem) => placedProblem(problem, placer)),
    coverage: {
      understoodNodes: coverage.understoodNodes,
      totalNodes: coverage.totalNodes,
      unknown: coverage.unknown.map(({ name, count, reason }) => ({
        name,
        count,
        reason: placer.relativeText(reason),
      })),
    },
    place: placer.placeOf(report.entry.range) ?? placer.fileOf(report.entry.file),
  };
}

export function placedProblem({ code, severity, message, location }: Problem, placer: Placer): PlacedProblem {
  const place =
    location.kind === 'text'
      ? placer.placeOf(location)
      : location.file === undefined
        ? undefined
        : placer.fileOf(location.file);
  const offset = location.kind === 'bytes' ? ` (at byte ${location.byteOffset})` : '';
  return { code, severity, message: `${placer.relativeText(message)}${offset}`, place };
}

/** "net.py:7: error: there is no layer [no-such-name]" */
export function problemText({ code, severity, message, place }: PlacedProblem): string {
  return `${place === undefined ? '' : `${place.file}:${place.line}: `}${severity}: ${message} [${code}]`;
}

function missingReasons({ totals, latency }: Report, placer: Placer): MissingReasons {
  const keys = ['paramCount', 'macs', 'weightBytes', 'activationBytes', 'peakMemoryBytes'] as const;
  const entries = keys.map((key) => [key, missingReason(totals[key])] as const);
  const needed = missingReason(addDims(addDims(totals.macs, totals.bytesMoved), totals.elementwiseOps));
  const isMissing = latency.some(({ rooflineMs }) => rooflineMs === undefined);
  const all = [
    ...entries,
    ['latency', isMissing ? (needed ?? 'a figure that it needs is unknown') : undefined] as const,
  ];
  return Object.fromEntries(
    all.flatMap(([key, reason]) => (reason === undefined ? [] : [[key, placer.relativeText(reason)]])),
  );
}

function missingReason(figure: Figure): string | undefined {
  if (typeof figure === 'number') return undefined;
  return unknownReason(figure) ?? `it depends on the input: ${printDim(figure)}`;
}

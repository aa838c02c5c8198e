/**
 * A comparison of one model as rows of texts: what a page shows of it, figures first, then the layers that were added,
 * removed or changed.
 */
import type { ModelComparison } from '../gate/compareModels.ts';
import { figureRows, layerCountsText, layerRows } from './changeText.ts';
import type { Doubts } from './compareLens.ts';

export interface ChangesPage {
  readonly name: string;
  /** "HEAD", and its commit's full name. */
  readonly base: string;
  readonly commitId: string;
  /** `delta` and `share` are empty where nothing changed. */
  readonly figures: readonly {
    readonly label: string;
    readonly before: string;
    readonly after: string;
    readonly delta: string;
    readonly share: string;
  }[];
  readonly layers: readonly {
    /** ">" is a rename. */
    readonly sign: '+' | '-' | '~' | '>';
    readonly name: string;
    readonly op: string;
    readonly detail: string;
    /** "models/net.py:12"; empty where there is none. */
    readonly place: string;
  }[];
  /** "12 added, 1 changed, 40 the same" */
  readonly counts: string;
  /** What makes figures doubtful. */
  readonly notes: readonly string[];
}

export interface ChangesSource {
  readonly name: string;
  readonly base: string;
  readonly commitId: string;
  readonly comparison: ModelComparison;
  /** The one that latencies are shown for. */
  readonly deviceId: string;
  readonly doubts: Doubts;
}

export function changesPage({ name, base, commitId, comparison, deviceId, doubts }: ChangesSource): ChangesPage {
  const figures = figureRows(comparison)
    .filter(({ metric }) => metric.kind !== 'latency' || metric.deviceId === deviceId)
    .map(({ label, before, after, delta, share }) => ({ label, before, after, delta, share }));
  const layers = layerRows(comparison.layers).map(({ sign, name: layer, op, detail, place }) => ({
    sign,
    name: layer,
    op,
    detail,
    place: place === undefined ? '' : `${place.file}:${place.line}`,
  }));
  const { before, after } = comparison;
  const notes = [
    ...(comparison.hasOtherInputs
      ? [`the input is another: ${before.inputs.join(', ')} -> ${after.inputs.join(', ')}`]
      : []),
    ...doubts.before.map(({ message }) => `in ${base}: ${message}`),
    ...doubts.after.map(({ message }) => `now: ${message}`),
  ];
  return { name, base, commitId, figures, layers, counts: layerCountsText(comparison), notes };
}

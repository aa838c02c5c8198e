/**
 * A comparison as stable JSON (documented in docs/json.md): figures in two versions as
 * { "before": 9408, "after": 4704, "delta": -4704, "share": -0.5 }, null for what is unknown.
 */
import type { Printed } from '../base/escaping/printed.ts';
import type { FigureChange, LayerChange, ModelComparison } from '../gate/compareModels.ts';
import { entryName, type DiffReport, type DiffVersion, type EntryDiff } from '../gate/diffReport.ts';
import { encodeJson } from '../gate/decode.ts';
import type { ModelSnapshot, SnapshotLayer } from '../gate/snapshot.ts';

/** A change that breaks readers raises it. */
const FORMAT_VERSION = 1;

export function diffToJson({ before, after, entries, problems }: DiffReport): Printed {
  const json = {
    formatVersion: FORMAT_VERSION,
    before: versionJson(before),
    after: versionJson(after),
    entries: entries.map(entryJson),
    problems,
  };
  return encodeJson(json, 2);
}

function versionJson({ label, commitId }: DiffVersion): object {
  return { label, commit: commitId };
}

function entryJson(entry: EntryDiff): object {
  const name = entryName(entry);
  switch (entry.kind) {
    case 'compared':
      return {
        name,
        kind: entry.comparison.isSame ? 'unchanged' : 'changed',
        doubts: entry.doubts,
        ...comparisonJson(entry.comparison),
      };
    case 'added':
      return { name, kind: 'added', doubts: entry.doubts, after: snapshotJson(entry.after) };
    case 'removed':
      return { name, kind: 'removed', doubts: entry.doubts, before: snapshotJson(entry.before) };
    case 'unreadable': {
      const { version, problems, before, after } = entry;
      return {
        name,
        kind: 'unreadable',
        version,
        problems,
        before: before === undefined ? undefined : snapshotJson(before),
        after: after === undefined ? undefined : snapshotJson(after),
      };
    }
  }
}

function comparisonJson(comparison: ModelComparison): object {
  const { before, after, totals, latency, accuracy, layers, sameLayerCount } = comparison;
  const pair = (valueOf: (snapshot: ModelSnapshot) => unknown): object => ({
    before: valueOf(before),
    after: valueOf(after),
  });
  return {
    previousName: before.name === after.name ? undefined : before.name,
    target: pair(({ target }) => target),
    inputs: pair(({ inputs }) => inputs),
    coverageShare: pair(({ coverageShare }) => coverageShare),
    totals: Object.fromEntries(Object.entries(totals).map(([key, change]) => [key, changeJson(change)])),
    latency: Object.fromEntries(
      latency.map(({ deviceId, rooflineMs, predictedMs, upperMs }) => [
        deviceId,
        { rooflineMs: changeJson(rooflineMs), predictedMs: changeJson(predictedMs), upperMs: changeJson(upperMs) },
      ]),
    ),
    accuracy: Object.fromEntries(accuracy.map(({ dataset, change }) => [dataset, changeJson(change)])),
    layers: layers.map(layerChangeJson),
    sameLayerCount,
  };
}

function changeJson({ before, after, delta, share }: FigureChange): object {
  return { before, after, delta, share };
}

function layerChangeJson(change: LayerChange): object {
  switch (change.kind) {
    case 'added':
      return { kind: 'added', after: layerJson(change.after) };
    case 'removed':
      return { kind: 'removed', before: layerJson(change.before) };
    case 'changed':
    case 'renamed': {
      const { kind, aspects, before, after } = change;
      return { kind, aspects, before: layerJson(before), after: layerJson(after) };
    }
  }
}

function layerJson({ name, op, outputShapes, paramCount, macs, callCount, place }: SnapshotLayer): object {
  return { name, op, outputShapes, paramCount, macs, calls: callCount, place };
}

function snapshotJson({ target, inputs, totals, latency, coverageShare }: ModelSnapshot): object {
  return {
    target,
    inputs,
    totals,
    latency: Object.fromEntries(latency.map(({ deviceId, ...estimates }) => [deviceId, estimates])),
    coverageShare,
  };
}

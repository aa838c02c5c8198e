/**
 * What the growths of an entry are measured against: the model in another version, that it is new since then, or why
 * nobody can tell. { kind: 'new', version: "main (1a2b3c4)" } -> not checked, "it is new since main (1a2b3c4)"
 */
import type { Metric } from '../configuration/configuration.ts';
import { gapsOf } from './gaps.ts';
import { figureOf, missingReason } from './metric.ts';
import type { EntryState } from './diffReport.ts';
import type { PlacedProblem } from './modelDigest.ts';
import type { MissingReasons, ModelSnapshot } from './snapshot.ts';

export type EntryBase =
  | {
      readonly kind: 'model';
      /** "main (1a2b3c4)", "layercost-baseline.json" */
      readonly version: string;
      readonly snapshot: ModelSnapshot;
      /** Why its figures are missing; a baseline file does not say. */
      readonly missing: MissingReasons;
      /** Why they may not be those of the whole model. */
      readonly gaps: readonly string[];
    }
  | { readonly kind: 'new'; readonly version: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type BaseFigure =
  | { readonly kind: 'figure'; readonly value: number }
  /** There is nothing that it could have grown from. */
  | { readonly kind: 'notChecked'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** `base` is undefined where nothing was given to compare with. */
export function baseFigure(metric: Metric, base: EntryBase | undefined): BaseFigure {
  if (base === undefined) return { kind: 'notChecked', reason: 'no version to compare with was given' };
  switch (base.kind) {
    case 'new':
      return { kind: 'notChecked', reason: `it is new since ${base.version}` };
    case 'unreadable':
      return { kind: 'unknown', reason: base.reason };
    case 'model': {
      const { version, snapshot, missing, gaps } = base;
      if (gaps.length > 0) return { kind: 'unknown', reason: `${version} is not known in full: ${gaps.join('; ')}` };
      const value = figureOf(snapshot, metric);
      if (value !== undefined) return { kind: 'figure', value };
      return { kind: 'unknown', reason: `${version} has no such figure: ${missingReason(metric, snapshot, missing)}` };
    }
  }
}

/** A state of the older version as a base. */
export function baseOfState(state: EntryState, version: string): EntryBase {
  switch (state.kind) {
    case 'model': {
      const { snapshot, missing } = state.digest;
      return { kind: 'model', version, snapshot, missing, gaps: gapsOf(state.digest) };
    }
    case 'snapshot':
      return { kind: 'model', version, snapshot: state.snapshot, missing: {}, gaps: [] };
    case 'absent':
      return { kind: 'new', version };
    case 'unreadable':
      return { kind: 'unreadable', reason: `it cannot be read in ${version}: ${problemTexts(state.problems)}` };
  }
}

/** How the model differed in more than its code, so that a growth may come from elsewhere. */
export function otherwise(before: ModelSnapshot, after: ModelSnapshot): readonly string[] {
  return [
    ...(before.name === after.name ? [] : [`it was called ${before.name}`]),
    ...(before.target === after.target ? [] : [`it was ${before.target}`]),
    ...(before.inputs.join('\n') === after.inputs.join('\n')
      ? []
      : [`other inputs: ${before.inputs.join(', ')} -> ${after.inputs.join(', ')}`]),
  ];
}

function problemTexts(problems: readonly PlacedProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = errors.length > 0 ? errors : problems;
  return told.map(({ code, message }) => `${message} [${code}]`).join('; ') || 'nobody can tell why';
}

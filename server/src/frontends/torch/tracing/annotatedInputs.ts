/**
 * Inputs to try for a forward whose parameters say their shapes (shapeAnnotations.ts): sizes as they stand, names with
 * one size everywhere, taken from what the layers ask for where they do ("b t d" before Linear(16, ...) -> 1x128x16).
 */
import type { DType } from '../../../graph/dtype.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import type { Wanted, WantedAxis } from './inputProbe.ts';
import type { AnnotatedShape } from './shapeAnnotations.ts';

/** One parameter of forward: what it is annotated with, and what the first layer that it reaches asks for. */
export interface AnnotatedInput {
  readonly name: string;
  readonly annotated: AnnotatedShape | undefined;
  readonly wanted: Wanted | undefined;
}

export interface AnnotatedTrial {
  /** Undefined for a parameter without an annotation. */
  readonly inputs: readonly ({ readonly shape: Shape; readonly dtype: DType } | undefined)[];
  /** Which sizes were taken for which names: 'x is annotated "b 3 h w", b = 1, h = w = 224'. */
  readonly source: string;
}

/** Sizes for what nothing says, the likeliest first. */
export interface FreeSizes {
  readonly images: readonly number[];
  readonly lengths: readonly number[];
}

const BATCH = /^(b|bs|bsz|n|nb|batch\w*|\w*_?batch)$/i;
const CHANNELS = /^(c|ch|channels?|in_channels|rgb)$/i;
const SPATIAL = /^(h|w|hh|ww|height|width|img\w*|image\w*|in_h|in_w|size|x|y)$/i;

/** The likeliest first; none where no parameter has an annotation. */
export function annotatedTrials(inputs: readonly AnnotatedInput[], free: FreeSizes): readonly AnnotatedTrial[] {
  if (inputs.every(({ annotated }) => annotated === undefined)) return [];
  const rows = inputs.map(axisNames);
  const known = knownSizes(inputs, rows);
  const names = new Set(rows.flatMap((axes) => axes?.filter((axis) => typeof axis === 'string') ?? []));
  const open = [...names].filter((name) => !known.has(name));
  const fills = open.length === 0 ? [0] : open.some((name) => SPATIAL.test(name)) ? free.images : free.lengths;
  return fills.map((fill) => {
    const sizeOf = (axis: string | number): number => (typeof axis === 'number' ? axis : (known.get(axis) ?? fill));
    return {
      inputs: inputs.map(({ annotated }, at) =>
        annotated === undefined
          ? undefined
          : { shape: (rows[at] ?? []).map((axis) => sizeOf(axis)), dtype: annotated.dtype },
      ),
      source: sourceText(inputs, [...names], sizeOf),
    };
  });
}

/** Axes as sizes and names; any number of axes in front is one batch, elsewhere none. */
function axisNames({ annotated }: AnnotatedInput): readonly (string | number)[] | undefined {
  return annotated?.axes.flatMap((axis, at) => {
    if (axis === 'several') return at === 0 ? ['batch'] : [];
    return [typeof axis === 'number' ? axis : axis.name];
  });
}

/** Sizes of names by what layers ask for, then by what the names usually mean. */
function knownSizes(
  inputs: readonly AnnotatedInput[],
  rows: readonly (readonly (string | number)[] | undefined)[],
): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const words = new Map<string, number>();
  for (const [at, { wanted }] of inputs.entries()) {
    for (const [axis, name] of (rows[at] ?? []).entries()) {
      if (typeof name === 'number') continue;
      const asked = askedFor(wanted, axis, rows[at]?.length ?? 0);
      if (typeof asked === 'number' && !known.has(name)) known.set(name, asked);
      if (BATCH.test(name) || asked === 'batch') words.set(name, 1);
      else if (CHANNELS.test(name) && asked === undefined) words.set(name, 3);
    }
  }
  for (const [name, size] of words) if (!known.has(name)) known.set(name, size);
  return known;
}

/** What a layer asks of an axis. A linear layer asks for the last, however many stand before it. */
function askedFor(wanted: Wanted | undefined, axis: number, rank: number): WantedAxis | undefined {
  if (wanted === undefined) return undefined;
  if (wanted.axes.length === rank) return wanted.axes[axis];
  return wanted.axes.length === 2 && axis === rank - 1 ? wanted.axes[1] : undefined;
}

function sourceText(
  inputs: readonly AnnotatedInput[],
  names: readonly string[],
  sizeOf: (name: string) => number,
): string {
  const annotations = inputs.flatMap(({ name, annotated }) =>
    annotated === undefined ? [] : [`${name} is annotated "${annotated.text}"`],
  );
  const sizes = names.map((name) => `${name} = ${sizeOf(name)}`);
  return [...annotations, ...(sizes.length === 0 ? [] : [`taken: ${sizes.join(', ')}`])].join('; ');
}

/**
 * A predicted figure with its interval, from the number that the networks answer: 0.4 -> 93.1 (92.5 to 93.7).
 */
import type { IntervalDescription, Knots, OutputDescription } from './modelDescription.ts';

export interface Prediction {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How often the interval covered the true value on held-out cells. */
  readonly coverage: number;
}

/** `y` is the mean over networks, `distance` that of the nearest training cell. */
export function figureOf(name: string, output: OutputDescription, y: number, distance: number): Prediction {
  const linear = output.mean + output.scale * y;
  const value = output.transform === 'exp' ? Math.exp(linear) : linear;
  const [low, high] = intervalOf(output.interval, value, distance);
  const limit = name.startsWith('accuracy/') ? 100 : Infinity;
  return { value, low: Math.max(0, low), high: Math.min(limit, high), coverage: output.coverage };
}

function intervalOf(interval: IntervalDescription, value: number, distance: number): readonly [number, number] {
  if (interval.kind === 'factor') return [value / interval.factor, value * interval.factor];
  const radius = sizeAt(interval.byValue, value) * sizeAt(interval.byDistance, distance);
  return [value - radius, value + radius];
}

function sizeAt(knots: Knots, place: number): number {
  const after = knots.findIndex(([each]) => each >= place);
  const [end, endSize] = knots[after === -1 ? knots.length - 1 : after] ?? [0, NaN];
  const [start, startSize] = knots[after - 1] ?? [end, endSize];
  return end === start || after === -1
    ? endSize
    : startSize + ((endSize - startSize) * (place - start)) / (end - start);
}

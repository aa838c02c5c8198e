/**
 * Python's indices into a sequence of known length: positionsOf(5, slice(1, None, 2)) -> [1, 3]; positionsOf(5, -1) -> [4].
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { PySlice, Value } from '../../../evaluation/values.ts';
import { asInt, plainInt } from '../torchNatives.ts';

/** The position of one index; raises IndexError outside of the sequence. */
export function positionOf(runtime: Runtime, length: number, index: Value): number {
  const position = asInt(runtime, plainInt(index), 'index');
  if (position < -length || position >= length) runtime.raise('IndexError', `index ${position} is out of range`);
  return position < 0 ? position + length : position;
}

/** The positions that a slice selects, in its order. */
export function slicePositions(runtime: Runtime, length: number, slice: PySlice): readonly number[] {
  const step = slice.step === null ? 1 : asInt(runtime, plainInt(slice.step), 'step');
  if (step === 0) return runtime.raise('ValueError', 'slice step cannot be zero');
  const bound = (value: Value, fallback: number): number => {
    if (value === null) return fallback;
    const at = asInt(runtime, plainInt(value), 'slice');
    const positive = at < 0 ? at + length : at;
    return step > 0 ? clamp(positive, 0, length) : clamp(positive, -1, length - 1);
  };
  const start = bound(slice.lower, step > 0 ? 0 : length - 1);
  const stop = bound(slice.upper, step > 0 ? length : -1);
  const positions: number[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) positions.push(at);
  return positions;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

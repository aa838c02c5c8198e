/**
 * Known elements moved around: Gather, Concat, Slice, Reshape, Transpose, Expand, Range, ... on shape vectors.
 * Gather([N, 3, 224, 224], 0) -> N; Slice([N, 3, 224, 224], 2, 4) -> [224, 224].
 */
import { addDims, maximumDim, minimumDim, multiplyDims, type Dim } from '../../../graph/dim.ts';
import { isFloatingPoint } from '../../../graph/dtype.ts';
import { elementTotal, listConstant, MOST_FOLDED, scalarConstant, type ConstantTensor } from '../onnxValue.ts';
import type { NodeCall } from '../nodeCall.ts';
import { axesOf } from '../ops/axes.ts';
import { shapeRange } from '../ops/shape.ts';
import type { Fold } from './arithmetic.ts';
import { axisOf, broadcastSizes, elementAt, forEachPlace, madeOf, stridesOf } from './elements.ts';

export const movementFolds: Readonly<Record<string, Fold>> = {
  Identity: (_, [x]) => x,
  Dropout: (_, [x]) => x,
  Concat: (call, inputs) => concatenated(inputs, call.int('axis') ?? 1),
  Gather: (call, [x, index]) => gathered(x, index, call.int('axis') ?? 0),
  GatherElements: (call, [x, index]) => gatheredElements(x, index, call.int('axis') ?? 0),
  Slice: (call, [x]) => sliced(call, x),
  Squeeze: (_, [x], shape) => reshapedAs(x, shape),
  Unsqueeze: (_, [x], shape) => reshapedAs(x, shape),
  Reshape: (_, [x], shape) => reshapedAs(x, shape),
  Flatten: (_, [x], shape) => reshapedAs(x, shape),
  Transpose: (call, [x]) => transposed(x, call.ints('perm')),
  Expand: (_, [x, shape]) => expanded(x, shape),
  Tile: (call, [x, repeats]) => (call.opset >= 6 ? tiled(x, repeats) : undefined),
  ConstantOfShape: (call, [shape]) => filled(call, shape),
  Range: (_, [start, limit, delta]) => ranged(start, limit, delta),
  NonZero: (_, [x]) => nonzeroPlaces(x),
  ReduceProd: (call, [x]) => reduced(call, x, multiplyDims, 1),
  ReduceSum: (call, [x]) => reduced(call, x, addDims, 0),
  ReduceMax: (call, [x]) => reduced(call, x, maximumDim, undefined),
  ReduceMin: (call, [x]) => reduced(call, x, minimumDim, undefined),
  ScatterND: (call, [x, places, updates]) => scattered(call, x, places, updates),
};

/** Of any input, known or not: its dims are what is wanted. */
export function foldShape(call: NodeCall): ConstantTensor | undefined {
  const dims = shapeRange(call);
  return dims === undefined ? undefined : listConstant('int64', dims);
}

export function foldSize(call: NodeCall): ConstantTensor | undefined {
  const shape = call.tensor(0)?.shape;
  return shape === undefined ? undefined : scalarConstant('int64', shape.reduce<Dim>(multiplyDims, 1));
}

function concatenated(inputs: readonly ConstantTensor[], givenAxis: number): ConstantTensor | undefined {
  const [first] = inputs;
  const axis = first === undefined ? undefined : axisOf(givenAxis, first.shape.length);
  if (first === undefined || axis === undefined) return undefined;
  const isAlike = inputs.every(
    ({ shape }) => shape.length === first.shape.length && shape.every((dim, i) => i === axis || dim === first.shape[i]),
  );
  if (!isAlike) return undefined;
  const total = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  if (total > MOST_FOLDED) return undefined;
  const sources = inputs.flatMap((input) =>
    Array.from({ length: input.shape[axis] ?? 0 }, (_, at) => [input, at] as const),
  );
  return madeOf(first.dtype, first.shape.with(axis, total), (place) => {
    const [input, at] = sources[place[axis] ?? 0] ?? [];
    return input === undefined || at === undefined ? undefined : elementAt(input, place.with(axis, at));
  });
}

function gathered(
  x: ConstantTensor | undefined,
  index: ConstantTensor | undefined,
  givenAxis: number,
): ConstantTensor | undefined {
  const axis = x === undefined ? undefined : axisOf(givenAxis, x.shape.length);
  if (x === undefined || index === undefined || axis === undefined) return undefined;
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  const size = x.shape[axis] ?? 0;
  return madeOf(x.dtype, shape, (place) => {
    const at = elementAt(index, place.slice(axis, axis + index.shape.length));
    if (typeof at !== 'number') return undefined;
    const row = at < 0 ? at + size : at;
    if (row < 0 || row >= size) return undefined;
    return elementAt(x, [...place.slice(0, axis), row, ...place.slice(axis + index.shape.length)]);
  });
}

function gatheredElements(
  x: ConstantTensor | undefined,
  index: ConstantTensor | undefined,
  givenAxis: number,
): ConstantTensor | undefined {
  const axis = x === undefined ? undefined : axisOf(givenAxis, x.shape.length);
  if (x === undefined || index === undefined || axis === undefined || index.shape.length !== x.shape.length) {
    return undefined;
  }
  const size = x.shape[axis] ?? 0;
  return madeOf(x.dtype, index.shape, (place) => {
    const at = elementAt(index, place);
    if (typeof at !== 'number') return undefined;
    const row = at < 0 ? at + size : at;
    return row < 0 || row >= size ? undefined : elementAt(x, place.with(axis, row));
  });
}

function sliced(call: NodeCall, x: ConstantTensor | undefined): ConstantTensor | undefined {
  if (x === undefined) return undefined;
  const starts = call.ints('starts') ?? call.numbers(1);
  const ends = call.ints('ends') ?? call.numbers(2);
  const axes = axesOf(call, 3);
  const steps = call.hasInput(4) ? call.numbers(4) : [];
  if (starts === undefined || ends === undefined || steps === undefined || axes.kind === 'unknown') return undefined;
  const lists: number[][] = x.shape.map((dim) => Array.from({ length: dim }, (_, i) => i));
  for (const [i, start] of starts.entries()) {
    const axis = axisOf(axes.kind === 'given' ? (axes.axes[i] ?? 0) : i, x.shape.length);
    const end = ends[i];
    if (axis === undefined || end === undefined) return undefined;
    lists[axis] = slicePlaces(x.shape[axis] ?? 0, start, end, steps[i] ?? 1);
  }
  return madeOf(
    x.dtype,
    lists.map((list) => list.length),
    (place) =>
      elementAt(
        x,
        place.map((at, axis) => lists[axis]?.[at] ?? 0),
      ),
  );
}

/** The indices that a slice takes, bounds clamped as NumPy's are (ONNX Slice-13). */
function slicePlaces(size: number, start: number, end: number, step: number): number[] {
  const places: number[] = [];
  if (step === 0) return places;
  const clamp = (bound: number): number => {
    const fromStart = bound < 0 ? bound + size : bound;
    return step > 0 ? Math.min(Math.max(fromStart, 0), size) : Math.min(Math.max(fromStart, -1), size - 1);
  };
  const last = clamp(end);
  for (let at = clamp(start); step > 0 ? at < last : at > last; at += step) places.push(at);
  return places;
}

/** The elements stay; the shape is the one that was inferred for the node's output. */
function reshapedAs(x: ConstantTensor | undefined, shape: readonly number[] | undefined): ConstantTensor | undefined {
  if (x === undefined || shape === undefined || elementTotal(shape) !== x.elements.length) return undefined;
  return { ...x, shape };
}

function transposed(x: ConstantTensor | undefined, order: readonly number[] | undefined): ConstantTensor | undefined {
  if (x === undefined) return undefined;
  const axes = order ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  if (axes.length !== x.shape.length) return undefined;
  return madeOf(
    x.dtype,
    axes.map((axis) => x.shape[axis] ?? 0),
    (place) => {
      const source = x.shape.map(() => 0);
      for (const [i, axis] of axes.entries()) source[axis] = place[i] ?? 0;
      return elementAt(x, source);
    },
  );
}

function numbersOf(tensor: ConstantTensor | undefined): readonly number[] | undefined {
  return tensor?.elements.every((element) => typeof element === 'number') === true ? tensor.elements : undefined;
}

function expanded(x: ConstantTensor | undefined, target: ConstantTensor | undefined): ConstantTensor | undefined {
  const sizes = numbersOf(target);
  const shape = x === undefined || sizes === undefined ? undefined : broadcastSizes([x.shape, sizes]);
  return x === undefined || shape === undefined ? undefined : madeOf(x.dtype, shape, (place) => elementAt(x, place));
}

function tiled(x: ConstantTensor | undefined, repeats: ConstantTensor | undefined): ConstantTensor | undefined {
  const counts = numbersOf(repeats);
  if (x === undefined || counts?.length !== x.shape.length) return undefined;
  const shape = x.shape.map((dim, i) => dim * (counts[i] ?? 1));
  return madeOf(x.dtype, shape, (place) =>
    elementAt(
      x,
      place.map((at, i) => at % (x.shape[i] ?? 1)),
    ),
  );
}

function filled(call: NodeCall, shape: ConstantTensor | undefined): ConstantTensor | undefined {
  const sizes = numbersOf(shape);
  if (sizes === undefined || elementTotal(sizes) > MOST_FOLDED || sizes.some((size) => size < 0)) return undefined;
  const tensor = call.attributeTensor('value');
  const value = tensor === undefined ? scalarConstant('float32', 0) : call.reporter.readTensor(tensor);
  const [element] = value?.elements ?? [];
  return value === undefined || element === undefined ? undefined : madeOf(value.dtype, sizes, () => element);
}

function ranged(
  start: ConstantTensor | undefined,
  limit: ConstantTensor | undefined,
  delta: ConstantTensor | undefined,
): ConstantTensor | undefined {
  const [first, last, step] = [start, limit, delta].map((each) => numbersOf(each)?.[0]);
  if (start === undefined || first === undefined || last === undefined || step === undefined || step === 0)
    return undefined;
  const count = Math.max(0, Math.ceil((last - first) / step));
  if (count > MOST_FOLDED) return undefined;
  return listConstant(
    start.dtype,
    Array.from({ length: count }, (_, i) => first + i * step),
  );
}

/** Places of non-zero elements as columns, rank x count; a scalar counts as a list of one (ONNX NonZero-13). */
function nonzeroPlaces(x: ConstantTensor | undefined): ConstantTensor | undefined {
  if (x === undefined || numbersOf(x) === undefined) return undefined;
  const columns: number[][] = [];
  forEachPlace(x.shape, (place) => {
    if (elementAt(x, place) !== 0) columns.push([...place]);
  });
  return madeOf('int64', [x.shape.length, columns.length], ([axis = 0, column = 0]) => columns[column]?.[axis]);
}

/** Reduces lists; of floats only plain numbers. */
function reduced(
  call: NodeCall,
  x: ConstantTensor | undefined,
  combine: (left: Dim, right: Dim) => Dim,
  neutral: Dim | undefined,
): ConstantTensor | undefined {
  const axes = axesOf(call, 1);
  if (x === undefined || axes.kind === 'unknown' || x.shape.length > 1 || isFloatingPoint(x.dtype)) return undefined;
  const isNoop = call.flag('noop_with_empty_axes') && (axes.kind === 'absent' || axes.axes.length === 0);
  if (isNoop) return x;
  const start = neutral ?? x.elements[0];
  if (start === undefined) return undefined;
  const shape = call.flag('keepdims', 1) ? x.shape.map(() => 1) : [];
  return { dtype: x.dtype, shape, elements: [x.elements.reduce(combine, start)] };
}

/** Writes single elements or rows, without a reduction. */
function scattered(
  call: NodeCall,
  x: ConstantTensor | undefined,
  places: ConstantTensor | undefined,
  updates: ConstantTensor | undefined,
): ConstantTensor | undefined {
  const rows = numbersOf(places);
  const width = places?.shape.at(-1);
  if (x === undefined || rows === undefined || updates === undefined || width === undefined) return undefined;
  if (call.string('reduction') === 'add' || width > x.shape.length) return undefined;
  const strides = stridesOf(x.shape);
  const block = elementTotal(x.shape.slice(width));
  const elements = [...x.elements];
  for (let row = 0; row * width < rows.length; row++) {
    let at = 0;
    for (let axis = 0; axis < width; axis++) {
      const index = rows[row * width + axis] ?? 0;
      at += (index < 0 ? index + (x.shape[axis] ?? 0) : index) * (strides[axis] ?? 1);
    }
    for (let i = 0; i < block; i++) {
      const update = updates.elements[row * block + i];
      if (update === undefined || at + i >= elements.length || at < 0) return undefined;
      elements[at + i] = update;
    }
  }
  return { ...x, elements };
}

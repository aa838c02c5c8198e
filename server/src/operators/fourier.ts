/**
 * Fourier transforms over named dims, with PyTorch's sizes (pytorch.org/docs/stable/fft.html).
 * realToComplex(2x3x8, last dim) -> 2x3x5 complex64; complexToReal(2x3x5) -> 2x3x8.
 */
import { addDims, floorDivideDims, multiplyDims, printDim, subtractDims, unknownDim, type Dim } from '../graph/dim.ts';
import { isComplex, type DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { dimAt } from './agreement.ts';
import { mismatch, ok, type Operator } from './operator.ts';
import { isBelow } from './windows.ts';

export type FourierAttributes = {
  readonly kind: 'complexToComplex' | 'realToComplex' | 'complexToReal';
  /** Transformed dims; the last one is halved or restored. */
  readonly dims: readonly number[];
  /** Sizes of the signal along those dims, where they are given: it is cut or padded to them. */
  readonly sizes?: readonly (Dim | null)[] | undefined;
};

/** `torch.fft.*`. Input: x. Work: log2(n) operations an element. */
export const fourierTransform: Operator<FourierAttributes> = {
  name: 'fourierTransform',
  family: 'other',
  isView: false,
  infer: ([x], { kind, dims, sizes }) => {
    const dtype = transformedType(x?.dtype ?? 'unknown', kind);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    const shape = [...x.shape];
    for (const [index, dim] of dims.entries()) {
      const at = dim < 0 ? dim + shape.length : dim;
      const size = shape[at];
      if (size === undefined) return mismatch(`dim ${dim} is out of range for ${printShape(x.shape)}`);
      const given = sizes?.[index] ?? null;
      const own = index === dims.length - 1 ? kind : 'complexToComplex';
      const points = pointsOf(size, given, own);
      if (isBelow(points, 1)) return mismatch(`cannot transform ${printDim(points)} points of ${printShape(x.shape)}`);
      shape[at] = own === 'realToComplex' ? addDims(floorDivideDims(points, 2), 1) : points;
    }
    return ok(tensorType(dtype, shape));
  },
  work: ([x], outputs, { kind, dims }) => ({ macs: 0, elementwiseOps: transformOps(x, outputs[0], kind, dims) }),
};

export type ShortTimeFourierAttributes = {
  readonly windowLength: Dim;
  readonly hop: Dim;
  readonly isCentered: boolean;
  readonly isOneSided: boolean;
  readonly returnsComplex: boolean;
};

/** `torch.stft`. Inputs: x (batch x samples, or samples), window?. Output: ... x frequencies x frames. */
export const shortTimeFourier: Operator<ShortTimeFourierAttributes> = {
  name: 'shortTimeFourier',
  family: 'other',
  isView: false,
  infer: ([x], attributes) => {
    const { windowLength, hop, isOneSided, returnsComplex } = attributes;
    if (isBelow(windowLength, 1) || isBelow(hop, 1)) {
      return mismatch(`expected a positive window and hop, got ${printDim(windowLength)} and ${printDim(hop)}`);
    }
    const real = x?.dtype ?? 'unknown';
    const dtype = returnsComplex ? transformedType(real, 'realToComplex') : real;
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    const samples = dimAt(x.shape, -1);
    if (isBelow(frameCount(samples, attributes), 1)) {
      return mismatch(`a window of ${printDim(windowLength)} is longer than the ${printDim(samples)} samples`);
    }
    const frequencies = isOneSided ? addDims(floorDivideDims(windowLength, 2), 1) : windowLength;
    const shape = [...x.shape.slice(0, -1), frequencies, frameCount(dimAt(x.shape, -1), attributes)];
    return ok(tensorType(dtype, returnsComplex ? shape : [...shape, 2]));
  },
  work: (_, outputs, { windowLength }) => ({
    macs: 0,
    elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), levels(windowLength)),
  }),
};

export const fourierOperators: readonly Operator[] = [fourierTransform, shortTimeFourier];

function frameCount(samples: Dim, { windowLength, hop, isCentered }: ShortTimeFourierAttributes): Dim {
  const padded = isCentered ? addDims(samples, multiplyDims(floorDivideDims(windowLength, 2), 2)) : samples;
  return addDims(floorDivideDims(subtractDims(padded, windowLength), hop), 1);
}

/** Points of the signal along a dim, before or after the transform: where it is real. */
function pointsOf(size: Dim, given: Dim | null, kind: FourierAttributes['kind']): Dim {
  return given ?? (kind === 'complexToReal' ? multiplyDims(subtractDims(size, 1), 2) : size);
}

function transformedType(dtype: DType, kind: FourierAttributes['kind']): DType {
  if (dtype === 'unknown') return dtype;
  const isDouble = dtype === 'float64' || dtype === 'complex128';
  if (kind === 'complexToReal') return isDouble ? 'float64' : 'float32';
  if (isComplex(dtype)) return dtype;
  return isDouble ? 'complex128' : 'complex64';
}

function transformOps(
  x: TensorType | undefined,
  output: TensorType | undefined,
  kind: FourierAttributes['kind'],
  dims: readonly number[],
): Dim {
  const signal: Shape | undefined = kind === 'complexToReal' ? output?.shape : x?.shape;
  if (signal === undefined) return unknownDim('the rank is unknown');
  const depth = dims.reduce<Dim>((sum, dim) => addDims(sum, levels(dimAt(signal, dim))), 0);
  return multiplyDims(elementCount(signal), depth);
}

function levels(size: Dim): Dim {
  return typeof size === 'number' ? Math.ceil(Math.log2(Math.max(size, 2))) : unknownDim('log2 of a symbolic size');
}

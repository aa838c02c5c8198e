/**
 * Views of the same bytes as another type: `x.view(dtype)`, view_as_real, view_as_complex.
 * viewAsType(2x8 float32, int16) -> 2x16 int16; viewAsReal(4 complex64) -> 4x2 float32.
 */
import { floorDivideDims, moduloDims, multiplyDims, type Dim } from '../graph/dim.ts';
import { bitsPerElement, type DType } from '../graph/dtype.ts';
import { printShape, printType, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent } from './agreement.ts';
import { noWork, replaceDim } from './dataMovement.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator } from './operator.ts';
import { toReal } from './promotion.ts';

export type ViewAsTypeAttributes = { readonly dtype: DType };

/** `x.view(dtype)`, ONNX BitCast: the last dim grows or shrinks with the width. */
export const viewAsType: Operator<ViewAsTypeAttributes> = {
  name: 'viewAsType',
  family: 'shape',
  isView: true,
  infer: ([x], { dtype }) => inferView(x, dtype),
  work: noWork,
};

/** complex64 AxB -> float32 AxBx2. */
export const viewAsReal: Operator<NoAttributes> = {
  name: 'viewAsReal',
  family: 'shape',
  isView: true,
  infer([x]) {
    const dtype = toReal(x?.dtype ?? 'unknown');
    return ok(tensorType(dtype, x?.shape && [...x.shape, 2]));
  },
  work: noWork,
};

/** float32 AxBx2 -> complex64 AxB. */
export const viewAsComplex: Operator<NoAttributes> = {
  name: 'viewAsComplex',
  family: 'shape',
  isView: true,
  infer([x]) {
    const dtype = x?.dtype === 'float64' ? 'complex128' : x?.dtype === 'float32' ? 'complex64' : 'unknown';
    const last = x?.shape?.at(-1);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (last === undefined || areDifferent(last, 2)) {
      return mismatch(`expected a last axis of size 2 (real and imaginary part), got ${printShape(x.shape)}`);
    }
    return ok(tensorType(dtype, x.shape.slice(0, -1)));
  },
  work: noWork,
};

function inferView(x: TensorType | undefined, dtype: DType): InferResult {
  const from = bitsPerElement(x?.dtype ?? 'unknown');
  const to = bitsPerElement(dtype);
  if (x?.shape === undefined || from === undefined || to === undefined) return ok(tensorType(dtype, undefined));
  if (from === to) return ok(tensorType(dtype, x.shape));
  const last = lastDim(x.shape, from, to);
  if (last === undefined) {
    return mismatch(`cannot view ${printType(x)} as ${dtype}: its last axis does not hold whole elements`);
  }
  return ok(tensorType(dtype, replaceDim(x.shape, x.shape.length - 1, [last])));
}

function lastDim(shape: Shape, from: number, to: number): Dim | undefined {
  const last = shape.at(-1);
  if (last === undefined) return undefined;
  const bits = multiplyDims(last, from);
  return areDifferent(moduloDims(bits, to), 0) ? undefined : floorDivideDims(bits, to);
}

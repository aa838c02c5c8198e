/**
 * Linear layers over weights in a packed or quantised form whose shape does not tell the layer's
 * (com.microsoft.MatMulNBits): the attributes do. 1x8x4096 with 4096 in, 11008 out -> 1x8x11008.
 */
import { multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt, dtypeOf } from './agreement.ts';
import { mismatch, ok, type Operator } from './operator.ts';

export type PackedLinearAttributes = { readonly inFeatures: Dim; readonly outFeatures: Dim };

/**
 * Inputs: x (... x inFeatures), then whatever stores the weights (counted as bytes read).
 * Unpacking costs one elementwise operation per weight.
 */
export const packedLinear: Operator<PackedLinearAttributes> = {
  name: 'packedLinear',
  family: 'matrix',
  isView: false,
  infer([x], { inFeatures, outFeatures }) {
    const dtype = dtypeOf(x);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    const output = tensorType(dtype, [...x.shape.slice(0, -1), outFeatures]);
    if (x.shape.length > 0 && !areDifferent(dimAt(x.shape, -1), inFeatures)) return ok(output);
    const expected = `${printDim(inFeatures)} input features (packed weight ${printShape([outFeatures, inFeatures])})`;
    return mismatch(`expected ${expected}, got ${printShape(x.shape)}`, output);
  },
  work: (_inputs, outputs, { inFeatures, outFeatures }) => ({
    macs: multiplyDims(elementCount(outputs[0]?.shape), inFeatures),
    elementwiseOps: multiplyDims(inFeatures, outFeatures),
  }),
};

export const packedLinearOperators: readonly Operator[] = [packedLinear];

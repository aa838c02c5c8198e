/**
 * ONNX's signal operators: DFT, STFT, window functions, MelWeightMatrix.
 */
import { addDims, floorDivideDims, multiplyDims, subtractDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { elementCount, tensorType } from '../../../graph/tensorType.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import { counted, misfit, notTold, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { withSize } from './axes.ts';

export const signalMappings: MappingTable = {
  DFT: (call) => transform(call),
  STFT: (call) => shortTime(call),
  BlackmanWindow: (call) => window(call),
  HammingWindow: (call) => window(call),
  HannWindow: (call) => window(call),
  /** Inputs: mel bins, DFT length, sample rate, edge frequencies. */
  MelWeightMatrix(call) {
    const [bins = unknownDim('the number of mel bins depends on data')] = call.dims(0) ?? [];
    const [length = unknownDim('the DFT length depends on data')] = call.dims(1) ?? [];
    const output = tensorType(outputType(call), [addDims(floorDivideDims(length, 2), 1), bins]);
    return counted('melWeightMatrix', [], [output], { elementwiseOps: elementCount(output.shape) });
  },
};

/** DFT-20: signal (batch x ... x n x 1 or 2), length, axis (before 20 an attribute); the last axis is real and imaginary. */
function transform(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const dtype = x?.dtype ?? 'unknown';
  const [axisInput] = call.numbers(2) ?? [];
  const given = call.opset >= 20 ? (call.hasInput(2) ? axisInput : -2) : (call.int('axis') ?? 1);
  const isOneSided = call.flag('onesided');
  const isRealAgain = isOneSided && call.flag('inverse');
  if (x?.shape === undefined || given === undefined) {
    const reason = 'the rank or the axis of DFT depends on data';
    const keepsSizes = !isOneSided && !call.hasInput(1);
    const sizes = x?.shape?.map((dim) => (keepsSizes ? dim : unknownDim(reason)));
    const open = sizes && withSize(sizes, -1, isRealAgain ? 1 : 2);
    return notTold('fourierTransform', reason, tensorType(dtype, open));
  }
  const axis = given < 0 ? given + x.shape.length : given;
  const size = x.shape[axis];
  if (size === undefined || axis === x.shape.length - 1) {
    return misfit('fourierTransform', `DFT has no axis ${given}`, tensorType(dtype, undefined));
  }
  const [lengthInput = unknownDim('the DFT length depends on data')] = call.dims(1) ?? [];
  const own = isRealAgain ? multiplyDims(subtractDims(size, 1), 2) : size;
  const length = call.hasInput(1) ? lengthInput : own;
  const bins = isOneSided && !isRealAgain ? addDims(floorDivideDims(length, 2), 1) : length;
  const output = tensorType(dtype, [...withSize(x.shape, axis, bins).slice(0, -1), isRealAgain ? 1 : 2]);
  return counted('fourierTransform', [x], [output], {
    elementwiseOps: transformOps(elementCount(output.shape), length),
  });
}

/** STFT-17: signal (batch x n x 1 or 2), frame step, window, frame length -> batch x frames x bins x 2. */
function shortTime(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const [batch, samples] = x?.shape ?? [];
  const [step] = call.dims(1) ?? [];
  const frame = call.dims(3)?.[0] ?? call.tensor(2)?.shape?.[0];
  const dtype = x?.dtype ?? 'unknown';
  const open = (): Dim => unknownDim('the frames of STFT depend on data');
  const frames =
    samples === undefined || step === undefined || frame === undefined
      ? open()
      : addDims(floorDivideDims(subtractDims(samples, frame), step), 1);
  const isOneSided = call.flag('onesided', 1);
  const bins = frame === undefined ? open() : isOneSided ? addDims(floorDivideDims(frame, 2), 1) : frame;
  const output = tensorType(dtype, [batch ?? open(), frames, bins, 2]);
  const elementwiseOps = transformOps(elementCount(output.shape), frame ?? open());
  return counted('shortTimeFourier', call.tensors(0, 2), [output], { elementwiseOps });
}

function window(call: NodeCall): MappedNode {
  const [size = unknownDim('the size of the window depends on data')] = call.dims(0) ?? [];
  return counted('window', [], [tensorType(outputType(call), [size])], {
    elementwiseOps: multiplyDims(size, WINDOW_OPS),
  });
}

/** Angle, cosine, scale and shift. */
const WINDOW_OPS = 4;

function outputType(call: NodeCall): ReturnType<typeof dtypeOfCode> {
  return dtypeOfCode(call.int('output_datatype') ?? 1);
}

/** log2 of the length for each element, as the fast transform needs. */
function transformOps(elements: Dim, length: Dim): Dim {
  if (typeof length !== 'number') return unknownDim('the length of the transform is not a number');
  return multiplyDims(elements, Math.max(1, Math.ceil(Math.log2(Math.max(length, 1)))));
}

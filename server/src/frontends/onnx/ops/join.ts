/**
 * ONNX's Concat and Split.
 */
import { ceilDivideDims, type Dim } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { concat, split } from '../../../operators/join.ts';
import { apply, misfit, notTold, openShape, withDtype, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { typeOf } from './elementwise.ts';

export const joinMappings: MappingTable = {
  /** The default axis 1 is opset 1's. */
  Concat: (call) => withDtype(apply(concat, call.tensors(), { dim: call.int('axis') ?? 1 }), typeOf(call)),
  Split: (call) => splitted(call),
};

/** More have no names. */
const MOST_PIECES = 10_000;

/** Sizes are an attribute before opset 13, then an input; without them all pieces are equal, the last perhaps smaller. */
function splitted(call: NodeCall): MappedNode {
  const dim = call.int('axis') ?? 0;
  const x = call.tensor(0);
  const count = call.int('num_outputs') ?? call.node.outputs.length;
  if (count < 1 || count > MOST_PIECES) return misfit('split', `there are no ${count} pieces`);
  const listed: readonly Dim[] | undefined = call.ints('split') ?? call.dims(1);
  if (listed !== undefined) return apply(split, [x], { dim, sizes: listed });
  const dtype = x?.dtype ?? 'unknown';
  const at = x?.shape === undefined ? 0 : dim < 0 ? dim + x.shape.length : dim;
  const size = x?.shape?.[at];
  if (x?.shape === undefined || size === undefined) {
    const outputs = Array.from({ length: count }, () => tensorType(dtype, undefined));
    const reason = 'the rank of the input is not known';
    return x?.shape === undefined
      ? notTold('split', reason, ...outputs)
      : misfit('split', `there is no axis ${dim}`, ...outputs);
  }
  if (call.hasInput(1)) {
    const reason = 'the sizes of Split depend on data';
    const outputs = Array.from({ length: count }, () => {
      const open = openShape(1, reason) ?? [];
      return tensorType(dtype, x.shape?.toSpliced(at, 1, ...open));
    });
    return notTold('split', reason, ...outputs);
  }
  return apply(split, [x], { dim, sizes: ceilDivideDims(size, count), count });
}

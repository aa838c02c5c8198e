/**
 * Sequences, optionals and maps: they bundle tensors, and compute nothing but the joins.
 */
import { ceilDivideDims, compareDims, moduloDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { tensorType, type TensorType, type ValueType } from '../../../graph/tensorType.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import { bundle, counted, misfit, openShape, type MappedNode, type MappingTable } from '../mappedNode.ts';
import { mergedType } from '../mergedType.ts';
import type { NodeCall } from '../nodeCall.ts';
import { withSize } from './axes.ts';
import { valueTypeOf } from '../valueTypes.ts';

export const sequenceMappings: MappingTable = {
  SequenceConstruct(call) {
    const types = call.inputs.flatMap((input) => (input === undefined ? [] : [input.type]));
    const element = types.length === 0 ? unknownElement() : types.reduce(mergedType);
    return bundle('sequenceConstruct', [{ kind: 'sequence', element }]);
  },
  SequenceEmpty: (call) =>
    bundle('sequenceEmpty', [
      { kind: 'sequence', element: tensorType(dtypeOfCode(call.int('dtype') ?? 1), undefined) },
    ]),
  SequenceInsert(call) {
    const element = elementOf(call.type(0));
    const inserted = call.type(1) ?? element;
    return bundle('sequenceInsert', [{ kind: 'sequence', element: mergedType(element, inserted) }]);
  },
  SequenceErase: (call) => bundle('sequenceErase', [call.type(0) ?? unknownElement()]),
  SequenceAt: (call) => bundle('sequenceAt', [elementOf(call.type(0))]),
  SequenceLength: () => bundle('sequenceLength', [tensorType('int64', [])]),
  SplitToSequence: (call) => splitToSequence(call),
  ConcatFromSequence: (call) => joined(call),
  Optional(call) {
    const type = call.typeProto('type');
    const element = call.type(0) ?? (type === undefined ? unknownElement() : valueTypeOf(type, new Map()));
    return bundle('optional', [{ kind: 'optional', element }]);
  },
  /** Of what is no optional, the value itself (opset 18). */
  OptionalGetElement(call) {
    const type = call.type(0);
    return bundle('optionalGetElement', [type?.kind === 'optional' ? type.element : (type ?? unknownElement())]);
  },
  OptionalHasElement: () => bundle('optionalHasElement', [tensorType('bool', [])]),
};

function elementOf(type: ValueType | undefined): ValueType {
  return type?.kind === 'sequence' || type?.kind === 'optional' ? type.element : unknownElement();
}

function unknownElement(): ValueType {
  return { kind: 'unknown', reason: 'the type of the elements is not known' };
}

/** Pieces of one size where it divides the axis, or where none is given: then of size 1, perhaps without the axis. */
function splitToSequence(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const given = call.int('axis') ?? 0;
  const { shape } = x ?? {};
  const dtype = x?.dtype ?? 'unknown';
  const axis = given < 0 ? given + (shape?.length ?? 0) : given;
  const size = shape?.[axis];
  const sequence = (element: TensorType): MappedNode =>
    counted('splitToSequence', [x], [{ kind: 'sequence', element }], {});
  if (shape === undefined) return sequence(tensorType(dtype, undefined));
  if (size === undefined) return misfit('splitToSequence', `there is no axis ${given}`, unknownElement());
  if (!call.hasInput(1)) {
    return sequence(tensorType(dtype, call.flag('keepdims', 1) ? withSize(shape, axis, 1) : shape.toSpliced(axis, 1)));
  }
  return sequence(tensorType(dtype, withSize(shape, axis, pieceSize(size, call))));
}

function pieceSize(size: Dim, call: NodeCall): Dim {
  const sizes = call.constant(1);
  const [first] = sizes?.elements ?? [];
  if (sizes === undefined || first === undefined) return unknownDim('the sizes of the pieces depend on data');
  const isEven =
    sizes.shape.length === 0
      ? moduloDims(size, first) === 0
      : sizes.elements.every((piece) => compareDims(piece, first) === 'equal');
  return isEven ? first : unknownDim('the pieces have several sizes');
}

/** The joined axis has the sum of all elements' sizes, or their number. */
function joined(call: NodeCall): MappedNode {
  const element = elementOf(call.type(0));
  const tensor = element.kind === 'tensor' ? element : tensorType('unknown', undefined);
  const axis = call.int('axis') ?? 0;
  const isStacked = call.flag('new_axis');
  const reason = 'the number of elements in a sequence is not known';
  const { shape } = tensor;
  if (shape === undefined) return counted('concatFromSequence', [], [tensor], {});
  const rank = shape.length + (isStacked ? 1 : 0);
  const at = axis < 0 ? axis + rank : axis;
  const [open = ceilDivideDims(0, 1)] = openShape(1, reason) ?? [];
  const result = isStacked ? shape.toSpliced(at, 0, open) : withSize(shape, at, open);
  return counted('concatFromSequence', [], [tensorType(tensor.dtype, result)], {});
}

/**
 * TypeProto as the graph's value type; named dims become symbols, or what is known of them.
 * tensor(float) [N, 3, 224, 224] -> Nx3x224x224 float32.
 */
import { isSize, symbolDim, unknownDim, type Dim } from '../../graph/dim.ts';
import type { Shape, ValueType } from '../../graph/tensorType.ts';
import { dtypeOfCode } from './dataTypes.ts';
import type { OnnxGraph, OnnxShape, OnnxType } from './onnxModel.ts';

export function valueTypeOf(type: OnnxType, bindings: ReadonlyMap<string, Dim>): ValueType {
  switch (type.kind) {
    case 'tensor':
    case 'sparseTensor':
      return { kind: type.kind, dtype: dtypeOfCode(type.elementType), shape: shapeOfProto(type.shape, bindings) };
    case 'sequence':
    case 'optional':
      return { kind: type.kind, element: elementType(type.element, bindings) };
    case 'map':
      return { kind: 'map', key: dtypeOfCode(type.keyType), value: elementType(type.value, bindings) };
    case 'opaque':
      return { kind: 'unknown', reason: `the type ${type.domain}.${type.name} is opaque` };
    case 'undefined':
      return { kind: 'unknown', reason: 'the file gives no type' };
  }
}

/** Types that a graph declares of values inside it and of its outputs. */
export function declaredTypes(graph: OnnxGraph): ReadonlyMap<string, OnnxType> {
  const types = new Map<string, OnnxType>();
  for (const { name, type } of [...graph.outputs, ...graph.valueInfos]) if (type !== undefined) types.set(name, type);
  return types;
}

function elementType(type: OnnxType | undefined, bindings: ReadonlyMap<string, Dim>): ValueType {
  return type === undefined
    ? { kind: 'unknown', reason: 'the file gives no element type' }
    : valueTypeOf(type, bindings);
}

/** Names of sizes are printed wherever they are part of a figure. */
const LONGEST_NAME = 512;

function shapeOfProto(shape: OnnxShape | undefined, bindings: ReadonlyMap<string, Dim>): Shape | undefined {
  return shape?.map(({ value }) => {
    if (typeof value === 'number') return isSize(value) ? value : unknownDim(`the file gives the size ${value}`);
    if (value === undefined || value === '') return unknownDim('the file gives no size');
    if (value.length > LONGEST_NAME) return unknownDim('the name of the size is too long');
    return bindings.get(value) ?? symbolDim(value);
  });
}

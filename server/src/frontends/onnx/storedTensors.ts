/**
 * Stored tensors of a file as parameters and buffers. The convention, since ONNX tells no weights from other constants:
 * initializers of floating-point or complex numbers, and of integers of at most 8 bits (quantised weights), are
 * parameters; other integers, bools and strings are buffers. A Constant node holds a parameter where it has floats in at
 * least one axis and more than one element, and else a constant of the program, which is not counted.
 */
import { unknownDim } from '../../graph/dim.ts';
import { bitsPerElement, isComplex, isFloatingPoint, isInteger, type DType } from '../../graph/dtype.ts';
import type { ParameterId } from '../../graph/modelGraph.ts';
import { tensorType, type Shape } from '../../graph/tensorType.ts';
import { dtypeOfCode } from './dataTypes.ts';
import { readConstant, reportAt, valueName, type Evaluation, type Frame } from './frame.ts';
import { shortened } from './operatorNames.ts';
import { firstOutput } from './mappedNode.ts';
import { payloadProblem } from './payloadProblem.ts';
import type { NodeCall } from './nodeCall.ts';
import type { OnnxGraph, OnnxSparseTensor, OnnxTensor } from './onnxModel.ts';
import {
  elementTotal,
  listConstant,
  MOST_FOLDED,
  MOST_FOLDED_FLOATS,
  scalarConstant,
  type ConstantTensor,
  type OnnxValue,
} from './onnxValue.ts';
import { findMapping } from './ops/operatorMap.ts';

/** Whether stored elements of a type count as parameters (else as a buffer). */
export function isWeightType(dtype: DType): boolean {
  if (isFloatingPoint(dtype) || isComplex(dtype)) return true;
  return isInteger(dtype) && (bitsPerElement(dtype) ?? 64) <= 8;
}

/** Adds an initializer to the graph; its elements are read when a shape needs them. */
function storedInitializer(evaluation: Evaluation, tensor: OnnxTensor, name: string): OnnxValue {
  const dtype = dtypeOfCode(tensor.dataType);
  const shape = checkedShape(evaluation, tensor, name);
  if (dtype === 'unknown') {
    const message = `Initializer "${name}" has the unknown data type ${tensor.dataType}.`;
    reportAt(evaluation, tensor.byteOffset, 'onnx-bad-tensor', 'warning', message);
  }
  const stored = storeTensor(evaluation, name, dtype, shape);
  return { ...stored, type: tensorType(dtype, shape), constant: lazyConstant(evaluation, tensor, dtype) };
}

/** The initializers of a graph under their names; of two with one name, the first counts. */
export function defineInitializers(frame: Frame, graph: OnnxGraph): void {
  const { evaluation, values } = frame;
  const own = new Set<string>();
  const define = (name: string, byteOffset: number, store: () => OnnxValue): void => {
    if (own.has(name)) {
      const message = `Two initializers have the name "${name}": the first one counts.`;
      reportAt(evaluation, byteOffset, 'onnx-duplicate-name', 'error', message);
      return;
    }
    own.add(name);
    values.set(name, store());
  };
  for (const tensor of graph.initializers) {
    define(tensor.name, tensor.byteOffset, () => storedInitializer(evaluation, tensor, valueName(frame, tensor.name)));
  }
  for (const sparse of graph.sparseInitializers) {
    const name = sparse.values?.name ?? '';
    define(name, sparse.byteOffset, () => storedSparse(evaluation, sparse, valueName(frame, name)));
  }
}

/** A sparse initializer stores its values and their indices; the value that nodes read is dense. */
function storedSparse(evaluation: Evaluation, sparse: OnnxSparseTensor, name: string): OnnxValue {
  const dtype = dtypeOfCode(sparse.values?.dataType ?? 0);
  for (const part of [sparse.values, sparse.indices]) {
    if (part === undefined) continue;
    const suffix = part === sparse.indices ? '.indices' : '.values';
    const partType = dtypeOfCode(part.dataType);
    const kind = suffix === '.values' && isWeightType(partType) ? 'parameter' : 'buffer';
    evaluation.builder.addParameter({
      name: `${name}${suffix}`,
      kind,
      dtype: partType,
      shape: part.dims,
      created: undefined,
    });
  }
  const type = tensorType(dtype, sparse.dims);
  return { id: evaluation.builder.addConstant(name, type), type, constant: undefined, parameter: undefined };
}

/** The value of a Constant node. */
export function storedConstant(frame: Frame, call: NodeCall, name: string): OnnxValue {
  const { evaluation } = frame;
  const mapped = findMapping('', 'Constant')?.(call);
  const told = mapped === undefined ? tensorType('unknown', undefined) : firstOutput(mapped);
  if (mapped?.mismatch !== undefined) call.reporter.problem('onnx-bad-node', 'error', `${mapped.mismatch}.`);
  const tensor = call.attributeTensor('value');
  const type = tensor === undefined ? told : tensorType(told.dtype, checkedShape(evaluation, tensor, name));
  const constant = tensor === undefined ? immediateConstant(call) : lazyConstant(evaluation, tensor, type.dtype);
  if (tensor !== undefined && tensor.dims.length > 0 && elementTotal(tensor.dims) > 1 && isWeightType(type.dtype)) {
    return { ...storeTensor(evaluation, name, type.dtype, type.shape ?? []), type, constant };
  }
  return { id: evaluation.builder.addConstant(name, type), type, constant, parameter: undefined };
}

function storeTensor(
  evaluation: Evaluation,
  name: string,
  dtype: DType,
  shape: Shape,
): { readonly parameter: ParameterId; readonly id: OnnxValue['id'] } {
  const kind = isWeightType(dtype) ? 'parameter' : 'buffer';
  const parameter = evaluation.builder.addParameter({ name, kind, dtype, shape, created: undefined });
  return { parameter, id: evaluation.builder.parameterValue(parameter) };
}

/** Dims as the file gives them; unknown where they cannot be, or where the elements are not as many as they say. */
function checkedShape(evaluation: Evaluation, tensor: OnnxTensor, name: string): Shape {
  const wrong = tensor.dims.find((dim) => !isSize(dim));
  if (wrong !== undefined) {
    const dims = tensor.dims.slice(0, 16).join('x');
    const message = `Initializer "${shortened(name)}" has ${wrong < 0 ? 'a negative dimension' : 'a dimension beyond 2^53'}: ${dims}.`;
    reportAt(evaluation, tensor.byteOffset, 'onnx-bad-dimension', 'error', message);
    return tensor.dims.map((dim) => (isSize(dim) ? dim : unknownDim(`the file gives the size ${dim}`)));
  }
  const problem = payloadProblem(tensor);
  if (problem === undefined) return tensor.dims;
  reportAt(evaluation, tensor.byteOffset, 'onnx-bad-tensor', 'error', `Tensor "${shortened(name)}" ${problem}.`);
  return tensor.dims.map(() => unknownDim(`tensor "${shortened(name)}" ${problem}`));
}

function isSize(dim: number): boolean {
  return dim >= 0 && Number.isSafeInteger(dim);
}

/** Reads once, when asked; undefined for what is too large to be of use to shapes. */
function lazyConstant(evaluation: Evaluation, tensor: OnnxTensor, dtype: DType): OnnxValue['constant'] {
  const most = isFloatingPoint(dtype) ? MOST_FOLDED_FLOATS : MOST_FOLDED;
  if (dtype === 'string' || isComplex(dtype) || !(elementTotal(tensor.dims) <= most)) return undefined;
  let read: { readonly constant: ConstantTensor | undefined } | undefined;
  return () => (read ??= { constant: readConstant(evaluation, tensor, most) }).constant;
}

/** value_int, value_ints, value_float, value_floats (Constant-12). */
function immediateConstant(call: NodeCall): OnnxValue['constant'] {
  for (const value of call.attributes.values()) {
    if (value.kind === 'int') return () => scalarConstant('int64', value.int);
    if (value.kind === 'float') return () => scalarConstant('float32', value.float);
    if (value.kind === 'ints') return () => listConstant('int64', value.ints);
    if (value.kind === 'floats') return () => listConstant('float32', value.floats);
  }
  return undefined;
}

/**
 * The model's inputs: declared types, with the shapes that the user gave in place, and what these say about named sizes.
 * Declared Nx3x224x224, given 4x3x224x224 -> N is 4 everywhere.
 */
import { compareDims, dimSymbols, substituteDim, symbolDim, unknownReason, type Dim } from '../../graph/dim.ts';
import { elementCount, printShape, type Shape, type ValueType } from '../../graph/tensorType.ts';
import type { Problem, Severity } from '../../base/problems.ts';
import { shortened } from './operatorNames.ts';
import type { OnnxGraph, OnnxType, OnnxValueInfo } from './onnxModel.ts';
import { byteProblem } from './readModel.ts';
import { valueTypeOf } from './valueTypes.ts';

/** A shape that the user gave: for a named input, or by position. */
export interface GivenShape {
  readonly name: string | undefined;
  readonly shape: Shape;
}

export interface GraphInputs {
  readonly inputs: readonly { readonly name: string; readonly type: ValueType }[];
  readonly bindings: ReadonlyMap<string, Dim>;
  /** Whether the file's own sizes still hold. */
  readonly trustsDeclared: boolean;
  readonly problems: readonly Problem[];
}

type Report = (input: OnnxValueInfo | undefined, code: string, message: string, severity?: Severity) => void;

/** Inputs without those that an initializer gives a value to. */
export function graphInputs(graph: OnnxGraph, given: readonly GivenShape[], file: string): GraphInputs {
  const stored = new Set([
    ...graph.initializers.map(({ name }) => name),
    ...graph.sparseInitializers.map(({ values }) => values?.name ?? ''),
  ]);
  const own = graph.inputs.filter(({ name }) => !stored.has(name));
  const problems: Problem[] = [];
  const report: Report = (input, code, message, severity = 'warning') =>
    void problems.push(byteProblem(file, code, severity, message, input?.byteOffset ?? 0));
  const wanted = shapesByName(own, given, (message) => report(undefined, 'wrong-input', message));
  const bindings = new Map<string, Dim>();
  let trustsDeclared = true;
  const inputs = own.map((input) => {
    checkSizes(input, report);
    const declared = namedSizes(input);
    const shape = wanted.get(input.name);
    if (shape === undefined || (declared.kind !== 'tensor' && declared.kind !== 'unknown')) {
      return { name: input.name, type: declared };
    }
    if (declared.kind === 'unknown')
      return { name: input.name, type: { kind: 'tensor' as const, dtype: 'unknown' as const, shape } };
    const fits = bindSizes(declared.shape, shape, bindings);
    if (!fits) {
      trustsDeclared = false;
      const message = `Input "${input.name}" is declared ${printShape(declared.shape)}, and ${printShape(shape)} was given: that is used.`;
      report(input, 'wrong-input', message);
    }
    return { name: input.name, type: { ...declared, shape } };
  });
  return {
    inputs: inputs.map(({ name, type }) => ({ name, type: bound(type, bindings) })),
    bindings,
    trustsDeclared,
    problems,
  };
}

/** Inputs of the model by the shapes given for them. */
function shapesByName(
  inputs: readonly OnnxValueInfo[],
  given: readonly GivenShape[],
  report: (message: string) => void,
): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  const names = inputs.map(({ name }) => name);
  let position = 0;
  for (const { name, shape } of given) {
    const target = name ?? names[position++];
    if (target !== undefined && names.includes(target)) {
      shapes.set(target, shape);
      continue;
    }
    const has = `The model has ${names.length === 1 ? 'the input' : 'the inputs'} ${names.map((each) => `"${each}"`).join(', ')}`;
    report(
      `${has}: the shape ${printShape(shape)} for ${name === undefined ? `input ${position}` : `"${name}"`} is not used.`,
    );
  }
  return shapes;
}

/** Sizes without a name get one of their own, so that they stay apart and can be told: "x.0". */
function namedSizes(input: OnnxValueInfo): ValueType {
  if (input.type === undefined) return { kind: 'unknown', reason: `the file gives no type for input "${input.name}"` };
  return valueTypeOf(withNames(input.type, input.name), new Map());
}

function withNames(type: OnnxType, name: string): OnnxType {
  if (type.kind !== 'tensor' && type.kind !== 'sparseTensor') return type;
  const shape = type.shape?.map((dim, i) => {
    const isNamed = typeof dim.value === 'string' && dim.value !== '';
    return isNamed || (typeof dim.value === 'number' && dim.value >= 0)
      ? dim
      : { ...dim, value: `${shortened(name)}.${i}` };
  });
  return { ...type, shape };
}

/** Learns what symbols stand for; false where a declared number, or a symbol that is known already, differs. */
function bindSizes(declared: Shape | undefined, shape: Shape, bindings: Map<string, Dim>): boolean {
  if (declared === undefined) return true;
  let fits = declared.length === shape.length;
  for (const [i, dim] of declared.entries()) {
    const size = shape[i];
    if (size === undefined) continue;
    const known = substituteDim(dim, bindings);
    const [symbol] = dimSymbols(known);
    if (symbol !== undefined && compareDims(known, symbolDim(symbol)) === 'equal') bindings.set(symbol, size);
    else if (compareDims(known, size) === 'different') fits = false;
  }
  return fits;
}

function bound(type: ValueType, bindings: ReadonlyMap<string, Dim>): ValueType {
  if (type.kind !== 'tensor' || bindings.size === 0) return type;
  return { ...type, shape: type.shape?.map((dim) => substituteDim(dim, bindings)) };
}

/** Sizes that are hardly meant: 0, negative ones, more elements than any memory holds. */
function checkSizes(input: OnnxValueInfo, report: Report): void {
  const { type, name } = input;
  if (type?.kind !== 'tensor' || type.shape === undefined) return;
  const sizes = type.shape.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const text = type.shape.map(({ value }) => value ?? '?').join('x');
  if (sizes.some((size) => size < 0)) {
    report(
      input,
      'onnx-bad-dimension',
      `Input "${name}" is declared ${text}: a negative size is taken as one that is not known.`,
    );
  } else if (sizes.includes(0)) {
    const message = `Input "${name}" is declared ${text}: with a size of 0 nothing is computed.`;
    report(input, 'onnx-bad-dimension', message, 'information');
  } else {
    const elements = elementCount(sizes);
    const isHuge = unknownReason(elements) !== undefined || (typeof elements === 'number' && elements > MOST_ELEMENTS);
    if (isHuge)
      report(input, 'onnx-bad-dimension', `Input "${name}" is declared ${text}: no memory holds so many elements.`);
  }
}

/** 2^40: a tebibyte of bytes. */
const MOST_ELEMENTS = 2 ** 40;

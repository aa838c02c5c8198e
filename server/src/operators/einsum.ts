/**
 * Einstein summation: "bij,bjk->bik" with 8x4x5 and 8x5x6 -> 8x4x6, 960 MACs.
 * Operands are taken pair by pair from the left. A pair that shares an index to sum over is a contraction and costs
 * one MAC per combination of its indices; any other pair is an elementwise product. That is what torch.einsum runs
 * and torch.utils.flop_counter counts (without opt_einsum, which reorders three and more operands).
 */
import { addDims, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import { isInteger, type DType } from '../graph/dtype.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { agreedDim, areDifferent, dtypeOf, productOfDims } from './agreement.ts';
import { mismatch, ok, unknownWork, type Operator, type OperatorWork } from './operator.ts';

export type EinsumAttributes = {
  /** As torch.einsum and ONNX Einsum-12 take it: letters, "..." and optionally "->" with the output. */
  readonly equation: string;
};

/** Inputs: the operands, in order. */
export const einsum: Operator<EinsumAttributes> = {
  name: 'einsum',
  family: 'matrix',
  isView: false,
  infer(inputs, { equation }) {
    const plan = planEinsum(equation, inputs);
    const dtype = sumDType(dtypeOf(...inputs), plan);
    if (plan.kind === 'unknown') return ok(tensorType(dtype, plan.shape));
    if (plan.kind === 'mismatch') return mismatch(plan.message, tensorType(dtype, undefined));
    return ok(tensorType(dtype, outputShape(plan)));
  },
  work(inputs, _outputs, { equation }) {
    const plan = planEinsum(equation, inputs);
    return plan.kind === 'ok' ? countWork(plan) : unknownWork('an operand of the einsum has an unknown rank');
  },
};

/** A lone operand is summed as torch.sum does, where integers and bools become int64; products keep their type. */
function sumDType(dtype: DType, plan: PlanResult): DType {
  if (plan.kind !== 'ok' || plan.operands.length !== 1 || (dtype !== 'bool' && !isInteger(dtype))) return dtype;
  const [operand] = plan.operands;
  return operand !== undefined && operand.size > plan.output.length ? 'int64' : dtype;
}

export const einsumOperators: readonly Operator[] = [einsum];

/** One operand's indices, with the sizes that it has itself (1 where it is broadcast). */
type Operand = ReadonlyMap<string, Dim>;

interface EinsumPlan {
  readonly kind: 'ok';
  readonly operands: readonly Operand[];
  /** For every operand, its indices with repetitions ("ii"). */
  readonly elementCounts: readonly Dim[];
  readonly output: readonly string[];
}

type PlanResult =
  | EinsumPlan
  /** An operand has an unknown rank; the output's axes may still be named. */
  | { readonly kind: 'unknown'; readonly shape: Shape | undefined }
  | { readonly kind: 'mismatch'; readonly message: string };

function planEinsum(equation: string, inputs: readonly (TensorType | undefined)[]): PlanResult {
  const problem = (text: string): PlanResult => ({ kind: 'mismatch', message: `einsum "${equation}": ${text}` });
  const compact = equation.replaceAll(/\s/g, '');
  const [left = '', right, ...more] = compact.split('->');
  const subscripts = left.split(',');
  const misspelt = [...subscripts, right ?? ''].find((text) => !/^[A-Za-z]*(\.{3}[A-Za-z]*)?$/.test(text));
  if (misspelt !== undefined || more.length > 0) return problem(`cannot read "${misspelt ?? compact}"`);
  if (subscripts.length !== inputs.length) {
    return problem(`has ${subscripts.length} operands, got ${inputs.length} tensors`);
  }
  const operands: Operand[] = [];
  const elementCounts: Dim[] = [];
  let isUnknown = false;
  for (const [i, text] of subscripts.entries()) {
    const shape = inputs[i]?.shape;
    if (shape === undefined) {
      isUnknown = true;
      continue;
    }
    const operand = labelAxes(text, shape);
    if (typeof operand === 'string') return problem(operand);
    operands.push(operand);
    elementCounts.push(productOfDims(shape));
  }
  const sizes = agreedSizes(operands);
  if (typeof sizes === 'string') return problem(sizes);
  if (isUnknown) return { kind: 'unknown', shape: partlyKnownShape(right, sizes) };
  const output = outputIndices(right, subscripts, sizes);
  if (typeof output === 'string') return problem(output);
  return { kind: 'ok', operands, elementCounts, output };
}

/** "...ij" over 2x3x4x5 -> {"2.": 2, "1.": 3, i: 4, j: 5}; ellipsis axes are counted from the end. */
function labelAxes(text: string, shape: Shape): Operand | string {
  const [before = '', after] = text.split('...');
  const named = before.length + (after?.length ?? 0);
  const hidden = shape.length - named;
  if (hidden < 0 || (after === undefined && hidden > 0)) {
    return `"${text}" names ${named} axes, got ${printShape(shape)}`;
  }
  const ellipsis = Array.from({ length: hidden }, (_, i) => `${hidden - i}.`);
  const operand = new Map<string, Dim>();
  for (const [i, name] of [...letters(before), ...ellipsis, ...letters(after)].entries()) {
    const dim = shape[i] ?? 1;
    const known = operand.get(name);
    if (known !== undefined && areDifferent(known, dim)) {
      return `"${name}" is ${printDim(known)} and ${printDim(dim)} in ${printShape(shape)}`;
    }
    operand.set(name, known === undefined ? dim : agreedDim(known, dim));
  }
  return operand;
}

/** Sizes by index over all operands; a size of 1 stretches to the other's. */
function agreedSizes(operands: readonly Operand[]): Operand | string {
  const sizes = new Map<string, Dim>();
  for (const [name, dim] of operands.flatMap((operand) => [...operand])) {
    const known = sizes.get(name);
    if (known === undefined || known === 1) sizes.set(name, dim);
    else if (dim !== 1 && areDifferent(known, dim)) {
      const what = name.endsWith('.') ? 'an axis of "..."' : `"${name}"`;
      return `${what} is ${printDim(known)} and ${printDim(dim)}`;
    } else if (dim !== 1) sizes.set(name, agreedDim(known, dim));
  }
  return sizes;
}

/** Output indices: as written, or all that stand once, in alphabetical order, after the ellipsis. */
function outputIndices(
  written: string | undefined,
  subscripts: readonly string[],
  sizes: Operand,
): readonly string[] | string {
  const ellipsis = [...sizes.keys()].filter((name) => name.endsWith('.')).sort((a, b) => parseInt(b) - parseInt(a));
  if (written === undefined) {
    const all = subscripts.join('').replaceAll('.', '');
    const once = [...new Set(letters(all))].filter((name) => all.indexOf(name) === all.lastIndexOf(name)).sort();
    return [...ellipsis, ...once];
  }
  const [before = '', after] = written.split('...');
  const names = [...letters(before), ...letters(after)];
  const stray = names.find((name) => !sizes.has(name));
  if (stray !== undefined) return `the output's "${stray}" stands in no operand`;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `the output names "${twice}" twice`;
  return after === undefined ? names : [...letters(before), ...ellipsis, ...letters(after)];
}

function letters(text: string | undefined): readonly string[] {
  return text === undefined ? [] : Array.from(text);
}

function partlyKnownShape(written: string | undefined, sizes: Operand): Shape | undefined {
  if (written === undefined || written.includes('.')) return undefined;
  return letters(written).map((name) => sizes.get(name) ?? unknownDim('an operand of the einsum has an unknown rank'));
}

function outputShape({ operands, output }: EinsumPlan): Shape {
  const sizes = agreedSizes(operands);
  return typeof sizes === 'string' ? [] : output.map((name) => sizes.get(name) ?? 1);
}

function countWork({ operands, elementCounts, output }: EinsumPlan): OperatorWork {
  let macs: Dim = 0;
  let elementwiseOps: Dim = 0;
  let [accumulated] = operands;
  if (accumulated === undefined) return { macs, elementwiseOps };
  const lastUses = new Map(operands.flatMap((operand, i) => [...operand.keys()].map((name) => [name, i] as const)));
  for (const name of output) lastUses.set(name, operands.length);
  for (let i = 1; i < operands.length; i++) {
    const isNeededLater = (name: string) => (lastUses.get(name) ?? 0) > i;
    const pair = contract(accumulated, operands[i] ?? new Map(), isNeededLater);
    if (pair.isContraction) macs = addDims(macs, pair.products);
    else elementwiseOps = addDims(elementwiseOps, pair.products);
    accumulated = pair.result;
  }
  const isReduction = operands.length === 1 && [...accumulated.keys()].some((name) => !output.includes(name));
  return { macs, elementwiseOps: isReduction ? addDims(elementwiseOps, elementCounts[0] ?? 0) : elementwiseOps };
}

interface Contraction {
  readonly isContraction: boolean;
  /** Combinations of the pair's indices, those that only one side has and nobody needs later summed away before. */
  readonly products: Dim;
  readonly result: Operand;
}

function contract(left: Operand, right: Operand, isNeededLater: (name: string) => boolean): Contraction {
  const result = new Map<string, Dim>();
  const combined: Dim[] = [];
  let isContraction = false;
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const own = left.get(name) ?? 1;
    const other = right.get(name) ?? 1;
    const size = own === 1 ? other : other === 1 ? own : agreedDim(own, other);
    if (isNeededLater(name)) {
      result.set(name, size);
      combined.push(size);
    } else if (own !== 1 && other !== 1) {
      combined.push(size);
      isContraction = true;
    }
  }
  return { isContraction, products: productOfDims(combined), result };
}

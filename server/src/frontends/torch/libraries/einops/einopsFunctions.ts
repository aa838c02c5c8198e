/**
 * rearrange, reduce, repeat, parse_shape and einsum of einops, as native functions.
 * einops.reduce(x, "b c h w -> b c", "mean") of 2x3x8x8 -> 2x3.
 */
import { dictOf } from '../../../../evaluation/containers.ts';
import { PyDict, PyList, PyTuple, PyUnknown, type NativeFunction, type Value } from '../../../../evaluation/values.ts';
import type { Dim } from '../../../../graph/dim.ts';
import { einsum } from '../../../../operators/einsum.ts';
import { stack } from '../../../../operators/join.ts';
import type { ReductionName } from '../../../../operators/reduction.ts';
import type { TensorValue } from '../../tensorValue.ts';
import { asDim, asTensor, torchFunction, UnknownArgument, type TorchCall } from '../../torchNatives.ts';
import { dimValue } from '../../torchWorld.ts';
import { parsePattern, parseSide, type Pattern } from './pattern.ts';
import { transform, type Reduction } from './transform.ts';

const REDUCTIONS: Readonly<Record<string, ReductionName>> = {
  mean: 'mean',
  sum: 'sum',
  max: 'amax',
  min: 'amin',
  prod: 'prod',
  any: 'any',
  all: 'all',
};

function patternOf(call: TorchCall): Pattern {
  const result = parsePattern(call.string('pattern'));
  return result.kind === 'ok' ? result.pattern : call.runtime.raise('ValueError', result.message);
}

/** `h=2, w=w`: keyword arguments are lengths of axes. */
function lengthsOf(call: TorchCall): ReadonlyMap<string, Dim> {
  const given = call.value('axes_lengths');
  const entries = given instanceof PyDict ? [...given.entries.values()] : [];
  return new Map(
    entries.flatMap(({ key, value }) =>
      typeof key === 'string' ? [[key, asDim(call.runtime, value, 'axes_lengths')] as const] : [],
    ),
  );
}

/** A list of tensors is stacked along a new first dim. */
function inputOf(call: TorchCall): TensorValue {
  const value = call.value('tensor');
  if (!(value instanceof PyList || value instanceof PyTuple)) return call.tensor('tensor');
  return call.record(stack, { dim: 0 }, call.tensors('tensor'));
}

function reductionOf(call: TorchCall): Reduction {
  const value = call.value('reduction');
  if (value instanceof PyUnknown) throw new UnknownArgument(value.reason);
  const found = typeof value === 'string' ? REDUCTIONS[value] : undefined;
  if (found !== undefined) return found;
  throw new UnknownArgument('a reduction that is a function of its own is not followed');
}

/** Names become letters, as torch.einsum wants them. */
function namedEinsum(call: TorchCall): Value {
  const given = call.value('tensors_and_pattern');
  const items = given instanceof PyTuple ? given.items : [];
  const pattern = items.at(-1);
  if (typeof pattern !== 'string') throw new UnknownArgument('the pattern is unknown');
  const tensors = items.slice(0, -1).map((item) => asTensor(call.runtime, item, 'tensors'));
  const letters = new Map<string, string>();
  const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const equation = pattern.replaceAll(/[A-Za-z_]\w*/g, (name) => {
    const letter = letters.get(name) ?? alphabet[letters.size] ?? name;
    letters.set(name, letter);
    return letter;
  });
  return call.record(einsum, { equation: equation.replaceAll(/\s/g, '') }, tensors);
}

/** {'b': 2, 'h': 8} for "b _ h _". */
function parsedShape(call: TorchCall): Value {
  const shape = call.tensor('x').type.shape;
  const groups = parseSide(call.string('pattern'));
  if (shape === undefined || groups === undefined) throw new UnknownArgument('the shape is unknown');
  const names = groups.map((group) => (group.kind === 'axes' ? (group.axes[0]?.name ?? '_') : '_'));
  return dictOf(
    names.flatMap((name, at): [string, Value][] => (name === '_' ? [] : [[name, dimValue(shape[at] ?? 1)]])),
  );
}

export const rearrangeFunction = torchFunction('rearrange(tensor, pattern, **axes_lengths)', 'einops', (call) =>
  transform(call, inputOf(call), patternOf(call), 'rearrange', lengthsOf(call)),
);

export const reduceFunction = torchFunction('reduce(tensor, pattern, reduction, **axes_lengths)', 'einops', (call) =>
  transform(call, inputOf(call), patternOf(call), reductionOf(call), lengthsOf(call)),
);

export const einopsFunctions: readonly NativeFunction[] = [
  rearrangeFunction,
  reduceFunction,
  torchFunction('repeat(tensor, pattern, **axes_lengths)', 'einops', (call) =>
    transform(call, inputOf(call), patternOf(call), 'repeat', lengthsOf(call)),
  ),
  torchFunction('einsum(*tensors_and_pattern)', 'einops', namedEinsum),
  torchFunction('parse_shape(x, pattern)', 'einops', parsedShape),
  torchFunction('asnumpy(tensor)', 'einops', (call) => call.runtime.callMethod(call.tensor('tensor'), 'numpy')),
];

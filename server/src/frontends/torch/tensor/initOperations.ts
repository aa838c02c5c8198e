/**
 * Methods that overwrite a tensor: fill_, zero_, copy_, normal_, uniform_, and assignments to `.data`.
 * Initial weights cost nothing and are not counted: outside of a known small tensor they only forget the elements.
 */
import type { Value } from '../../../evaluation/values.ts';
import { clone } from '../../../operators/identity.ts';
import { elementCount } from '../../../graph/tensorType.ts';
import { MAX_KNOWN_ELEMENTS, TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { writeElements } from './aliases.ts';
import { broadcast, knownArray, numericShape } from './knownArray.ts';
import { operandOf } from './operands.ts';
import { methodOnly, type TensorOperation } from './operation.ts';
import { roundedTo } from './rounding.ts';
import { storeInPlace } from './inPlace.ts';

/** Random fillers, with the parameters that they take. */
const RANDOM_FILLERS = [
  'normal_(input, mean=0, std=1, *, generator=None)',
  'uniform_(input, a=0, b=1, *, generator=None)',
  'trunc_normal_(input, mean=0, std=1, a=-2, b=2)',
  'bernoulli_(input, p=0.5, *, generator=None)',
  'exponential_(input, lambd=1, *, generator=None)',
  'random_(input, low=0, high=None, *, generator=None)',
  'log_normal_(input, mean=1, std=2, *, generator=None)',
  'cauchy_(input, median=0, sigma=1, *, generator=None)',
  'geometric_(input, p, *, generator=None)',
];

function forget(call: TorchCall): Value {
  const input = call.tensor('input');
  writeElements(call.runtime, input, undefined);
  return input;
}

function fill(call: TorchCall, value: number | undefined): Value {
  const input = call.tensor('input');
  const count = elementCount(input.type.shape);
  const rounded = value === undefined ? undefined : roundedTo(input.type.dtype, [value])?.[0];
  const isKnowable =
    typeof count === 'number' && count <= MAX_KNOWN_ELEMENTS && input.stored === undefined && rounded !== undefined;
  writeElements(call.runtime, input, isKnowable ? Array.from({ length: count }, () => rounded) : undefined);
  return input;
}

/** Inside of a trace the copy is an operation; its result keeps the shape of the target. */
function copy(call: TorchCall): Value {
  const input = call.tensor('input');
  const source = call.tensor('src');
  const output = call.record(clone, {}, [source]);
  output.type = input.type;
  const [shape, known] = [numericShape(input.type.shape), knownArray(source)];
  output.data =
    shape !== undefined && known !== undefined && known.shape.length <= shape.length
      ? roundedTo(input.type.dtype, broadcast(known, shape).data)
      : undefined;
  return storeInPlace(call.runtime, input, output);
}

export const initOperations: readonly TensorOperation[] = [
  ...RANDOM_FILLERS.map((signature) => methodOnly(signature, forget)),
  methodOnly('fill_(input, value)', (call) => {
    const value = operandOf(call.runtime, call.value('value'), 'value');
    return fill(call, value instanceof TensorValue ? value.data?.[0] : value.value);
  }),
  methodOnly('zero_(input)', (call) => fill(call, 0)),
  methodOnly('copy_(input, src, non_blocking=False)', copy),
  methodOnly('set_(input, source)', (call) => storeInPlace(call.runtime, call.tensor('input'), call.tensor('source'))),
  methodOnly('resize_(input, *sizes, memory_format=None)', forget),
];

/**
 * Diagonals and triangles: tril, triu, diag, diagonal, diag_embed, tril_indices, trace.
 * torch.ones(2, 2).triu(1) -> [[0, 1], [0, 0]].
 */
import type { Value } from '../../../evaluation/values.ts';
import { diag, diagEmbed, diagonal, tril, trilIndices, triu, triuIndices } from '../../../operators/creation.ts';
import { blockDiagonal } from '../../../operators/statistics.ts';
import { reductions } from '../../../operators/reduction.ts';
import { dtypeArgument } from '../creation/creationArguments.ts';
import { printShape } from '../../../graph/tensorType.ts';
import { refuse } from '../record.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { writeElements } from './aliases.ts';
import { knownArray, strided, stridesOf, wrapDim } from './knownArray.ts';
import { both, functionOnly, methodOnly, type TensorOperation } from './operation.ts';
import { reshapeTo } from './shapeOperations.ts';
import { recordView, setElements } from './views.ts';

function triangle(name: 'tril' | 'triu'): TensorOperation {
  const keeps = (row: number, column: number, offset: number): boolean =>
    name === 'tril' ? column - row <= offset : column - row >= offset;
  return both(
    `${name}(input, diagonal=0)`,
    (call) => {
      const input = call.tensor('input');
      const offset = call.int('diagonal');
      const output = call.record(name === 'tril' ? tril : triu, { offset }, [input]);
      return setElements(output, () => {
        const source = knownArray(input);
        const [rows = 1, columns = 1] = source?.shape.slice(-2) ?? [];
        return source?.data.map((value, at) =>
          keeps(Math.floor(at / columns) % rows, at % columns, offset) ? value : 0,
        );
      });
    },
    { inPlace: true },
  );
}

function triangleIndices(name: 'tril_indices' | 'triu_indices'): TensorOperation {
  const operator = name === 'tril_indices' ? trilIndices : triuIndices;
  return functionOnly(`${name}(row, col, offset=0, *, dtype=None, device=None, layout=None)`, (call) => {
    const [rows, columns, offset] = [call.dim('row'), call.dim('col'), call.int('offset')];
    const output = call.record(operator, { rows, columns, offset, dtype: dtypeArgument(call, 'int64') }, []);
    return setElements(output, () => {
      if (typeof rows !== 'number' || typeof columns !== 'number' || rows * columns > 65_536) return undefined;
      const places = Array.from(
        { length: rows * columns },
        (_, at) => [Math.floor(at / columns), at % columns] as const,
      );
      const inside = places.filter(([row, column]) =>
        name === 'tril_indices' ? column - row <= offset : column - row >= offset,
      );
      return [...inside.map(([row]) => row), ...inside.map(([, column]) => column)];
    });
  });
}

function diagonalView(call: TorchCall, input: TensorValue, offset: number, dim0: number, dim1: number): TensorValue {
  return recordView(call, diagonal, { offset, dim0, dim1 }, input, (array, shape) => {
    const strides = stridesOf(array.shape);
    const [a, b] = [wrapDim(dim0, array.shape.length), wrapDim(dim1, array.shape.length)];
    const [s0 = 0, s1 = 0] = [strides[a], strides[b]];
    const kept = strides.filter((_, dim) => dim !== a && dim !== b);
    return strided(array, shape, [...kept, s0 + s1], offset >= 0 ? offset * s1 : -offset * s0);
  });
}

function trace(call: TorchCall): Value {
  const input = call.tensor('input');
  if ((input.type.shape?.length ?? 2) !== 2) {
    refuse(call.runtime, 'shape-mismatch', `trace: expected a matrix, got ${printShape(input.type.shape)}`);
  }
  return call.record(reductions.sum, {}, [diagonalView(call, input, 0, 0, 1)]);
}

export const diagonalOperations: readonly TensorOperation[] = [
  triangle('tril'),
  triangle('triu'),
  triangleIndices('tril_indices'),
  triangleIndices('triu_indices'),
  both('diag(input, diagonal=0)', (call) =>
    call.record(diag, { offset: call.int('diagonal') }, [call.tensor('input')]),
  ),
  both('diagflat(input, offset=0)', (call) =>
    call.record(diag, { offset: call.int('offset') }, [reshapeTo(call, call.tensor('input'), [-1])]),
  ),
  both('diagonal(input, offset=0, dim1=0, dim2=1)', (call) =>
    diagonalView(call, call.tensor('input'), call.int('offset'), call.int('dim1'), call.int('dim2')),
  ),
  both('diag_embed(input, offset=0, dim1=-2, dim2=-1)', (call) =>
    call.record(diagEmbed, { offset: call.int('offset'), dim0: call.int('dim1'), dim1: call.int('dim2') }, [
      call.tensor('input'),
    ]),
  ),
  both('trace(input)', trace),
  functionOnly('block_diag(*tensors)', (call) => call.record(blockDiagonal, {}, call.tensors('tensors'))),
  methodOnly('fill_diagonal_(input, fill_value, wrap=False)', (call) => {
    const input = call.tensor('input');
    writeElements(call.runtime, input, undefined);
    return input;
  }),
];

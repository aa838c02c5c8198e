/**
 * Operator calls as text, for tables: "1x3xHxW" is a shape with symbols, "?" an unknown rank, "-" an input left out,
 * "8x128 int64" another element type than float32.
 */
import { printDim, symbolDim } from '../../server/src/graph/dim.ts';
import type { DType } from '../../server/src/graph/dtype.ts';
import type { Attributes } from '../../server/src/graph/modelGraph.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../../server/src/graph/tensorType.ts';
import { applyOperator, type Application, type Operator } from '../../server/src/operators/operator.ts';

export function call<A extends Attributes>(operator: Operator<A>, inputs: string, attributes: A): Application {
  return applyOperator(operator, inputs.split(', ').map(readType), attributes);
}

/** "1x64x112x112, 118013952 MACs" */
export function summary({ outputs, work, mismatch }: Application): string {
  if (mismatch !== undefined) return mismatch;
  const shapes = outputs.map(({ shape }) => printShape(shape)).join(', ');
  return `${shapes}; ${printDim(work.macs)} MACs`;
}

function readType(text: string): TensorType | undefined {
  if (text === '-') return undefined;
  const [shape = '', dtype = 'float32'] = text.split(' ');
  // Tables name element types as they are.
  return tensorType(dtype as DType, readShape(shape));
}

function readShape(text: string): Shape | undefined {
  if (text === '?') return undefined;
  if (text === 'scalar') return [];
  return text.split('x').map((dim) => (/^\d+$/.test(dim) ? Number(dim) : symbolDim(dim)));
}

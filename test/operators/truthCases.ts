/**
 * The committed figures of PyTorch and ONNX about single operators, family by family.
 * Made by test/truth/operators/make_operator_truth.py and make_onnx_operator_truth.py.
 */
import { readFileSync } from 'node:fs';
import type { Attributes } from '../../server/src/graph/modelGraph.ts';

export interface TruthCase {
  readonly operator: string;
  /** Null for an optional input that is left out. */
  readonly inputs: readonly (readonly number[] | null)[];
  readonly attributes: Attributes;
  /** Null for an output whose shape the source leaves open. */
  readonly outputs?: readonly (readonly number[] | null)[];
  /** Left out where the source counts none. */
  readonly macs?: number;
  /** Why PyTorch refuses the case. */
  readonly error?: string;
}

const DATA = new URL('../truth/data/operators/', import.meta.url);

const FAMILIES = [
  'attention',
  'convolution',
  'einsum',
  'embedding',
  'matrix',
  'normalization',
  'onnx',
  'pooling',
  'recurrent',
];

export function readTruth(): readonly (readonly [file: string, cases: readonly TruthCase[]])[] {
  return FAMILIES.map((family) => {
    const text = readFileSync(new URL(`${family}.json`, DATA), 'utf8');
    // The scripts write exactly this form.
    return [family, JSON.parse(text) as readonly TruthCase[]];
  });
}

/** "convolution [1 3 8 8] [4 3 3 3] - {"groups":1}" */
export function describeCase({ operator, inputs, attributes }: TruthCase): string {
  const shapes = inputs.map((shape) => (shape === null ? '-' : `[${shape.join(' ')}]`)).join(' ');
  return `${operator} ${shapes} ${JSON.stringify(attributes)}`;
}

/** Bodies under way: an operator with its name and family, whose outputs are still unknown. */
import { unknownDim } from '../graph/dim.ts';
import type { Attributes } from '../graph/modelGraph.ts';
import { tensorType } from '../graph/tensorType.ts';
import { ok, type Operator, type OperatorFamily } from './operator.ts';

export function pending<A extends Attributes>(name: string, family: OperatorFamily, isView = false): Operator<A> {
  const unknown = unknownDim(`${name} is not understood yet`);
  return {
    name,
    family,
    isView,
    infer: () => ok(tensorType('unknown', undefined)),
    work: () => ({ macs: unknown, elementwiseOps: unknown }),
  };
}

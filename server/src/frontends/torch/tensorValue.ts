/**
 * A tensor as the executor sees it: an instance of torch.Tensor that carries dtype and shape, never gigabytes.
 * `torch.tensor([1, 2])` keeps its two numbers, so that `.tolist()` and `int(t[0])` answer; a weight keeps none.
 */
import { PyInstance, type PyClass } from '../../evaluation/values.ts';
import type { DType } from '../../graph/dtype.ts';
import type { ValueId } from '../../graph/modelGraph.ts';
import type { TensorType } from '../../graph/tensorType.ts';
import type { Layout } from './layout/layout.ts';

/** Element values beyond this many are not kept. */
export const MAX_KNOWN_ELEMENTS = 4096;

/**
 * The identity of stored memory: all aliases of one weight (`w`, `w.data`, `w.detach()`) share one object,
 * so that a weight held by two modules is counted once.
 */
export class StoredTensor {
  constructor(public kind: 'parameter' | 'buffer') {}
}

/** The graph that a tensor's value belongs to; a GraphRecorder. */
export type GraphOwner = object;

export class TensorValue extends PyInstance {
  /** The value in the graph of `owner`; undefined for tensors made outside of a trace. */
  valueId: ValueId | undefined;
  owner: GraphOwner | undefined;
  /** Element values in row-major order, where they are known: booleans as 0 and 1. */
  data: readonly number[] | undefined;
  /** Set for parameters, buffers and their aliases. */
  stored: StoredTensor | undefined;
  requiresGrad = false;
  /** Where the elements lie; results of operations have theirs from layout/layoutRules.ts. */
  layout: Layout = 'contiguous';

  /** Types change in place only by in-place methods and assignments to `.data`; call `runtime.mutating` first. */
  constructor(
    class_: PyClass,
    public type: TensorType,
  ) {
    super(class_);
  }

  override snapshot(): () => void {
    const restoreInstance = super.snapshot();
    const { type, valueId, owner, data, stored, requiresGrad, layout } = this;
    return () => {
      restoreInstance();
      Object.assign(this, { type, valueId, owner, data, stored, requiresGrad, layout });
    };
  }
}

/** `torch.float32`: one instance a dtype and world. */
export class DTypeValue extends PyInstance {
  constructor(
    class_: PyClass,
    readonly dtype: DType,
  ) {
    super(class_);
  }
}

/**
 * A NumPy array: dtype, shape, and the elements where they are known. np.linspace(0, 1, 5) -> 5 float64.
 */
import { PyInstance, type PyClass } from '../../../../evaluation/values.ts';
import type { TensorType } from '../../../../graph/tensorType.ts';

export class ArrayValue extends PyInstance {
  constructor(
    class_: PyClass,
    public type: TensorType,
    /** Row-major; undefined where not known. */
    public data: readonly number[] | undefined,
  ) {
    super(class_);
  }

  override snapshot(): () => void {
    const restoreInstance = super.snapshot();
    const { type, data } = this;
    return () => {
      restoreInstance();
      Object.assign(this, { type, data });
    };
  }
}

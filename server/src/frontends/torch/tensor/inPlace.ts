/**
 * In-place operations: the tensor object stays and takes over the result's graph value and elements.
 * `x += y` records an `add` node; from then on `x` stands for the node's output.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import type { TensorValue } from '../tensorValue.ts';
import { leaveAliases, writeElements } from './aliases.ts';

/** Makes `target` hold `result`; its dtype stays. Returns `target`. */
export function storeInPlace(runtime: Runtime, target: TensorValue, result: TensorValue): TensorValue {
  if (target === result) return target;
  runtime.mutating(target);
  const { dtype } = target.type;
  target.type = tensorType(dtype === 'unknown' ? result.type.dtype : dtype, result.type.shape);
  if (result.valueId !== undefined) {
    target.valueId = result.valueId;
    target.owner = result.owner;
  }
  writeElements(runtime, target, target.stored === undefined ? result.data : undefined);
  return target;
}

/** `x.data = y`: the tensor object takes over type, value, elements and memory of another. */
export function assignTensor(runtime: Runtime, target: TensorValue, source: TensorValue): void {
  runtime.mutating(target);
  leaveAliases(target);
  const { type, valueId, owner, data, layout } = source;
  Object.assign(target, { type, valueId, owner, data, layout });
}

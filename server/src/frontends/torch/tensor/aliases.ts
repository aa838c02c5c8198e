/**
 * Keeps the known elements of a tensor and of its views the same when one of them is written in place:
 * z = torch.zeros(2); u = z.view(2, 1); u[0] = 3  ->  z is [3, 0]. Tensors without known elements need none of this.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { TensorValue } from '../tensorValue.ts';

interface View {
  readonly tensor: TensorValue;
  /** For each element, its place in the root's elements. */
  readonly positions: readonly number[];
}

interface AliasGroup {
  readonly root: TensorValue;
  readonly views: View[];
}

const groups = new WeakMap<TensorValue, AliasGroup>();

/** Declares that `view` shows the elements of `base` at `positions`, and gives it their present values. */
export function aliasElements(base: TensorValue, view: TensorValue, positions: readonly number[]): void {
  if (base.data === undefined) return;
  let group = groups.get(base);
  if (group === undefined) {
    group = { root: base, views: [] };
    groups.set(base, group);
  }
  const inBase = group.views.find(({ tensor }) => tensor === base)?.positions;
  const inRoot = inBase === undefined ? positions : positions.map((position) => inBase[position] ?? 0);
  group.views.push({ tensor: view, positions: inRoot });
  groups.set(view, group);
  const { data } = base;
  view.data = positions.map((position) => data[position] ?? 0);
}

/** Replaces the elements of a tensor, and what its aliases show; undefined: they are no longer known. */
export function writeElements(runtime: Runtime, tensor: TensorValue, data: readonly number[] | undefined): void {
  const group = groups.get(tensor);
  if (group === undefined) {
    runtime.mutating(tensor);
    tensor.data = data;
    return;
  }
  const { root, views } = group;
  const written =
    tensor === root
      ? data
      : scattered(
          root,
          views.find((view) => view.tensor === tensor),
          data,
        );
  runtime.mutating(root);
  root.data = written;
  for (const view of views) {
    runtime.mutating(view.tensor);
    view.tensor.data = written && view.positions.map((position) => written[position] ?? 0);
  }
}

/** From now on the tensor has elements of its own (`x.data = y`). */
export function leaveAliases(tensor: TensorValue): void {
  const group = groups.get(tensor);
  if (group === undefined || group.root === tensor) return;
  groups.delete(tensor);
  const at = group.views.findIndex((view) => view.tensor === tensor);
  if (at >= 0) group.views.splice(at, 1);
}

function scattered(
  root: TensorValue,
  view: View | undefined,
  data: readonly number[] | undefined,
): readonly number[] | undefined {
  if (view === undefined || data === undefined || root.data === undefined) return undefined;
  const written = [...root.data];
  view.positions.forEach((position, index) => (written[position] = data[index] ?? 0));
  return written;
}

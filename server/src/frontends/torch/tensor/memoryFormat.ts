/**
 * `memory_format=torch.channels_last`: a new tensor of the same shape whose channels lie innermost.
 * inMemoryFormat(2x3x4x4, channels_last) has strides [48, 1, 12, 3].
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { printShape } from '../../../graph/tensorType.ts';
import { refuse } from '../record.ts';
import { PyInstance, type Value } from '../../../evaluation/values.ts';
import { knownSizes, layoutOf, type Layout } from '../layout/layout.ts';
import { channelsLastStrides } from '../layout/strides.ts';
import type { TensorValue } from '../tensorValue.ts';

/** Lays a new tensor out as asked; None and `preserve_format` leave it as it is. */
export function inMemoryFormat(runtime: Runtime, tensor: TensorValue, format: Value): TensorValue {
  if (format === null) return tensor;
  const name = format instanceof PyInstance ? format.attributes.get('_name') : undefined;
  tensor.layout = formatLayout(runtime, tensor, typeof name === 'string' ? name : '');
  return tensor;
}

function formatLayout(runtime: Runtime, { type, layout }: TensorValue, name: string): Layout {
  if (name === 'torch.preserve_format') return layout;
  if (name === 'torch.contiguous_format') return 'contiguous';
  const sizes = knownSizes(type.shape);
  const rank = name === 'torch.channels_last' ? 4 : name === 'torch.channels_last_3d' ? 5 : undefined;
  if (sizes === undefined || rank === undefined) return 'unknown';
  if (sizes.length === rank) return layoutOf(sizes, channelsLastStrides(sizes));
  refuse(runtime, 'shape-mismatch', `expected ${rank} axes for the ${name.slice(6)} format, got ${printShape(sizes)}`);
  return 'unknown';
}

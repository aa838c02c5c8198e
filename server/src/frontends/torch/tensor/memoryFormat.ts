/**
 * `memory_format=torch.channels_last`: a new tensor of the same shape whose channels lie innermost.
 * inMemoryFormat(2x3x4x4, channels_last) has strides [48, 1, 12, 3].
 */
import { PyInstance, type Value } from '../../../evaluation/values.ts';
import { knownSizes, layoutOf, type Layout } from '../layout/layout.ts';
import { channelsLastStrides } from '../layout/strides.ts';
import type { TensorValue } from '../tensorValue.ts';

/** Lays a new tensor out as asked; None and `preserve_format` leave it as it is. */
export function inMemoryFormat(tensor: TensorValue, format: Value): TensorValue {
  if (format === null) return tensor;
  const name = format instanceof PyInstance ? format.attributes.get('_name') : undefined;
  tensor.layout = formatLayout(tensor, typeof name === 'string' ? name : '');
  return tensor;
}

function formatLayout({ type, layout }: TensorValue, name: string): Layout {
  if (name === 'torch.preserve_format') return layout;
  if (name === 'torch.contiguous_format') return 'contiguous';
  const sizes = knownSizes(type.shape);
  const rank = name === 'torch.channels_last' ? 4 : name === 'torch.channels_last_3d' ? 5 : undefined;
  return sizes?.length === rank && sizes !== undefined ? layoutOf(sizes, channelsLastStrides(sizes)) : 'unknown';
}

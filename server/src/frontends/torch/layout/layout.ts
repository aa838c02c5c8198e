/**
 * How a tensor lies in memory, as far as it is known: one after the other, by known strides, or anyhow.
 * x.transpose(1, 2) of 2x3x4 has strides [12, 1, 4]; `x.view(2, -1)` of that is what PyTorch refuses.
 */
import type { Shape } from '../../../graph/tensorType.ts';
import { contiguousStrides, isContiguous, type Sizes } from './strides.ts';

/** Strides are known only where all sizes are. */
export type Layout = 'contiguous' | 'unknown' | Sizes;

/** Undefined where a size or the layout is not known. */
export function knownStrides(shape: Shape | undefined, layout: Layout): Sizes | undefined {
  const sizes = knownSizes(shape);
  if (sizes === undefined || layout === 'unknown') return undefined;
  return layout === 'contiguous' ? contiguousStrides(sizes) : layout;
}

export function knownSizes(shape: Shape | undefined): Sizes | undefined {
  return shape?.every((dim) => typeof dim === 'number') === true ? shape : undefined;
}

export function layoutOf(shape: Sizes, strides: Sizes): Layout {
  // Sizes of 1 keep strides of their own, which later views of other shapes may ask for.
  return contiguousStrides(shape).every((stride, dim) => stride === strides[dim]) ? 'contiguous' : strides;
}

/** What `x.is_contiguous()` says; undefined where that is not known. */
export function hasContiguousElements(shape: Shape | undefined, layout: Layout): boolean | undefined {
  if (layout === 'contiguous') return true;
  const sizes = knownSizes(shape);
  return layout === 'unknown' || sizes === undefined ? undefined : isContiguous(sizes, layout);
}

/**
 * Shapes that annotations say: `x: Float[Tensor, "b 3 h w"]` (jaxtyping) or `x: TensorType["b", 3, 32, 32]`
 * (torchtyping) -> the axes b, 3, h, w. Names stand for sizes that are equal wherever the name stands.
 */
import { aliasOrigin, unionArguments } from '../../../evaluation/builtins/genericAlias.ts';
import { keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClass, PyDict, PyInstance, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { DType } from '../../../graph/dtype.ts';
import { ARRAY_TYPES } from '../libraries/arrayTypes.ts';
import type { ModuleValue } from '../modules/moduleValue.ts';
import { DTypeValue } from '../tensorValue.ts';

/** A size, the name of one, or any number of axes ("...", "*batch"). */
export type AnnotatedAxis = number | { readonly name: string } | 'several';

export interface AnnotatedShape {
  readonly axes: readonly AnnotatedAxis[];
  readonly dtype: DType;
  /** "b 3 h w" */
  readonly text: string;
}

/** The annotated shapes of forward's parameters, by their names. */
export function annotatedShapes(
  runtime: Runtime,
  model: ModuleValue,
  names: readonly string[],
): ReadonlyMap<string, AnnotatedShape> {
  const shapes = new Map<string, AnnotatedShape>();
  const forward = runtime.lookupAttribute(model, 'forward');
  const annotations = forward === undefined ? undefined : runtime.lookupAttribute(forward, '__annotations__');
  if (!(annotations instanceof PyDict)) return shapes;
  for (const name of names) {
    const entry = annotations.entries.get(keyOf(name));
    const shape = entry === undefined ? undefined : shapeIn(entry.value);
    if (shape !== undefined) shapes.set(name, shape);
  }
  return shapes;
}

function shapeIn(annotation: Value): AnnotatedShape | undefined {
  if (typeof annotation === 'string') return shapeInText(annotation);
  const parts = unionArguments(annotation)?.items;
  if (parts !== undefined) return parts.map(shapeIn).find((shape) => shape !== undefined);
  const origin = aliasOrigin(annotation);
  if (!(origin instanceof PyClass) || !(annotation instanceof PyInstance)) return undefined;
  const given = annotation.attributes.get('__args__');
  const items = given instanceof PyTuple ? given.items : [];
  if (origin.module === 'torchtyping') return tensorTypeShape(items);
  const dtype = ARRAY_TYPES.get(origin.name);
  const text = items.at(-1);
  if (origin.module !== 'jaxtyping' || dtype === undefined || typeof text !== 'string') return undefined;
  return { axes: axesIn(text), dtype, text: text.trim() };
}

/** Under `from __future__ import annotations`, annotations are their own text. */
function shapeInText(annotation: string): AnnotatedShape | undefined {
  const match = /(\w+)\[[^"']*,\s*\\?(["'])([^"'\\]*)\\?\2\s*\]/.exec(annotation);
  const dtype = ARRAY_TYPES.get(match?.[1] ?? '');
  const text = match?.[3];
  return dtype === undefined || text === undefined ? undefined : { axes: axesIn(text), dtype, text: text.trim() };
}

/** "b c=3 #h *rest ..." -> b, 3, h, several, several. What is computed ("h/2") is a size that nothing else says. */
function axesIn(text: string): readonly AnnotatedAxis[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.map((word, at): AnnotatedAxis => {
    if (word === '...' || /^[#?_]*\*/.test(word)) return 'several';
    const size = /^(?:[#?]*[A-Za-z_]\w*=)?[#?]*(\d+)$/.exec(word)?.[1];
    if (size !== undefined) return Number(size);
    const name = /^[#?]*([A-Za-z]\w*)$/.exec(word)?.[1];
    return { name: name ?? `${word} (axis ${at})` };
  });
}

/** TensorType["b", 3, -1, float, ...]: names, sizes, any size, a dtype, several axes. */
function tensorTypeShape(items: readonly Value[]): AnnotatedShape | undefined {
  let dtype: DType = 'float32';
  const axes: AnnotatedAxis[] = [];
  for (const [at, item] of items.entries()) {
    if (item instanceof DTypeValue) dtype = item.dtype;
    else if (typeof item === 'number') axes.push(item >= 0 ? item : { name: `axis ${at}` });
    else if (typeof item === 'string') axes.push({ name: item });
    else if (item !== null && typeof item === 'object' && item.kind === 'ellipsis') axes.push('several');
    else if (item instanceof PyUnknown) return undefined;
  }
  const text = axes.map((axis) => (typeof axis === 'object' ? axis.name : axis === 'several' ? '...' : String(axis)));
  return axes.length === 0 ? undefined : { axes, dtype, text: text.join(' ') };
}

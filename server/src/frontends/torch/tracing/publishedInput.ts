/**
 * The image size that a model is published for, where the code at hand says it: an attribute of the model
 * (`image_size`), a configuration that it carries (`default_cfg["input_size"]`), or the transforms of the default
 * weights that its builder's `weights` parameter is annotated with (`Optional[ResNet50_Weights]` -> 224).
 */
import type { Expression } from '../../../syntax/ast.ts';
import { keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import {
  PyClass,
  PyDict,
  PyFunction,
  PyList,
  PyTuple,
  PyUnknown,
  type PyInstance,
  type Value,
} from '../../../evaluation/values.ts';

export interface PublishedSize {
  readonly size: number;
  /** Channels, height and width, where all are published: (3, 224, 224). */
  readonly image?: readonly number[] | undefined;
  /** "the size in ResNet50_Weights.DEFAULT" */
  readonly source: string;
}

const SIZE_ATTRIBUTES = ['image_size', 'img_size', 'input_size', 'input_resolution', 'resolution'] as const;
const CONFIGURATIONS = ['pretrained_cfg', 'default_cfg', 'config'] as const;

/** Sizes to try, the likeliest first. `builder` is the function or class that made the model. */
export function publishedSizes(runtime: Runtime, model: PyInstance, builder: Value): readonly PublishedSize[] {
  const found: PublishedSize[] = [];
  const add = (value: Value | undefined, source: string): void => {
    const size = squareSize(value);
    if (size !== undefined) found.push({ size, image: imageSize(value), source });
  };
  for (const name of SIZE_ATTRIBUTES) add(model.attributes.get(name), `the model's ${name}`);
  for (const name of CONFIGURATIONS) {
    const configuration = model.attributes.get(name);
    if (configuration === undefined) continue;
    for (const key of SIZE_ATTRIBUTES) add(memberOf(runtime, configuration, key), `the model's ${name}`);
  }
  const weights = weightsSize(runtime, builder);
  if (weights !== undefined) found.push(weights);
  return found;
}

/** 224, (224, 224), (3, 224, 224) -> 224. */
function squareSize(value: Value | undefined): number | undefined {
  const items = value instanceof PyTuple || value instanceof PyList ? value.items : undefined;
  const last = items === undefined ? value : items.at(-1);
  return typeof last === 'number' && last >= 8 && last <= 4096 ? last : undefined;
}

/** (3, 224, 224) -> [3, 224, 224]; undefined for anything else. */
function imageSize(value: Value | undefined): readonly number[] | undefined {
  const items = value instanceof PyTuple || value instanceof PyList ? value.items : [];
  const sizes = items.filter((item) => typeof item === 'number');
  return items.length === 3 && sizes.length === 3 && (sizes[0] ?? 0) <= 16 ? sizes : undefined;
}

function memberOf(runtime: Runtime, object: Value, name: string): Value | undefined {
  if (object instanceof PyDict) return object.entries.get(keyOf(name))?.value;
  if (object === null || typeof object !== 'object' || object instanceof PyUnknown) return undefined;
  const value = runtime.lookupAttribute(object, name);
  return value instanceof PyUnknown ? undefined : value;
}

/** The crop size of the default weights, by the annotation of the parameter `weights`. */
function weightsSize(runtime: Runtime, builder: Value): PublishedSize | undefined {
  const fn = unwrapped(builder);
  if (fn?.definition.kind !== 'functionDef') return undefined;
  const { positional, keywordOnly } = fn.definition.parameters;
  const annotation = [...positional, ...keywordOnly].find(({ name }) => name === 'weights')?.annotation;
  if (annotation === undefined) return undefined;
  for (const name of namesIn(annotation)) {
    const cls = runtime.lookupAttribute(fn.module, name);
    if (!(cls instanceof PyClass)) continue;
    const size = cropSize(runtime, memberOf(runtime, memberOf(runtime, cls, 'DEFAULT') ?? null, 'transforms'));
    if (size !== undefined) return { size, source: `the size in ${name}.DEFAULT` };
  }
  return undefined;
}

/** `partial(ImageClassification, crop_size=224)` -> 224. */
function cropSize(runtime: Runtime, transforms: Value | undefined): number | undefined {
  if (transforms === undefined) return undefined;
  const keywords = memberOf(runtime, transforms, 'keywords');
  const fromKeywords = keywords === undefined ? undefined : memberOf(runtime, keywords, 'crop_size');
  return squareSize(fromKeywords ?? memberOf(runtime, transforms, 'crop_size'));
}

/** The function under its decorators. */
function unwrapped(value: Value): PyFunction | undefined {
  let fn = value;
  for (let depth = 0; depth < 8 && fn instanceof PyFunction; depth++) {
    const inner = fn.attributes?.get('__wrapped__');
    if (inner === undefined) return fn;
    fn = inner;
  }
  return undefined;
}

/** `Optional[ResNet50_Weights]` -> ["Optional", "ResNet50_Weights"] */
function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'subscript':
      return [...namesIn(expression.object), ...namesIn(expression.index)];
    case 'tuple':
      return expression.elements.flatMap(namesIn);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'constant':
      return expression.value.type === 'string' ? (expression.value.value.match(/[A-Za-z_]\w*/g) ?? []) : [];
    default:
      return [];
  }
}

/**
 * Every layer of torch.nn by name: layerClasses(runtime).get('Conv2d') is the class `torch.nn.Conv2d`.
 */
import { invariant } from '../../../base/assert.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { PyClass } from '../../../evaluation/values.ts';
import { worldOf, type TorchWorld } from '../torchWorld.ts';
import { activationLayers } from './activationLayers.ts';
import { attentionLayers } from './attentionLayers.ts';
import { containerLayers } from './containerLayers.ts';
import { convolutionLayers } from './convolutionLayers.ts';
import { embeddingLayers } from './embeddingLayers.ts';
import { defineLayer, type LayerSpec } from './layerSpec.ts';
import { lazyLayers } from './lazyLayers.ts';
import { linearLayers } from './linearLayers.ts';
import { lossLayers } from './lossLayers.ts';
import { moduleClass } from './moduleClass.ts';
import { normalizationLayers } from './normalizationLayers.ts';
import { parameterContainers } from './parameterContainers.ts';
import { poolingLayers } from './poolingLayers.ts';
import { recurrentLayers } from './recurrentLayers.ts';
import { simpleLayers } from './simpleLayers.ts';
import { transformerLayers } from './transformerLayers.ts';
import { wrapperLayers } from './wrapperLayers.ts';

/** Bases before what is derived from them. */
const LAYERS: readonly LayerSpec[] = [
  ...containerLayers,
  ...parameterContainers,
  ...linearLayers,
  ...convolutionLayers,
  ...normalizationLayers,
  ...poolingLayers,
  ...activationLayers,
  ...simpleLayers,
  ...embeddingLayers,
  ...recurrentLayers,
  ...attentionLayers,
  ...transformerLayers,
  ...lossLayers,
  ...lazyLayers,
  ...wrapperLayers,
];

const catalogs = new WeakMap<TorchWorld, ReadonlyMap<string, PyClass>>();

/** By name, `Module` among them; private bases such as `_ConvNd` too. */
export function layerClasses(runtime: Runtime): ReadonlyMap<string, PyClass> {
  const world = worldOf(runtime);
  let catalog = catalogs.get(world);
  if (catalog === undefined) {
    catalog = defineAll(runtime);
    catalogs.set(world, catalog);
  }
  return catalog;
}

/** ["Conv2d", "conv"]: each name, and the module below torch.nn.modules that defines it. */
export const layerModules: readonly (readonly [string, string])[] = LAYERS.map((spec) => [nameOf(spec), spec.module]);

function defineAll(runtime: Runtime): ReadonlyMap<string, PyClass> {
  const classes = new Map<string, PyClass>([['Module', moduleClass(runtime)]]);
  for (const spec of LAYERS) {
    const base = classes.get(spec.base ?? 'Module');
    invariant(base !== undefined, `the base of ${nameOf(spec)} is declared before it`);
    classes.set(nameOf(spec), defineLayer(runtime, spec, base));
  }
  return classes;
}

function nameOf(spec: LayerSpec): string {
  return spec.signature.slice(0, spec.signature.indexOf('('));
}

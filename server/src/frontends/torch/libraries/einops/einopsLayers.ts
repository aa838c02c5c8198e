/**
 * einops.layers.torch: Rearrange and Reduce as modules. Rearrange('b c h w -> b (h w) c') in a Sequential.
 */
import { NativeFunction, PyDict, PyInstance, type PyClass, type Value } from '../../../../evaluation/values.ts';
import { bindArguments, parseSignature } from '../../../../evaluation/natives.ts';
import type { Runtime } from '../../../../evaluation/runtime.ts';
import { initializeModule, setModuleAttribute } from '../../modules/moduleAttributes.ts';
import { moduleClass } from '../../modules/moduleClass.ts';
import { worldOf } from '../../torchWorld.ts';
import { rearrangeFunction, reduceFunction } from './einopsFunctions.ts';

const MODULE = 'einops.layers.torch';

/** The classes Rearrange and Reduce. */
export function einopsLayers(runtime: Runtime): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['Rearrange', layer(runtime, 'Rearrange', ['pattern'], rearrangeFunction)],
    ['Reduce', layer(runtime, 'Reduce', ['pattern', 'reduction'], reduceFunction)],
  ]);
}

function layer(runtime: Runtime, name: string, parameters: readonly string[], apply: NativeFunction): PyClass {
  const signature = parseSignature(`__init__(self, ${parameters.join(', ')}, **axes_lengths)`);
  const init = new NativeFunction('__init__', (inner, args) => {
    const bound = bindArguments(inner, signature, args);
    const { self } = bound;
    if (!(self instanceof PyInstance)) return null;
    initializeModule(inner, self);
    for (const parameter of [...parameters, 'axes_lengths']) {
      setModuleAttribute(inner, self, parameter, bound[parameter] ?? null);
    }
    return null;
  });
  const forward = new NativeFunction('forward', (inner, { positional: [self = null, input = null] }) => {
    const lengths = inner.getAttribute(self, 'axes_lengths');
    const keywords = lengths instanceof PyDict ? [...lengths.entries.values()] : [];
    return inner.call(
      apply,
      [input, ...parameters.map((parameter) => inner.getAttribute(self, parameter))],
      new Map(keywords.flatMap(({ key, value }) => (typeof key === 'string' ? [[key, value] as const] : []))),
    );
  });
  return worldOf(runtime).defineClass(
    name,
    MODULE,
    [moduleClass(runtime)],
    [
      ['__init__', init],
      ['forward', forward],
    ],
  );
}

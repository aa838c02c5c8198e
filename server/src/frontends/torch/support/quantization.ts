/**
 * What float models prepared for quantisation use: stubs that pass their input on, and FloatFunctional, whose
 * `add` is an addition. Quantised layers themselves are not modelled.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { PyClass, Value } from '../../../evaluation/values.ts';
import { callTorch } from '../modules/callText.ts';
import { defineLayer, type LayerSpec } from '../modules/layerSpec.ts';
import { moduleClass } from '../modules/moduleClass.ts';
import { worldOf, type TorchWorld } from '../torchWorld.ts';
import { identities } from './compilation.ts';

const passOn = members('torch.ao.quantization', { 'forward(self, x)': (_runtime, _self, x) => x });

const floatFunctionalMembers = members('torch.ao.nn.quantized.FloatFunctional', {
  'add(self, x, y)': (runtime, _self, x, y) => callTorch(runtime, 'torch.add', [x, y]),
  'add_scalar(self, x, y)': (runtime, _self, x, y) => callTorch(runtime, 'torch.add', [x, y]),
  'mul(self, x, y)': (runtime, _self, x, y) => callTorch(runtime, 'torch.mul', [x, y]),
  'mul_scalar(self, x, y)': (runtime, _self, x, y) => callTorch(runtime, 'torch.mul', [x, y]),
  'matmul(self, x, y)': (runtime, _self, x, y) => callTorch(runtime, 'torch.matmul', [x, y]),
  'cat(self, x, dim=0)': (runtime, _self, x, dim) => callTorch(runtime, 'torch.cat', [x], new Map([['dim', dim]])),
  'add_relu(self, x, y)': (runtime, _self, x, y) =>
    callTorch(runtime, 'torch.nn.functional.relu', [callTorch(runtime, 'torch.add', [x, y])]),
});

const SPECS: readonly LayerSpec[] = [
  { signature: 'QuantStub(qconfig=None)', module: 'quantization', notStored: ['qconfig'], methods: passOn },
  { signature: 'DeQuantStub(qconfig=None)', module: 'quantization', notStored: ['qconfig'], methods: passOn },
  {
    signature: 'FloatFunctional()',
    module: 'quantized',
    build: (layer) => layer.set('activation_post_process', callTorch(layer.runtime, 'torch.nn.Identity', [])),
    methods: floatFunctionalMembers,
  },
];

const classes = new WeakMap<TorchWorld, ReadonlyMap<string, PyClass>>();

function quantizationClasses(runtime: Runtime): ReadonlyMap<string, PyClass> {
  const world = worldOf(runtime);
  const known = classes.get(world);
  if (known !== undefined) return known;
  const made = new Map(
    SPECS.map((spec) => {
      const cls = defineLayer(runtime, spec, moduleClass(runtime));
      return [cls.name, cls] as const;
    }),
  );
  classes.set(world, made);
  return made;
}

function quantizationModule(name: string): NativeModuleDefinition {
  return {
    name,
    members: (runtime) =>
      new Map<string, Value>([
        ...quantizationClasses(runtime),
        ...identities(name, ['fuse_modules', 'fuse_modules_qat', 'prepare', 'prepare_qat']),
      ]),
  };
}

export const quantizationModules: readonly NativeModuleDefinition[] = [
  'torch.ao.quantization',
  'torch.quantization',
  'torch.ao.nn.quantized',
  'torch.nn.quantized',
].map(quantizationModule);

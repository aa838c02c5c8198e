/**
 * Modules around modules: DataParallel(net) runs `net`, whose names then start with "module.";
 * AdaptiveLogSoftmaxWithLoss holds a head and shrinking tails.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { PyDict, PyList, PyTuple, type Value } from '../../../evaluation/values.ts';
import { addDims, floorDivideDims, subtractDims, type Dim } from '../../../graph/dim.ts';
import { recordUnknown } from '../graphRecorder.ts';
import { asDims, asNumber } from '../torchNatives.ts';
import { dimValue } from '../torchWorld.ts';
import { callTorch } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';
import { tensorsIn } from './moduleCall.ts';

const wrapperMembers = members('torch.nn.DataParallel', {
  'forward(self, *inputs, **kwargs)': (runtime, self, inputs, kwargs) => {
    const keywords = new Map<string, Value>();
    if (kwargs instanceof PyDict) {
      for (const { key, value } of kwargs.entries.values()) if (typeof key === 'string') keywords.set(key, value);
    }
    const positional = inputs instanceof PyTuple ? inputs.items : [];
    return runtime.call(runtime.getAttribute(self, 'module'), positional, keywords);
  },
});

/** Clusters of rare classes get ever narrower projections: width in_features / div_value^(i + 1). */
function buildAdaptiveSoftmax(layer: LayerBuild): void {
  const { runtime } = layer;
  const inFeatures = layer.dim('in_features');
  const cutoffs = asDims(runtime, layer.value('cutoffs'), 'cutoffs');
  const bounds: readonly Dim[] = [...cutoffs, layer.dim('n_classes')];
  const [shortlist = 0] = cutoffs;
  const clusters = bounds.length - 1;
  const linear = (input: Dim, output: Dim, bias: Value): Value =>
    callTorch(
      runtime,
      'torch.nn.Linear',
      [dimValue(input), dimValue(output)],
      new Map<string, Value>([['bias', bias], ...layer.factoryKeywords()]),
    );
  const divider = asNumber(runtime, layer.value('div_value'), 'div_value');
  layer.set('cutoffs', new PyList(bounds.map(dimValue)));
  layer.set('shortlist_size', dimValue(shortlist));
  layer.set('n_clusters', clusters);
  layer.set('head_size', dimValue(addDims(shortlist, clusters)));
  layer.set('head', linear(inFeatures, addDims(shortlist, clusters), layer.value('head_bias')));
  const tails = Array.from({ length: clusters }, (_, index) => {
    const power = divider ** (index + 1);
    const width = typeof inFeatures === 'number' ? Math.floor(inFeatures / power) : floorDivideDims(inFeatures, power);
    const size = subtractDims(bounds[index + 1] ?? 0, bounds[index] ?? 0);
    return callTorch(runtime, 'torch.nn.Sequential', [linear(inFeatures, width, false), linear(width, size, false)]);
  });
  layer.set('tail', callTorch(runtime, 'torch.nn.ModuleList', [new PyList(tails)]));
}

const adaptiveMembers = members('torch.nn.AdaptiveLogSoftmaxWithLoss', {
  'forward(self, input_, target_)': (runtime, _self, input, target) => {
    const reason = 'which clusters run depends on the targets';
    const [output = null] = recordUnknown(
      runtime,
      'torch.nn.AdaptiveLogSoftmaxWithLoss',
      reason,
      tensorsIn(new PyTuple([input, target])),
    );
    return new PyTuple([output, output]);
  },
});

export const wrapperLayers: readonly LayerSpec[] = [
  {
    signature: 'DataParallel(module, device_ids=None, output_device=None, dim=0)',
    module: 'data_parallel',
    build: (layer) => {
      if (layer.value('device_ids') === null) layer.set('device_ids', new PyList([]));
    },
    methods: wrapperMembers,
  },
  {
    signature: 'DistributedDataParallel(module, *args, **kwargs)',
    module: 'distributed',
    methods: wrapperMembers,
  },
  {
    signature:
      'AdaptiveLogSoftmaxWithLoss(in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None)',
    module: 'adaptive',
    build: buildAdaptiveSoftmax,
    methods: adaptiveMembers,
  },
];

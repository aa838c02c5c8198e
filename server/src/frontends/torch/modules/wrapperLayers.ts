/**
 * Modules around modules: DataParallel(net) runs `net`, whose names then start with "module.";
 * AdaptiveLogSoftmaxWithLoss holds a head and shrinking tails.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyList, PyTuple, type Value } from '../../../evaluation/values.ts';
import { addDims, floorDivideDims, subtractDims, type Dim } from '../../../graph/dim.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { recordUnknown } from '../record.ts';
import { tensorsIn } from '../tensorsIn.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDims, asNumber } from '../torchNatives.ts';
import { dimValue } from '../torchWorld.ts';
import { callFunctional, callTorch } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

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

const ADAPTIVE = 'torch.nn.AdaptiveLogSoftmaxWithLoss';

const adaptiveMembers = members(ADAPTIVE, {
  'log_prob(self, input)': (runtime, self, input) => adaptiveLogProbabilities(runtime, self, input),
  'predict(self, input)': (runtime, _self, input) => {
    const rows = input instanceof TensorValue ? input.type.shape?.slice(0, 1) : undefined;
    const reason = 'which clusters run depends on the input';
    const [output = null] = recordUnknown(runtime, ADAPTIVE, reason, tensorsIn(input), [tensorType('int64', rows)]);
    return output;
  },
  'forward(self, input_, target_)': (runtime, _self, input, target) => {
    const reason = 'which clusters run depends on the targets';
    const dtype = input instanceof TensorValue ? input.type.dtype : 'unknown';
    const rows = target instanceof TensorValue ? target.type.shape : undefined;
    const [output = null, loss = null] = recordUnknown(
      runtime,
      ADAPTIVE,
      reason,
      tensorsIn(new PyTuple([input, target])),
      [tensorType(dtype, rows), tensorType(dtype, [])],
    );
    return new PyTuple([output, loss]);
  },
});

/** The head's columns of common classes, then for each cluster its tail's, shifted by the cluster's own. */
function adaptiveLogProbabilities(runtime: Runtime, self: Value, input: Value): Value {
  const logSoftmax = (x: Value): Value => callFunctional(runtime, 'log_softmax', [x], { dim: 1 });
  const columns = (x: Value, from: number, to: number): Value => runtime.callMethod(x, 'narrow', [1, from, to - from]);
  const size = runtime.getAttribute(self, 'shortlist_size');
  const tails = runtime.getAttribute(self, 'tail');
  const clusters = runtime.getAttribute(self, 'n_clusters');
  if (typeof size !== 'number' || typeof clusters !== 'number') return runtime.unknown('the cutoffs are not known');
  const head = logSoftmax(runtime.call(runtime.getAttribute(self, 'head'), [input]));
  const parts = [columns(head, 0, size)];
  for (let at = 0; at < clusters; at++) {
    const tail = logSoftmax(runtime.call(runtime.getItem(tails, at), [input]));
    parts.push(runtime.callMethod(tail, '__add__', [columns(head, size + at, size + at + 1)]));
  }
  return callTorch(runtime, 'torch.cat', [new PyList(parts)], new Map([['dim', 1]]));
}

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

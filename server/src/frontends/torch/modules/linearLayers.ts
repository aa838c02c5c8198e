/**
 * Linear, Bilinear and Identity.
 * Linear(512, 1000) holds weight 1000x512 and bias 1000.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { LayerSpec } from './layerSpec.ts';

export const linearLayers: readonly LayerSpec[] = [
  {
    signature: 'Identity(*args, **kwargs)',
    module: 'linear',
    methods: members('torch.nn.Identity', { 'forward(self, input)': (_runtime, _self, input) => input }),
  },
  {
    signature: 'Linear(in_features, out_features, bias=True, device=None, dtype=None)',
    module: 'linear',
    notStored: ['bias'],
    build: (layer) => {
      const outFeatures = layer.size('out_features');
      layer.parameter('weight', [outFeatures, layer.dim('in_features')]);
      layer.parameterIf(layer.flag('bias'), 'bias', [outFeatures]);
    },
    forward: 'linear(input, self.weight, self.bias)',
  },
  {
    signature: 'NonDynamicallyQuantizableLinear(in_features, out_features, bias=True, device=None, dtype=None)',
    base: 'Linear',
    module: 'linear',
    notStored: ['bias'],
    build: (layer) => {
      const outFeatures = layer.size('out_features');
      layer.parameter('weight', [outFeatures, layer.dim('in_features')]);
      layer.parameterIf(layer.flag('bias'), 'bias', [outFeatures]);
    },
  },
  {
    signature: 'Bilinear(in1_features, in2_features, out_features, bias=True, device=None, dtype=None)',
    module: 'linear',
    notStored: ['bias'],
    build: (layer) => {
      const in1 = layer.dim('in1_features');
      if (typeof in1 === 'number' && in1 <= 0) {
        layer.refuse('ValueError', `in1_features must be > 0, but got (in1_features=${in1})`);
      }
      const outFeatures = layer.size('out_features');
      layer.parameter('weight', [outFeatures, in1, layer.dim('in2_features')]);
      layer.parameterIf(layer.flag('bias'), 'bias', [outFeatures]);
    },
    inputs: 'input1, input2',
    forward: 'bilinear(input1, input2, self.weight, self.bias)',
  },
];

/**
 * Pooling layers. MaxPool2d(3, 2) stores kernel_size 3 and stride 2 as they were given; a stride left out is the kernel.
 */
import { repeated, type LayerBuild, type LayerSpec } from './layerSpec.ts';

/** `self.stride = kernel_size if stride is None else stride` */
function strideOrKernel(layer: LayerBuild): void {
  if (layer.value('stride') === null) layer.set('stride', layer.value('kernel_size'));
}

function base(name: string): LayerSpec {
  return { signature: `${name}()`, module: 'pooling' };
}

function maxPool(axes: number): LayerSpec {
  return {
    signature: `MaxPool${axes}d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)`,
    base: '_MaxPoolNd',
    module: 'pooling',
    build: strideOrKernel,
    forward: `max_pool${axes}d(input, self.kernel_size, self.stride, self.padding, self.dilation, ceil_mode=self.ceil_mode, return_indices=self.return_indices)`,
  };
}

function averagePool(axes: number): LayerSpec {
  const arguments_ = 'kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True';
  const call = 'input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad';
  if (axes === 1) {
    return {
      signature: `AvgPool1d(${arguments_})`,
      base: '_AvgPoolNd',
      module: 'pooling',
      build: (layer) => {
        strideOrKernel(layer);
        for (const name of ['kernel_size', 'stride', 'padding']) {
          layer.set(name, repeated(layer.runtime.getAttribute(layer.self, name), 1));
        }
      },
      forward: `avg_pool1d(${call})`,
    };
  }
  return {
    signature: `AvgPool${axes}d(${arguments_}, divisor_override=None)`,
    base: '_AvgPoolNd',
    module: 'pooling',
    build: strideOrKernel,
    forward: `avg_pool${axes}d(${call}, self.divisor_override)`,
  };
}

function powerPool(axes: number): LayerSpec {
  return {
    signature: `LPPool${axes}d(norm_type, kernel_size, stride=None, ceil_mode=False)`,
    base: '_LPPoolNd',
    module: 'pooling',
    forward: `lp_pool${axes}d(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)`,
  };
}

function adaptivePools(axes: number): readonly LayerSpec[] {
  return [
    {
      signature: `AdaptiveAvgPool${axes}d(output_size)`,
      base: '_AdaptiveAvgPoolNd',
      module: 'pooling',
      forward: `adaptive_avg_pool${axes}d(input, self.output_size)`,
    },
    {
      signature: `AdaptiveMaxPool${axes}d(output_size, return_indices=False)`,
      base: '_AdaptiveMaxPoolNd',
      module: 'pooling',
      forward: `adaptive_max_pool${axes}d(input, self.output_size, self.return_indices)`,
    },
  ];
}

function unpool(axes: number): LayerSpec {
  return {
    signature: `MaxUnpool${axes}d(kernel_size, stride=None, padding=0)`,
    base: '_MaxUnpoolNd',
    module: 'pooling',
    notStored: ['stride'],
    tuples: { kernel_size: axes, padding: axes },
    build: (layer) => {
      const stride = layer.value('stride');
      layer.set('stride', repeated(stride ?? layer.value('kernel_size'), axes));
    },
    inputs: 'input, indices, output_size=None',
    forward: `max_unpool${axes}d(input, indices, self.kernel_size, self.stride, self.padding, output_size)`,
  };
}

function fractionalPool(axes: number): LayerSpec {
  return {
    signature: `FractionalMaxPool${axes}d(kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None)`,
    module: 'pooling',
    tuples: { kernel_size: axes, output_size: axes, output_ratio: axes },
    build: (layer) => {
      const hasSize = layer.value('output_size') !== null;
      if (hasSize === (layer.value('output_ratio') !== null)) {
        layer.refuse(
          'ValueError',
          `FractionalMaxPool${axes}d requires specifying either an output size, or a pooling ratio`,
        );
      }
    },
    forward: `fractional_max_pool${axes}d(input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices)`,
  };
}

export const poolingLayers: readonly LayerSpec[] = [
  ...['_MaxPoolNd', '_MaxUnpoolNd', '_AvgPoolNd', '_LPPoolNd', '_AdaptiveAvgPoolNd', '_AdaptiveMaxPoolNd'].map((name) =>
    base(name),
  ),
  ...[1, 2, 3].map(maxPool),
  ...[1, 2, 3].map(averagePool),
  ...[1, 2, 3].map(powerPool),
  ...[1, 2, 3].flatMap(adaptivePools),
  ...[1, 2, 3].map(unpool),
  ...[2, 3].map(fractionalPool),
];

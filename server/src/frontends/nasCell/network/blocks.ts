/**
 * The operations of cells as layers. NAS-Bench-201 and DARTS put ReLU first (ReLU-Conv-BN), NAS-Bench-101 last.
 */
import { assertNever } from '../../../base/assert.ts';
import type { CellOperation } from '../nasCell.ts';
import { channelsOf, type ConvolutionOptions, type FeatureMap, type NetworkBuilder } from './networkBuilder.ts';

/** ReLU, convolution, batch norm. */
export function reluConvBn(net: NetworkBuilder, name: string, x: FeatureMap, options: ConvolutionOptions): FeatureMap {
  return net.module(name, 'ReLUConvBN', [x], () => {
    const active = net.relu('op.0', x);
    return net.batchNorm('op.2', net.convolution('op.1', active, options));
  });
}

/** Convolution, batch norm, ReLU. */
export function convBnRelu(net: NetworkBuilder, name: string, x: FeatureMap, options: ConvolutionOptions): FeatureMap {
  return net.module(name, 'ConvBnRelu', [x], () => {
    const convolved = net.convolution('conv', x, options);
    return net.relu('relu', net.batchNorm('bn', convolved));
  });
}

/** An operation that keeps channels, in the style of NAS-Bench-201 and DARTS; stride 2 halves height and width. */
export function cellOperation(
  net: NetworkBuilder,
  name: string,
  operation: CellOperation,
  x: FeatureMap,
  stride: 1 | 2,
): FeatureMap {
  const outChannels = channelsOf(x);
  switch (operation) {
    case 'none':
      return net.module(name, 'Zero', [x], () => net.zeros(stride === 1 ? x : net.subsample(x, stride)));
    case 'skip':
      return stride === 1 ? x : factorizedReduce(net, name, x, outChannels);
    case 'conv1x1':
      return reluConvBn(net, name, x, { outChannels, kernel: 1, stride });
    case 'conv3x3':
      return reluConvBn(net, name, x, { outChannels, kernel: 3, stride, padding: 1 });
    case 'avgPool3x3':
      return net.pool(name, 'average', x, { kernel: 3, stride, padding: 1 });
    case 'maxPool3x3':
      return net.pool(name, 'max', x, { kernel: 3, stride, padding: 1 });
    case 'sepConv3x3':
      return separable(net, name, x, 3, stride);
    case 'sepConv5x5':
      return separable(net, name, x, 5, stride);
    case 'sepConv7x7':
      return separable(net, name, x, 7, stride);
    case 'dilConv3x3':
      return dilated(net, name, x, 3, stride);
    case 'dilConv5x5':
      return dilated(net, name, x, 5, stride);
    case 'conv7x1And1x7':
      return crossed(net, name, x, stride);
    default:
      return assertNever(operation);
  }
}

/** Halves height and width by two 1x1 convolutions of half the channels, the second one shifted by a pixel. */
export function factorizedReduce(net: NetworkBuilder, name: string, x: FeatureMap, outChannels: number): FeatureMap {
  return net.module(name, 'FactorizedReduce', [x], () => {
    const active = net.relu('relu', x);
    const half = { outChannels: Math.floor(outChannels / 2), kernel: 1, stride: 2 };
    const first = net.convolution('conv_1', active, half);
    const second = net.convolution('conv_2', net.subsample(active, 1, 1), half);
    return net.batchNorm('bn', net.concat([first, second]));
  });
}

/** Depthwise and pointwise convolution, twice; the first one has the stride. */
function separable(net: NetworkBuilder, name: string, x: FeatureMap, kernel: number, stride: 1 | 2): FeatureMap {
  const outChannels = channelsOf(x);
  const padding = (kernel - 1) / 2;
  return net.module(name, 'SepConv', [x], () => {
    const half = (start: number, from: FeatureMap, by: 1 | 2): FeatureMap => {
      const active = net.relu(`op.${start}`, from);
      const depthwise = { outChannels, kernel, stride: by, padding, groups: outChannels };
      const deep = net.convolution(`op.${start + 1}`, active, depthwise);
      const pointed = net.convolution(`op.${start + 2}`, deep, { outChannels, kernel: 1 });
      return net.batchNorm(`op.${start + 3}`, pointed);
    };
    return half(4, half(0, x, stride), 1);
  });
}

/** Depthwise convolution with dilation 2, and a pointwise one. */
function dilated(net: NetworkBuilder, name: string, x: FeatureMap, kernel: number, stride: 1 | 2): FeatureMap {
  const outChannels = channelsOf(x);
  return net.module(name, 'DilConv', [x], () => {
    const active = net.relu('op.0', x);
    const depthwise = { outChannels, kernel, stride, padding: kernel - 1, dilation: 2, groups: outChannels };
    const deep = net.convolution('op.1', active, depthwise);
    return net.batchNorm('op.3', net.convolution('op.2', deep, { outChannels, kernel: 1 }));
  });
}

/** A 1x7 and a 7x1 convolution. */
function crossed(net: NetworkBuilder, name: string, x: FeatureMap, stride: 1 | 2): FeatureMap {
  const outChannels = channelsOf(x);
  return net.module(name, 'Conv7x1And1x7', [x], () => {
    const active = net.relu('op.0', x);
    const row = { outChannels, kernel: [1, 7], stride: [1, stride], padding: [0, 3] } as const;
    const column = { outChannels, kernel: [7, 1], stride: [stride, 1], padding: [3, 0] } as const;
    return net.batchNorm('op.3', net.convolution('op.2', net.convolution('op.1', active, row), column));
  });
}

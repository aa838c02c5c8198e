/**
 * Transformer, its encoder and decoder and their layers, on the path that PyTorch takes with gradients enabled.
 * TransformerEncoderLayer(512, 8) attends, adds and normalises, then runs linear1, activation and linear2.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyList, PyStaticMethod, type Value } from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { asDim } from '../torchNatives.ts';
import { makeTensor, worldOf } from '../torchWorld.ts';
import { callTorch } from './callText.ts';
import { copyModule } from './deepCopy.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

const LAYER_ARGUMENTS =
  "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None, dtype=None";
const LAYER_OWN = [
  'd_model',
  'nhead',
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'bias',
];

/** Feed-forward, norms and dropouts; `attentions` are the names of the attention layers. */
function buildLayer(layer: LayerBuild, attentions: readonly string[]): void {
  const child = (
    name: string,
    type: string,
    positional: readonly Value[],
    keywords: readonly [string, Value][],
  ): void => layer.set(name, makeLayer(layer, type, positional, keywords));
  const [width, hidden, dropout, bias] = ['d_model', 'dim_feedforward', 'dropout', 'bias'].map((name) =>
    layer.value(name),
  );
  const model = width ?? null;
  const withBias: readonly [string, Value][] = [['bias', bias ?? null]];
  for (const name of attentions) {
    child(
      name,
      'MultiheadAttention',
      [model, layer.value('nhead')],
      [['dropout', dropout ?? null], ['batch_first', layer.value('batch_first')], ...withBias],
    );
  }
  child('linear1', 'Linear', [model, hidden ?? null], [...withBias]);
  layer.set('dropout', callTorch(layer.runtime, 'torch.nn.Dropout', [dropout ?? null]));
  child('linear2', 'Linear', [hidden ?? null, model], [...withBias]);
  const count = attentions.length + 1;
  for (let index = 1; index <= count; index++) {
    child(`norm${index}`, 'LayerNorm', [model], [['eps', layer.value('layer_norm_eps')], ...withBias]);
  }
  for (let index = 1; index <= count; index++) {
    layer.set(`dropout${index}`, callTorch(layer.runtime, 'torch.nn.Dropout', [dropout ?? null]));
  }
  layer.set('activation', activationFunction(layer.runtime, layer.value('activation')));
}

function makeLayer(
  layer: LayerBuild,
  type: string,
  positional: readonly Value[],
  keywords: readonly [string, Value][],
): Value {
  return callTorch(
    layer.runtime,
    `torch.nn.${type}`,
    positional,
    new Map<string, Value>([...keywords, ...layer.factoryKeywords()]),
  );
}

function activationFunction(runtime: Runtime, activation: Value): Value {
  if (typeof activation !== 'string') return activation;
  if (activation !== 'relu' && activation !== 'gelu') {
    return runtime.raise('RuntimeError', `activation should be relu/gelu, not ${activation}`);
  }
  return runtime.getAttribute(runtime.importModule('torch.nn.functional'), activation);
}

/** How the fused path of PyTorch names the activation: 1 relu, 2 gelu, 0 another. */
function activationCode(activation: Value): number {
  if (activation === 'relu') return 1;
  return activation === 'gelu' ? 2 : 0;
}

/** `self.name(x)` */
function run(runtime: Runtime, self: Value, name: string, ...inputs: readonly Value[]): Value {
  return runtime.call(runtime.getAttribute(self, name), inputs);
}

/** Adds a block to its input, normalising before (`norm_first`) or after. */
function residual(runtime: Runtime, self: Value, x: Value, norm: string, block: (x: Value) => Value): Value {
  if (runtime.getAttribute(self, 'norm_first') === true) {
    return runtime.binary('+', x, block(run(runtime, self, norm, x)));
  }
  return run(runtime, self, norm, runtime.binary('+', x, block(x)));
}

/** Attention over `memory` (over x itself where it is undefined), without weights. */
function attend(
  runtime: Runtime,
  self: Value,
  names: { readonly attention: string; readonly dropout: string },
  x: Value,
  memory: Value | undefined,
  masks: { readonly mask: Value; readonly padding: Value; readonly isCausal: Value },
): Value {
  const source = memory ?? x;
  const result = runtime.call(
    runtime.getAttribute(self, names.attention),
    [x, source, source],
    new Map<string, Value>([
      ['attn_mask', masks.mask],
      ['key_padding_mask', masks.padding],
      ['need_weights', false],
      ['is_causal', masks.isCausal],
    ]),
  );
  return run(runtime, self, names.dropout, runtime.getItem(result, 0));
}

function feedForward(runtime: Runtime, self: Value, x: Value, dropout: string): Value {
  const hidden = runtime.call(runtime.getAttribute(self, 'activation'), [run(runtime, self, 'linear1', x)]);
  return run(runtime, self, dropout, run(runtime, self, 'linear2', run(runtime, self, 'dropout', hidden)));
}

const encoderLayerMembers = members('torch.nn.TransformerEncoderLayer', {
  'forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False)': (
    runtime,
    self,
    src,
    mask,
    padding,
    isCausal,
  ) => {
    const attended = residual(runtime, self, src, 'norm1', (x) =>
      runtime.callMethod(self, '_sa_block', [x, mask, padding], new Map([['is_causal', isCausal]])),
    );
    return residual(runtime, self, attended, 'norm2', (x) => runtime.callMethod(self, '_ff_block', [x]));
  },
  '_sa_block(self, x, attn_mask, key_padding_mask, is_causal=False)': (runtime, self, x, mask, padding, isCausal) =>
    attend(runtime, self, { attention: 'self_attn', dropout: 'dropout1' }, x, undefined, { mask, padding, isCausal }),
  '_ff_block(self, x)': (runtime, self, x) => feedForward(runtime, self, x, 'dropout2'),
});

const decoderLayerMembers = members('torch.nn.TransformerDecoderLayer', {
  'forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, tgt_is_causal=False, memory_is_causal=False)':
    (runtime, self, tgt, memory, mask, memoryMask, padding, memoryPadding, isCausal, memoryIsCausal) => {
      const attended = residual(runtime, self, tgt, 'norm1', (x) =>
        runtime.callMethod(self, '_sa_block', [x, mask, padding, isCausal]),
      );
      const crossed = residual(runtime, self, attended, 'norm2', (x) =>
        runtime.callMethod(self, '_mha_block', [x, memory, memoryMask, memoryPadding, memoryIsCausal]),
      );
      return residual(runtime, self, crossed, 'norm3', (x) => runtime.callMethod(self, '_ff_block', [x]));
    },
  '_sa_block(self, x, attn_mask, key_padding_mask, is_causal=False)': (runtime, self, x, mask, padding, isCausal) =>
    attend(runtime, self, { attention: 'self_attn', dropout: 'dropout1' }, x, undefined, { mask, padding, isCausal }),
  '_mha_block(self, x, mem, attn_mask, key_padding_mask, is_causal=False)': (
    runtime,
    self,
    x,
    memory,
    mask,
    padding,
    isCausal,
  ) =>
    attend(runtime, self, { attention: 'multihead_attn', dropout: 'dropout2' }, x, memory, { mask, padding, isCausal }),
  '_ff_block(self, x)': (runtime, self, x) => feedForward(runtime, self, x, 'dropout3'),
});

const encoderMembers = members('torch.nn.TransformerEncoder', {
  'forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None)': (
    runtime,
    self,
    src,
    mask,
    padding,
    isCausal,
  ) =>
    runStack(
      runtime,
      self,
      src,
      [],
      new Map<string, Value>([
        ['src_mask', mask],
        ['is_causal', isCausal ?? false],
        ['src_key_padding_mask', padding],
      ]),
    ),
});

const decoderMembers = members('torch.nn.TransformerDecoder', {
  'forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, tgt_is_causal=None, memory_is_causal=False)':
    (runtime, self, tgt, memory, mask, memoryMask, padding, memoryPadding, isCausal, memoryIsCausal) =>
      runStack(
        runtime,
        self,
        tgt,
        [memory],
        new Map<string, Value>([
          ['tgt_mask', mask],
          ['memory_mask', memoryMask],
          ['tgt_key_padding_mask', padding],
          ['memory_key_padding_mask', memoryPadding],
          ['tgt_is_causal', isCausal ?? false],
          ['memory_is_causal', memoryIsCausal],
        ]),
      ),
});

function runStack(
  runtime: Runtime,
  self: Value,
  x: Value,
  more: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  let output = x;
  for (const layer of runtime.iterate(runtime.getAttribute(self, 'layers'))) {
    output = runtime.call(layer, [output, ...more], keywords);
  }
  return runtime.getAttribute(self, 'norm') === null ? output : run(runtime, self, 'norm', output);
}

/** `layers`: so many copies of the given layer. */
function buildStack(layer: LayerBuild, given: string): void {
  const { runtime } = layer;
  const original = layer.value(given);
  const copies = Array.from({ length: Math.max(0, layer.int('num_layers')) }, () => {
    runtime.step(1);
    return copyModule(runtime, original);
  });
  layer.set('layers', callTorch(runtime, 'torch.nn.ModuleList', [new PyList(copies)]));
  layer.set('norm', layer.value('norm'));
}

function buildTransformer(layer: LayerBuild): void {
  const { runtime } = layer;
  const part = (kind: 'Encoder' | 'Decoder'): Value => {
    const custom = layer.value(`custom_${kind.toLowerCase()}`);
    if (custom !== null) return custom;
    const names = [
      'd_model',
      'nhead',
      'dim_feedforward',
      'dropout',
      'activation',
      'layer_norm_eps',
      'batch_first',
      'norm_first',
      'bias',
    ];
    const single = makeLayer(
      layer,
      `Transformer${kind}Layer`,
      names.map((name) => layer.value(name)),
      [],
    );
    const norm = makeLayer(
      layer,
      'LayerNorm',
      [layer.value('d_model')],
      [
        ['eps', layer.value('layer_norm_eps')],
        ['bias', layer.value('bias')],
      ],
    );
    return callTorch(runtime, `torch.nn.Transformer${kind}`, [
      single,
      layer.value(`num_${kind.toLowerCase()}_layers`),
      norm,
    ]);
  };
  layer.set('encoder', part('Encoder'));
  layer.set('decoder', part('Decoder'));
}

const transformerMembers = new Map<string, Value>([
  ...members('torch.nn.Transformer', {
    'forward(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None, memory_is_causal=False)':
      (
        runtime,
        self,
        src,
        tgt,
        srcMask,
        tgtMask,
        memoryMask,
        srcPad,
        tgtPad,
        memoryPad,
        srcCausal,
        tgtCausal,
        memoryCausal,
      ) => {
        const memory = runtime.call(
          runtime.getAttribute(self, 'encoder'),
          [src],
          new Map<string, Value>([
            ['mask', srcMask],
            ['src_key_padding_mask', srcPad],
            ['is_causal', srcCausal],
          ]),
        );
        return runtime.call(
          runtime.getAttribute(self, 'decoder'),
          [tgt, memory],
          new Map<string, Value>([
            ['tgt_mask', tgtMask],
            ['memory_mask', memoryMask],
            ['tgt_key_padding_mask', tgtPad],
            ['memory_key_padding_mask', memoryPad],
            ['tgt_is_causal', tgtCausal],
            ['memory_is_causal', memoryCausal],
          ]),
        );
      },
  }),
  [
    'generate_square_subsequent_mask',
    new PyStaticMethod(
      members('torch.nn.Transformer', {
        'generate_square_subsequent_mask(sz, device=None, dtype=None)': (runtime, size) => {
          const dim = asDim(runtime, size, 'sz');
          return makeTensor(runtime, tensorType(worldOf(runtime).defaultDType, [dim, dim]));
        },
      }).get('generate_square_subsequent_mask') ?? null,
    ),
  ],
]);

const TRANSFORMER_ARGUMENTS =
  "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation='relu', custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None, dtype=None";

export const transformerLayers: readonly LayerSpec[] = [
  {
    signature: `TransformerEncoderLayer(${LAYER_ARGUMENTS})`,
    module: 'transformer',
    notStored: LAYER_OWN,
    build: (layer) => {
      buildLayer(layer, ['self_attn']);
      layer.set('activation_relu_or_gelu', activationCode(layer.value('activation')));
    },
    methods: encoderLayerMembers,
  },
  {
    signature: `TransformerDecoderLayer(${LAYER_ARGUMENTS})`,
    module: 'transformer',
    notStored: LAYER_OWN,
    build: (layer) => buildLayer(layer, ['self_attn', 'multihead_attn']),
    methods: decoderLayerMembers,
  },
  {
    signature: 'TransformerEncoder(encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True)',
    module: 'transformer',
    notStored: ['encoder_layer', 'norm'],
    build: (layer) => {
      buildStack(layer, 'encoder_layer');
      layer.set('use_nested_tensor', false);
    },
    methods: encoderMembers,
  },
  {
    signature: 'TransformerDecoder(decoder_layer, num_layers, norm=None)',
    module: 'transformer',
    notStored: ['decoder_layer', 'norm'],
    build: (layer) => buildStack(layer, 'decoder_layer'),
    methods: decoderMembers,
  },
  {
    signature: `Transformer(${TRANSFORMER_ARGUMENTS})`,
    module: 'transformer',
    notStored: [
      'custom_encoder',
      'custom_decoder',
      'num_encoder_layers',
      'num_decoder_layers',
      'dim_feedforward',
      'dropout',
      'activation',
      'layer_norm_eps',
      'norm_first',
      'bias',
    ],
    build: buildTransformer,
    methods: transformerMembers,
  },
];

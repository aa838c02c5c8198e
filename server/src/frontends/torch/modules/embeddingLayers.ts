/**
 * Embedding(1000, 64) holds weight 1000x64; EmbeddingBag sums or averages rows.
 */
import { PyClassMethod, type Value } from '../../../evaluation/values.ts';
import { members } from '../../../evaluation/builtins/define.ts';
import type { Dim } from '../../../graph/dim.ts';
import { TensorValue } from '../tensorValue.ts';
import { dimValue } from '../torchWorld.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

function buildTable(layer: LayerBuild): void {
  const given = layer.value('_weight');
  const shape = given instanceof TensorValue ? given.type.shape : undefined;
  const table = shape ?? [layer.size('num_embeddings'), layer.dim('embedding_dim')];
  checkPaddingIndex(layer, table[0]);
  layer.parameter('weight', table);
}

function checkPaddingIndex(layer: LayerBuild, rows: Dim | undefined): void {
  const index = layer.value('padding_idx');
  if (typeof index !== 'number' || typeof rows !== 'number') return;
  if (index >= rows || index < -rows) layer.refuse('AssertionError', 'Padding_idx must be within num_embeddings');
}

/** `Embedding.from_pretrained(weight)`: a layer as large as the given table. */
const embeddingMembers = new Map<string, Value>(
  [
    ...members('torch.nn.Embedding', {
      'from_pretrained(cls, embeddings, freeze=True, padding_idx=None, **kwargs)': (runtime, cls, embeddings) => {
        const shape = embeddings instanceof TensorValue ? embeddings.type.shape : undefined;
        if (shape === undefined) return runtime.unknown('the table that the embedding is made from is unknown');
        return runtime.call(cls, shape.map(dimValue));
      },
    }),
  ].map(([name, member]) => [name, new PyClassMethod(member)]),
);

export const embeddingLayers: readonly LayerSpec[] = [
  {
    signature:
      'Embedding(num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None)',
    module: 'sparse',
    notStored: ['_weight', '_freeze'],
    build: buildTable,
    forward:
      'embedding(input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse)',
    methods: embeddingMembers,
  },
  {
    signature:
      "EmbeddingBag(num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None)",
    module: 'sparse',
    notStored: ['_weight'],
    build: buildTable,
    inputs: 'input, offsets=None, per_sample_weights=None',
    forward:
      'embedding_bag(input, self.weight, offsets, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode, self.sparse, per_sample_weights, self.include_last_offset, self.padding_idx)',
    methods: embeddingMembers,
  },
];

/**
 * Names of torch.Tensor (PyTorch 2.13, `dir(torch.Tensor)`) that are not modelled: `x.svd()` records an `unknown` node with
 * the reason, `x.output_nr` is unknown. They exist, so neither is an AttributeError.
 */
import { NativeFunction, PyProperty, type Value } from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { recordUnknown } from '../record.ts';
import { TensorValue } from '../tensorValue.ts';
import { storeInPlace } from './inPlace.ts';

/** Methods whose result has the shape and dtype of the tensor; with "_" at the end it is stored in the tensor. */
const SAME_TYPE = `apply_ diagonal_scatter i0_ igamma igamma_ igammac igammac_ index_reduce index_reduce_ map2_ map_
  matrix_exp mvlgamma_ polygamma_ renorm_ select_scatter slice_scatter as_strided_scatter coalesce resolve_neg _coalesced_
  _conj_physical _neg_view _lazy_clone cholesky_inverse`;

const METHODS = `__dlpack__ __dlpack_device__ __array_wrap__ __complex__ __rmatmul__ __reversed__ _addmm_activation
  _autocast_to_full_precision _autocast_to_reduced_precision _conj _dimI _dimV _indices _is_all_true _is_any_true _is_view
  _is_zerotensor _nnz _to_dense _to_sparse _typed_storage _values _view_func as_strided_ ccol_indices chalf cholesky
  cholesky_solve col_indices const_data_ptr crow_indices dense_dim dequantize dim_order eig frexp geqrf hash_tensor histogram
  i0 index indices int_repr ipu is_coalesced is_distributed is_neg is_same_size is_set_to isreal istft logdet lstsq lu
  lu_solve module_load mtia mvlgamma narrow_copy new_empty_strided nonzero_static orgqr ormqr pinverse polygamma
  q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qr qscheme record_stream reinforce
  resize resize_as resize_as_ resize_as_sparse_ row_indices slice_inverse slogdet smm solve sparse_dim sparse_mask
  sparse_resize_ sparse_resize_and_clear_ sspaddmm storage_type sum_to_size svd symeig to_mkldnn to_padded_tensor to_sparse
  to_sparse_bsc to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr triangular_solve unsafe_chunk unsafe_split
  unsafe_split_with_sizes values`;

const PROPERTIES = `_backward_hooks _base _cdata _grad _grad_fn _post_accumulate_grad_hooks grad_dtype output_nr`;

/** Properties that are the same for every tensor that we follow. */
const CONSTANTS: readonly (readonly [string, Value])[] = [
  ['is_ipu', false],
  ['is_maia', false],
  ['is_mtia', false],
  ['is_vulkan', false],
  ['name', null],
  ['volatile', false],
];

/** To be put into the class where it has nothing under the name. */
export function unmodelledMembers(): readonly (readonly [string, Value])[] {
  return [
    ...words(SAME_TYPE).map((name) => [name, method(name, true)] as const),
    ...words(METHODS).map((name) => [name, method(name, false)] as const),
    ...words(PROPERTIES).map((name) => [name, property(name, (runtime) => runtime.unknown(reasonOf(name)))] as const),
    ...CONSTANTS.map(([name, value]) => [name, property(name, () => value)] as const),
  ];
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

function reasonOf(name: string): string {
  return `torch.Tensor.${name} is not modelled`;
}

function property(name: string, get: NativeFunction['call']): PyProperty {
  return new PyProperty(new NativeFunction(name, get, `torch.Tensor.${name}`));
}

function method(name: string, keepsType: boolean): NativeFunction {
  const qualifiedName = `torch.Tensor.${name}`;
  const isInPlace = name.endsWith('_') && !name.endsWith('__');
  return new NativeFunction(
    name,
    (runtime, { positional, keywords }) => {
      const [self] = positional;
      const tensors = [...positional, ...keywords.values()].filter((value) => value instanceof TensorValue);
      const type = keepsType && self instanceof TensorValue ? self.type : tensorType('unknown', undefined);
      const [made] = recordUnknown(runtime, qualifiedName, reasonOf(name), tensors, [type]);
      if (made === undefined || !(self instanceof TensorValue)) return runtime.unknown(reasonOf(name));
      if (isInPlace) return storeInPlace(runtime, self, made);
      // Others may give a number, or several tensors.
      return keepsType ? made : runtime.unknown(reasonOf(name));
    },
    qualifiedName,
    `${name}(self, *args, **kwargs)`,
  );
}

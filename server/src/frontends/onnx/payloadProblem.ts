/**
 * Whether a stored tensor has as many elements as its dims say, told by the length of its bytes alone: nothing is read.
 * float32 2x3 with 20 bytes of raw data -> "has 20 bytes, but its dims 2x3 need 24". No data at all is left alone: files
 * whose weights were taken out, or that are written for their shapes, have none.
 */
import { bitsPerElement } from '../../graph/dtype.ts';
import { dtypeOfCode } from './dataTypes.ts';
import type { OnnxPayload, OnnxTensor } from './onnxModel.ts';

/** What is wrong, to follow the tensor's name; undefined where the lengths agree, or cannot tell. */
export function payloadProblem(tensor: OnnxTensor): string | undefined {
  const bits = bitsPerElement(dtypeOfCode(tensor.dataType));
  if (bits === undefined || tensor.segment !== undefined) return undefined;
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  const needed = Math.ceil((count * bits) / 8);
  const dims = tensor.dims.length === 0 ? 'of a scalar' : tensor.dims.slice(0, 16).join('x');
  if (tensor.isExternal) {
    const length = externalLength(tensor);
    if (length === undefined || length >= needed) return undefined;
    return `has ${length} bytes of external data, but its dims ${dims} need ${needed}`;
  }
  const payload = tensor.payloads.find(({ encoding }) => encoding === 'raw') ?? tensor.payloads[0];
  if (payload === undefined) return undefined;
  const length = payload.runs.reduce((sum, run) => sum + run.length, 0);
  if (payload.encoding === 'raw') {
    return length === needed ? undefined : `has ${length} bytes, but its dims ${dims} need ${needed}`;
  }
  const width = fixedWidth(payload);
  if (width === undefined) return undefined;
  const stored = length / width;
  return stored === storedCount(tensor, count)
    ? undefined
    : `has ${stored} elements, but its dims ${dims} need ${count}`;
}

/** Bytes of each element in a typed field, its tag included; undefined for varints and texts. */
function fixedWidth({ encoding, runs }: OnnxPayload): number | undefined {
  if (encoding !== 'float' && encoding !== 'double') return undefined;
  const width = encoding === 'float' ? 4 : 8;
  if (runs.every(({ isTagged }) => !isTagged)) return width;
  return runs.every(({ isTagged }) => isTagged) ? width + 1 : undefined;
}

/** Complex numbers are stored as pairs. */
function storedCount({ dataType }: OnnxTensor, count: number): number {
  return dtypeOfCode(dataType).startsWith('complex') ? 2 * count : count;
}

function externalLength({ external }: OnnxTensor): number | undefined {
  const entry = external.find(({ key }) => key === 'length');
  const length = entry === undefined ? NaN : Number(entry.value);
  return Number.isFinite(length) ? length : undefined;
}

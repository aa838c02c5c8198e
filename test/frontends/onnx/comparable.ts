/**
 * The walker's model in the oracle's form: without byte offsets, and payloads replaced by the elements read from them.
 */
import type { ByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import type { OnnxModel, OnnxPayload } from '../../../server/src/frontends/onnx/onnxModel.ts';
import { readPayload } from '../../../server/src/frontends/onnx/tensorData.ts';
import type { Plain } from './oracle.ts';

export function comparableModel(model: OnnxModel, source: ByteSource): Plain {
  return convert(model, source);
}

function convert(value: unknown, source: ByteSource): Plain {
  if (Array.isArray(value)) return value.map((item) => convert(item, source));
  if (typeof value !== 'object' || value === null) return value as Plain;
  const result: Record<string, Plain> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'byteOffset') continue;
    if (key === 'payloads') result['elements'] = elements(inner as readonly OnnxPayload[], source);
    else if (key === 'value' && isLong(inner)) result['value'] = longValue(inner.payload, source);
    else result[key] = convert(inner, source);
  }
  return result;
}

function isLong(value: unknown): value is { readonly payload: OnnxPayload } {
  return typeof value === 'object' && value !== null && 'payload' in value;
}

const LIST_KINDS: Partial<Record<OnnxPayload['encoding'], string>> = {
  float: 'floats',
  int64: 'ints',
  string: 'strings',
};

function longValue(payload: OnnxPayload, source: ByteSource): Plain {
  const { values } = readPayload(source, payload);
  if (payload.runs[0]?.isTagged === false && payload.encoding === 'string')
    return { kind: 'string', string: values[0] };
  const kind = LIST_KINDS[payload.encoding] ?? '';
  return { kind, [kind]: values };
}

function elements(payloads: readonly OnnxPayload[], source: ByteSource): Plain {
  return Object.fromEntries(
    payloads
      .map((payload) => [payload.encoding, readPayload(source, payload).values] as const)
      .filter(([, values]) => values.length > 0),
  );
}

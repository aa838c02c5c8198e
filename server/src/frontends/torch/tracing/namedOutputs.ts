/**
 * The tensors in what a model returns, with names: a tensor is "output", (a, b) is "output[0]" and "output[1]",
 * {"out": t} and a named tuple or dataclass with a field `out` give "out".
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyList, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { TensorValue } from '../tensorValue.ts';

export interface NamedOutput {
  readonly name: string;
  readonly tensor: TensorValue;
}

const MAX_DEPTH = 5;
const MAX_OUTPUTS = 1000;

export function namedOutputs(runtime: Runtime, result: Value): readonly NamedOutput[] {
  const outputs: NamedOutput[] = [];
  collect(runtime, result, '', 0, outputs);
  return outputs;
}

function collect(runtime: Runtime, value: Value, name: string, depth: number, outputs: NamedOutput[]): void {
  if (value instanceof TensorValue) outputs.push({ name: name === '' ? 'output' : name, tensor: value });
  else if (depth < MAX_DEPTH && outputs.length < MAX_OUTPUTS) {
    for (const [part, item] of partsOf(runtime, value)) {
      const prefix = name === '' && part.startsWith('[') ? 'output' : name;
      const separator = prefix === '' || part.startsWith('[') ? '' : '.';
      collect(runtime, item, `${prefix}${separator}${part}`, depth + 1, outputs);
    }
  }
}

/** "[0]" for positions, the field or key for what has names. */
function partsOf(runtime: Runtime, value: Value): readonly (readonly [string, Value])[] {
  if (value instanceof PyTuple) {
    const fields = value.namedClass === undefined ? [] : fieldNames(runtime, value);
    return value.items.map((item, index) => [fields[index] ?? `[${index}]`, item] as const);
  }
  if (value instanceof PyList) return value.items.map((item, index) => [`[${index}]`, item] as const);
  if (value instanceof PyDict) {
    return [...value.entries.values()].map(({ key, value: item }) => [runtime.str(key), item] as const);
  }
  // Dataclasses, and any object that only carries results.
  if (value instanceof PyInstance) return [...value.attributes].filter(([key]) => !key.startsWith('_'));
  return [];
}

function fieldNames(runtime: Runtime, value: PyTuple): readonly string[] {
  const fields = runtime.lookupAttribute(value, '_fields');
  if (fields === undefined || fields instanceof PyUnknown) return [];
  return fields instanceof PyTuple ? fields.items.filter((name) => typeof name === 'string') : [];
}

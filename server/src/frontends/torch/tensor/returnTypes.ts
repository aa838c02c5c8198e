/**
 * Named results such as torch.return_types.max: a tuple whose items are also attributes.
 * x.max(1) -> (values, indices); .values and [0] are the same tensor.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyClass, PyProperty, PyTuple, type Value } from '../../../evaluation/values.ts';

const classes = new WeakMap<PyClass, Map<string, PyClass>>();

/** A named tuple of torch.return_types; its class is made once for each set of builtins. */
export function returnTuple(
  runtime: Runtime,
  name: string,
  fields: readonly string[],
  items: readonly Value[],
): PyTuple {
  const tupleClass = runtime.builtinClass('tuple');
  let known = classes.get(tupleClass);
  if (known === undefined) {
    known = new Map();
    classes.set(tupleClass, known);
  }
  let cls = known.get(name);
  if (cls === undefined) {
    const attributes = fields.map((field, index): [string, Value] => [field, itemProperty(field, index)]);
    cls = new PyClass(name, [tupleClass], new Map(attributes), 'torch.return_types');
    known.set(name, cls);
  }
  return new PyTuple(items, cls);
}

function itemProperty(field: string, index: number): PyProperty {
  return new PyProperty(
    new NativeFunction(field, (_, { positional: [self] }) =>
      self instanceof PyTuple ? (self.items[index] ?? null) : null,
    ),
  );
}

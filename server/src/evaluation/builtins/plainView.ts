/**
 * The value as its builtin class sees it, sharing the content: an instance of a subclass of list -> a plain list of the
 * same items. Methods of builtin classes read through it, so that they never come back to an override in a subclass.
 * The view is for reading only.
 */
import { PyDict, PyList, PySet, PyTuple, type Value } from '../values.ts';
import { unbox } from './unbox.ts';

export function plainView(value: Value): Value {
  if (value instanceof PyList && value.class !== undefined) return new PyList(value.items);
  if (value instanceof PyTuple && value.namedClass !== undefined) return new PyTuple(value.items);
  if (value instanceof PyDict && value.class !== undefined) {
    const view = new PyDict();
    view.entries = value.entries;
    return view;
  }
  if (value instanceof PySet && value.class !== undefined) {
    const view = new PySet(value.isFrozen);
    view.entries = value.entries;
    return view;
  }
  return unbox(value);
}

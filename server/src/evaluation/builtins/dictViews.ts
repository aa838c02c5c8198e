/**
 * Live views of a dict: d.keys(), d.values(), d.items() follow later changes of d. Key and item views have set algebra.
 */
import { BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import {
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyProperty,
  PyTuple,
  PyUnknown,
  type DictEntry,
  type PyClass,
  type Value,
} from '../values.ts';
import { itemsOf } from './arguments.ts';
import { makeSet } from './containerCreation.ts';
import { define, members, mergeMembers } from './define.ts';
import { iteratorOver } from './operatorMembers.ts';

export const DICT_VIEWS = ['dict_keys', 'dict_values', 'dict_items'] as const;
export type DictViewName = (typeof DICT_VIEWS)[number];

class PyDictView extends PyInstance {
  constructor(
    cls: PyClass,
    readonly dict: PyDict,
    readonly view: DictViewName,
  ) {
    super(cls);
  }
}

export function makeDictView(runtime: Runtime, view: DictViewName, dict: PyDict): Value {
  return new PyDictView(runtime.builtinClass(view), dict, view);
}

export function dictViewMembers(owner: DictViewName): ReadonlyMap<string, Value> {
  const shared = members(owner, {
    '__len__(self, /)': (runtime, self) => viewOf(runtime, self).dict.entries.size,
    '__iter__(self, /)': (runtime, self) => new PyIterator(walk(runtime, viewOf(runtime, self))),
    '__reversed__(self, /)': (runtime, self) => iteratorOver(runtime, new PyList(itemsIn(runtime, self).reverse())),
    '__contains__(self, item, /)': (runtime, self, item) => runtime.compare('in', item, containerOf(runtime, self)),
    '__repr__(self, /)': (runtime, self) => `${owner}(${runtime.repr(new PyList(itemsIn(runtime, self)))})`,
  });
  if (owner === 'dict_values') return shared;
  const algebra = members(owner, {
    '__and__(self, other, /)': (runtime, self, other) => asSets(runtime, '&', self, other),
    '__or__(self, other, /)': (runtime, self, other) => asSets(runtime, '|', self, other),
    '__sub__(self, other, /)': (runtime, self, other) => asSets(runtime, '-', self, other),
    '__xor__(self, other, /)': (runtime, self, other) => asSets(runtime, '^', self, other),
    '__rand__(self, other, /)': (runtime, self, other) => asSets(runtime, '&', other, self),
    '__ror__(self, other, /)': (runtime, self, other) => asSets(runtime, '|', other, self),
    '__rsub__(self, other, /)': (runtime, self, other) => asSets(runtime, '-', other, self),
    '__eq__(self, other, /)': (runtime, self, other) => compareAsSets(runtime, '==', self, other),
    '__le__(self, other, /)': (runtime, self, other) => compareAsSets(runtime, '<=', self, other),
    '__lt__(self, other, /)': (runtime, self, other) => compareAsSets(runtime, '<', self, other),
    '__ge__(self, other, /)': (runtime, self, other) => compareAsSets(runtime, '>=', self, other),
    '__gt__(self, other, /)': (runtime, self, other) => compareAsSets(runtime, '>', self, other),
    'isdisjoint(self, other, /)': (runtime, self, other) => {
      const common = asSets(runtime, '&', self, other);
      return common instanceof PyUnknown ? common : runtime.length(common) === 0;
    },
  });
  const mapping = define('mapping(self)', (runtime, self) => viewOf(runtime, self).dict, owner);
  return mergeMembers(
    shared,
    algebra,
    new Map<string, Value>([
      ['mapping', new PyProperty(mapping)],
      ['__hash__', null],
    ]),
  );
}

function viewOf(runtime: Runtime, self: Value): PyDictView {
  return self instanceof PyDictView ? self : runtime.raise('TypeError', 'descriptor requires a view of a dict');
}

/** Dict of the keys for quick look-up, else the list of items. */
function containerOf(runtime: Runtime, self: Value): Value {
  const { view, dict } = viewOf(runtime, self);
  if (view !== 'dict_keys') return new PyList(itemsIn(runtime, self));
  const plain = new PyDict();
  plain.entries = dict.entries;
  return plain;
}

function itemsIn(runtime: Runtime, self: Value): Value[] {
  const { dict, view } = viewOf(runtime, self);
  runtime.budget.allocate(BYTES.item * dict.entries.size);
  runtime.step(dict.entries.size >> 3);
  return Array.from(dict.entries.values(), (entry) => itemOf(view, entry));
}

function itemOf(view: DictViewName, { key, value }: DictEntry): Value {
  if (view === 'dict_keys') return key;
  return view === 'dict_values' ? value : new PyTuple([key, value]);
}

function* walk(runtime: Runtime, { dict, view }: PyDictView): Generator<Value, Value> {
  const { size } = dict.entries;
  for (const entry of dict.entries.values()) {
    if (dict.entries.size !== size) runtime.raise('RuntimeError', 'dictionary changed size during iteration');
    yield itemOf(view, entry);
  }
  if (dict.entries.size !== size) runtime.raise('RuntimeError', 'dictionary changed size during iteration');
  return null;
}

function asSets(runtime: Runtime, operator: '&' | '|' | '-' | '^', left: Value, right: Value): Value {
  const [a, b] = [toSet(runtime, left), toSet(runtime, right)];
  if (a instanceof PyUnknown) return a;
  return b instanceof PyUnknown ? b : runtime.binary(operator, a, b);
}

function compareAsSets(runtime: Runtime, operator: '==' | '<=' | '<' | '>=' | '>', left: Value, right: Value): Value {
  const [a, b] = [toSet(runtime, left), toSet(runtime, right)];
  if (a instanceof PyUnknown) return a;
  return b instanceof PyUnknown ? b : runtime.compare(operator, a, b);
}

function toSet(runtime: Runtime, value: Value): Value {
  const items = itemsOf(runtime, value);
  return items instanceof PyUnknown ? items : makeSet(runtime, items, false);
}

/**
 * torch.Size: a tuple of dims that stays a Size when sliced or joined. torch.Size([2, 3]).numel() is 6.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NOT_IMPLEMENTED, PyTuple, type PyClass, type Value } from '../../../evaluation/values.ts';
import { elementCount } from '../../../graph/tensorType.ts';
import { asDims } from '../torchNatives.ts';
import { dimValue, sizeValue, worldOf } from '../torchWorld.ts';

/** `torch.Size`, made ready on first use. */
export function sizeClass(runtime: Runtime): PyClass {
  const { sizeClass: cls } = worldOf(runtime);
  if (cls.allocate === undefined) {
    cls.allocate = (inner, _, { positional: [sizes] }) =>
      sizeValue(inner, sizes === undefined ? [] : asDims(inner, sizes, 'size'));
    for (const [name, member] of sizeMembers) cls.attributes.set(name, member);
  }
  return cls;
}

const sizeMembers = members('torch.Size', {
  '__init__(self, *args)': () => null,
  'numel(self)': (runtime, self) => dimValue(elementCount(asDims(runtime, self, 'self'))),
  '__getitem__(self, key)': (runtime, self, key) => {
    const item = runtime.getItem(plain(self), key);
    return item instanceof PyTuple ? new PyTuple(item.items, worldOf(runtime).sizeClass) : item;
  },
  '__add__(self, other)': (runtime, self, other) => joined(runtime, self, other),
  '__radd__(self, other)': (runtime, self, other) => joined(runtime, other, self),
  '__mul__(self, count)': (runtime, self, count) => {
    const repeated = runtime.binary('*', plain(self), count);
    return repeated instanceof PyTuple ? new PyTuple(repeated.items, worldOf(runtime).sizeClass) : repeated;
  },
  '__repr__(self)': (runtime, self) =>
    `torch.Size([${itemsOf(self)
      .map((item) => runtime.repr(item))
      .join(', ')}])`,
});

function itemsOf(value: Value): readonly Value[] {
  return value instanceof PyTuple ? value.items : [];
}

function plain(value: Value): PyTuple {
  return new PyTuple(itemsOf(value));
}

function joined(runtime: Runtime, left: Value, right: Value): Value {
  if (!(left instanceof PyTuple) || !(right instanceof PyTuple)) return NOT_IMPLEMENTED;
  return new PyTuple([...left.items, ...right.items], worldOf(runtime).sizeClass);
}

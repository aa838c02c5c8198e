/**
 * The class torch.device. str(torch.device('cuda', 1)) is "cuda:1"; devices compare by type and index.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyProperty, type PyClass, type Value } from '../../../evaluation/values.ts';
import { worldOf } from '../torchWorld.ts';
import { deviceFrom, DeviceValue } from './deviceValue.ts';

/** `torch.device`, made ready on first use. */
export function deviceClass(runtime: Runtime): PyClass {
  const { deviceClass: cls } = worldOf(runtime);
  if (cls.allocate === undefined) {
    cls.allocate = (inner, _, { positional, keywords }) =>
      deviceFrom(
        inner,
        positional[0] ?? keywords.get('type') ?? keywords.get('device') ?? null,
        positional[1] ?? keywords.get('index') ?? null,
      );
    for (const [name, member] of deviceMembers) cls.attributes.set(name, member);
    cls.attributes.set(
      'type',
      property('type', (device) => device.type),
    );
    cls.attributes.set(
      'index',
      property('index', (device) => device.index ?? null),
    );
  }
  return cls;
}

const deviceMembers = members('torch.device', {
  '__init__(self, *args, **kwargs)': () => null,
  '__str__(self)': (_, self) => textOf(self),
  '__repr__(self)': (_, self) => {
    const [type, index] = textOf(self).split(':');
    return `device(type='${type ?? ''}'${index === undefined ? '' : `, index=${index}`})`;
  },
  '__eq__(self, other)': (_, self, other) => other instanceof DeviceValue && textOf(self) === textOf(other),
  '__ne__(self, other)': (_, self, other) => !(other instanceof DeviceValue && textOf(self) === textOf(other)),
  '__hash__(self)': (_, self) => hashOf(textOf(self)),
  '__enter__(self)': (_, self) => self,
  '__exit__(self, *args)': () => null,
});

function hashOf(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at++) hash = (hash * 31 + text.charCodeAt(at)) % 2 ** 31;
  return hash;
}

function textOf(value: Value): string {
  return value instanceof DeviceValue ? value.text : '';
}

function property(name: string, read: (device: DeviceValue) => Value): PyProperty {
  return new PyProperty(
    new NativeFunction(name, (_, { positional: [self] }) => (self instanceof DeviceValue ? read(self) : null)),
  );
}

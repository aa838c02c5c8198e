/**
 * torch.device('cuda:0'): a type and an index. Where a tensor lives changes no shape; it is only passed on.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyInstance, type Value } from '../../../evaluation/values.ts';
import { worldOf } from '../torchWorld.ts';

export class DeviceValue extends PyInstance {
  constructor(
    class_: PyInstance['class_'],
    /** "cpu", "cuda" */
    readonly type: string,
    readonly index: number | undefined,
  ) {
    super(class_);
  }

  get text(): string {
    return this.index === undefined ? this.type : `${this.type}:${this.index}`;
  }
}

export function makeDevice(runtime: Runtime, type: string, index?: number): DeviceValue {
  return new DeviceValue(worldOf(runtime).deviceClass, type, index);
}

/** "cuda:1", ("cuda", 1), 1, or a device. */
export function deviceFrom(runtime: Runtime, value: Value, index: Value = null): DeviceValue {
  if (value instanceof DeviceValue) return value;
  if (typeof value === 'number') return makeDevice(runtime, 'cuda', value);
  if (typeof value !== 'string') return makeDevice(runtime, 'cpu');
  const [type = 'cpu', number] = value.split(':');
  if (typeof index === 'number') return makeDevice(runtime, type, index);
  return makeDevice(runtime, type, number === undefined ? undefined : Number(number));
}

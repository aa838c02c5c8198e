/**
 * Whether a value's class has a method that Python code defines: those come before what a builtin class does.
 * class Px(float): def __round__(self): ...  ->  round(Px(1.5)) calls it.
 */
import type { Runtime } from '../runtime.ts';
import { PyFunction, type Value } from '../values.ts';

export function hasOwnMethod(runtime: Runtime, value: Value, name: string): boolean {
  if (value === null || typeof value !== 'object' || value.kind === 'unknown') return false;
  return runtime.lookupInClass(runtime.typeOf(value), name) instanceof PyFunction;
}

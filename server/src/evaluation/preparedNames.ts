/**
 * The names of a class body where `__prepare__` gave a dict with methods of its own: every name goes through them.
 * With a `__missing__` that counts, `class Color(metaclass=M): red; green` makes red 0 and green 1.
 */
import { customMethod } from './binaryOperators.ts';
import { keyOf } from './containers.ts';
import { isRaised } from './exceptions.ts';
import type { Executor } from './executor.ts';
import { deleteItem, getItem, setItem } from './subscripts.ts';
import type { PyDict, Value } from './values.ts';

/** Whether reading or writing a dict runs code of its class. */
export function hasCustomItems(executor: Executor, dict: PyDict): boolean {
  return ITEM_METHODS.some((name) => customMethod(executor, dict, name) !== undefined);
}

const ITEM_METHODS = ['__getitem__', '__setitem__', '__delitem__', '__missing__'];

export class PreparedNames extends Map<string, Value> {
  readonly #executor: Executor;
  readonly #dict: PyDict;

  constructor(executor: Executor, dict: PyDict) {
    super();
    this.#executor = executor;
    this.#dict = dict;
  }

  override get(name: string): Value | undefined {
    try {
      return getItem(this.#executor, this.#dict, name);
    } catch (error) {
      if (isRaised(this.#executor, error, 'KeyError')) return undefined;
      throw error;
    }
  }

  override has(name: string): boolean {
    return this.#dict.entries.has(keyOf(name));
  }

  override set(name: string, value: Value): this {
    setItem(this.#executor, this.#dict, name, value);
    return this;
  }

  override delete(name: string): boolean {
    const isBound = this.has(name);
    if (isBound) deleteItem(this.#executor, this.#dict, name);
    return isBound;
  }

  override get size(): number {
    return this.#dict.entries.size;
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const { key, value } of this.#dict.entries.values()) if (typeof key === 'string') yield [key, value];
  }

  override *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  override forEach(callback: (value: Value, key: string, map: Map<string, Value>) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}

/**
 * Python's method resolution order (C3): the ancestors of a class with given bases, nearest first.
 * class D(B, C) with B(A) and C(A) -> B, C, A, object.
 */
import { BoundExceeded } from './bounds.ts';
import type { Executor } from './executor.ts';
import type { PyClass } from './values.ts';

/**
 * The ancestors without the class itself; raises TypeError for bases whose orders contradict each other. Undefined where
 * classes that we model contradict each other: their order may not be that of the real ones.
 */
export function linearized(executor: Executor, parents: readonly PyClass[]): readonly PyClass[] | undefined {
  const [only] = parents;
  const total = parents.reduce((sum, parent) => sum + parent.mro.length, 0);
  if (total > MAX_ANCESTORS) {
    throw new BoundExceeded('classDepth', `Stopped before making a class with ${total} bases.`);
  }
  executor.step((total * parents.length) >> 3);
  if (only !== undefined && parents.length === 1) return only.mro;
  const lists = [...parents.map((parent) => [...parent.mro]), [...parents]];
  const result: PyClass[] = [];
  for (;;) {
    const heads = lists.flatMap((list) => list.slice(0, 1));
    if (heads.length === 0) return result;
    const next = heads.find((head) => !lists.some((list) => list.indexOf(head) > 0));
    if (next === undefined) {
      if (heads.some((head) => head.origin === undefined && !head.isCore)) return undefined;
      const names = [...new Set(heads)].map((head) => head.name).join(', ');
      return executor.raise(
        'TypeError',
        `Cannot create a consistent method resolution\norder (MRO) for bases ${names}`,
      );
    }
    result.push(next);
    for (const list of lists) if (list[0] === next) list.shift();
  }
}

/** A class with more bases, near and far, is not made: every look-up of a name walks over them. */
const MAX_ANCESTORS = 1000;

/** `Class.__bases__ = bases`: new ancestors for the class and for all below it. */
export function setBases(executor: Executor, cls: PyClass, bases: readonly PyClass[]): void {
  for (const old of cls.bases) executor.removeSubclass(old, cls);
  executor.mutating(cls);
  cls.bases = bases;
  for (const base of bases) executor.addSubclass(base, cls);
  orderAgain(executor, cls);
}

function orderAgain(executor: Executor, cls: PyClass): void {
  const ancestors = linearized(executor, cls.bases);
  if (ancestors === undefined) return;
  executor.mutating(cls);
  cls.mro = [cls, ...ancestors];
  for (const subclass of executor.subclassesOf(cls)) orderAgain(executor, subclass);
}

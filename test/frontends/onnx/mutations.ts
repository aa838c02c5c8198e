/**
 * Broken files from sound ones, by a seeded random: cut, flipped, overwritten, longer, shorter, pieces repeated.
 */
type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const pick = (random: () => number, length: number): number => Math.floor(random() * length);
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const mutations: readonly Mutation[] = [
  function truncate(bytes, random) {
    return bytes.subarray(0, pick(random, bytes.length));
  },
  function flip(bytes, random) {
    const changed = bytes.slice();
    for (let i = 0; i <= pick(random, 8); i++) {
      const at = pick(random, bytes.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << pick(random, 8));
    }
    return changed;
  },
  function overwrite(bytes, random) {
    const changed = bytes.slice();
    const at = pick(random, bytes.length);
    changed.fill(pick(random, 2) === 0 ? 0xff : pick(random, 256), at, at + 1 + pick(random, 12));
    return changed;
  },
  function insert(bytes, random) {
    const at = pick(random, bytes.length);
    const added = Uint8Array.from({ length: 1 + pick(random, 16) }, () => pick(random, 256));
    return join(bytes.subarray(0, at), added, bytes.subarray(at));
  },
  function remove(bytes, random) {
    const at = pick(random, bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(random, 16)));
  },
  function splice(bytes, random) {
    const from = pick(random, bytes.length);
    const piece = bytes.slice(from, from + pick(random, 400));
    const at = pick(random, bytes.length);
    return join(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
];

/** The run-th mutation, of a model that the random picks. */
export function mutant(models: readonly Uint8Array[], run: number, random: () => number): Uint8Array {
  const mutate = mutations[run % mutations.length];
  const bytes = models[pick(random, models.length)];
  if (mutate === undefined || bytes === undefined) throw new Error('there are no models to mutate');
  return mutate(bytes, random);
}

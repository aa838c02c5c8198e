/**
 * Work of several owners, handed out fairly: next is that of the owner who had the least time of late, counted in whole
 * shares, and among equals of the one who asked last; the work of one owner keeps its order.
 */

/** Who had less than this had nothing: a small document is not to wait for a hundred new ones. */
const SHARE_MS = 200;
/** So much of the time that passes is forgotten. */
const LEAK = 0.5;
/** Owners whose past is known. */
const MOST_PASTS = 2000;

export class FairQueue<T> {
  readonly #items = new Map<string, T[]>();
  /** As it was at a time. */
  readonly #spent = new Map<string, { readonly ms: number; readonly at: number }>();
  readonly #askedAt = new Map<string, number>();
  #asks = 0;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  add(owner: string, item: T): void {
    this.#askedAt.set(owner, ++this.#asks);
    const items = this.#items.get(owner);
    if (items === undefined) this.#items.set(owner, [item]);
    else items.push(item);
  }

  next(): { readonly owner: string; readonly item: T } | undefined {
    const owner = this.#first();
    const items = owner === undefined ? undefined : this.#items.get(owner);
    if (owner === undefined || items === undefined) return undefined;
    const [item] = items.splice(0, 1);
    if (items.length === 0) this.#items.delete(owner);
    return item === undefined ? undefined : { owner, item };
  }

  /** The owner had so much time. */
  charge(owner: string, spentMs: number): void {
    if (this.#spent.size >= MOST_PASTS) this.#spent.clear();
    this.#spent.set(owner, { ms: this.#spentOf(owner) + spentMs, at: this.#now() });
    if (this.isEmpty) this.#askedAt.clear();
  }

  /** Takes out what `drops` says of an owner's work. */
  remove(owner: string, drops: (item: T) => boolean = (): boolean => true): readonly T[] {
    const items = this.#items.get(owner) ?? [];
    const kept = items.filter((item) => !drops(item));
    if (kept.length === 0) this.#items.delete(owner);
    else this.#items.set(owner, kept);
    return items.filter(drops);
  }

  /** Those who have work. */
  owners(): IterableIterator<string> {
    return this.#items.keys();
  }

  hasOthers(owner: string): boolean {
    return this.#items.size > (this.#items.has(owner) ? 1 : 0);
  }

  #first(): string | undefined {
    let first: string | undefined;
    for (const owner of this.#items.keys()) if (first === undefined || this.#isBefore(owner, first)) first = owner;
    return first;
  }

  #shares(owner: string): number {
    return Math.floor(this.#spentOf(owner) / SHARE_MS);
  }

  #spentOf(owner: string): number {
    const spent = this.#spent.get(owner);
    return spent === undefined ? 0 : Math.max(0, spent.ms - LEAK * (this.#now() - spent.at));
  }

  #isBefore(owner: string, other: string): boolean {
    const difference = this.#shares(owner) - this.#shares(other);
    return difference === 0 ? (this.#askedAt.get(owner) ?? 0) > (this.#askedAt.get(other) ?? 0) : difference < 0;
  }
}

/**
 * Objects by id, in the order of creation, which remembers what may have changed since it was last
 * asked, and finds the objects of one owner without looking at all.
 */
export class Table<V> extends Map<string, V> {
  readonly #ownerOf: (value: V) => string | null | undefined;
  readonly #owned = new Map<string, Set<string>>();
  /** Undefined until somebody asks for it. */
  #touched: Set<string> | undefined;
  /** All ids, oldest first; undefined where it has to be made anew. */
  #order: string[] | undefined;

  /** @param ownerOf who an object belongs to, which never changes */
  constructor(ownerOf: (value: V) => string | null | undefined = () => undefined) {
    super();
    this.#ownerOf = ownerOf;
  }

  override set(id: string, value: V): this {
    const owner = this.#ownerOf(value);
    if (owner !== undefined && owner !== null) {
      const ids = this.#owned.get(owner) ?? new Set();
      this.#owned.set(owner, ids.add(id));
    }
    this.#touched?.add(id);
    if (!this.has(id)) {
      this.#order?.push(id);
    }
    return super.set(id, value);
  }

  override delete(id: string): boolean {
    const value = this.get(id);
    if (value !== undefined) {
      this.#disown(this.#ownerOf(value) ?? "", id);
    }
    this.#touched?.add(id);
    this.#order = undefined;
    return super.delete(id);
  }

  override clear(): void {
    for (const id of this.keys()) {
      this.#touched?.add(id);
    }
    this.#owned.clear();
    this.#order = undefined;
    super.clear();
  }

  /** The objects of an owner, oldest first. */
  of(owner: string): V[] {
    return [...(this.#owned.get(owner) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  /** All objects, the one that was created last first; they are looked up one by one. */
  *newestFirst(): Generator<V> {
    this.#order ??= [...this.keys()];
    const order = this.#order;
    for (let index = order.length - 1; index >= 0; index--) {
      const value = this.get(order[index] ?? "");
      if (value !== undefined) {
        yield value;
      }
    }
  }

  /** Notes that the object with this id may have changed. */
  touch(id: string): void {
    if (this.has(id)) {
      this.#touched?.add(id);
    }
  }

  /** The ids of all that was set, deleted or touched since the last call; all at the first. */
  takeTouched(): string[] {
    const ids = [...(this.#touched ?? this.keys())];
    this.#touched = new Set();
    return ids;
  }

  #disown(owner: string, id: string): void {
    const ids = this.#owned.get(owner);
    ids?.delete(id);
    if (ids?.size === 0) {
      this.#owned.delete(owner);
    }
  }
}

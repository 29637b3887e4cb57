/**
 * Objects by id, in the order of creation, which remembers what may have changed since it was last
 * asked, and finds the objects of one owner without looking at all.
 */
export class Table<V> extends Map<string, V> {
  readonly #ownerOf: (value: V) => string | null | undefined;
  readonly #owned = new Map<string, Set<string>>();
  readonly #touched = new Set<string>();

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
    this.#touched.add(id);
    return super.set(id, value);
  }

  override delete(id: string): boolean {
    const value = this.get(id);
    if (value !== undefined) {
      this.#owned.get(this.#ownerOf(value) ?? "")?.delete(id);
    }
    this.#touched.add(id);
    return super.delete(id);
  }

  override clear(): void {
    for (const id of this.keys()) {
      this.#touched.add(id);
    }
    this.#owned.clear();
    super.clear();
  }

  /** The objects of an owner, oldest first. */
  of(owner: string): V[] {
    return [...(this.#owned.get(owner) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  /** Notes that the object with this id may have changed. */
  touch(id: string): void {
    if (this.has(id)) {
      this.#touched.add(id);
    }
  }

  /** The ids of all that was set, deleted or touched since the last call. */
  takeTouched(): string[] {
    const ids = [...this.#touched];
    this.#touched.clear();
    return ids;
  }
}

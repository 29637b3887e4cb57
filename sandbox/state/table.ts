/** The id of whom an object belongs to, if anybody. */
type Owner = string | null | undefined;

/**
 * Objects by id, in the order of creation, which remembers what may have changed since it was last
 * asked, and finds the objects of one owner without looking at all.
 */
export class Table<V> extends Map<string, V> {
  readonly #ownersOf: (value: V) => readonly Owner[];
  readonly #owned = new Map<string, Set<string>>();
  /** Undefined until somebody asks for it. */
  #touched: Set<string> | undefined;
  /** All ids, oldest first, and the place of each; undefined where it has to be made anew. */
  #order: { ids: string[]; places: Map<string, number> } | undefined;

  /** @param ownersOf whom an object belongs to, which never changes */
  constructor(ownersOf: (value: V) => readonly Owner[] = () => []) {
    super();
    this.#ownersOf = ownersOf;
  }

  override set(id: string, value: V): this {
    for (const owner of this.#ownersOf(value)) {
      if (owner !== undefined && owner !== null) {
        const ids = this.#owned.get(owner) ?? new Set();
        this.#owned.set(owner, ids.add(id));
      }
    }
    this.#touched?.add(id);
    if (this.#order !== undefined && !this.has(id)) {
      this.#order.places.set(id, this.#order.ids.push(id) - 1);
    }
    return super.set(id, value);
  }

  override delete(id: string): boolean {
    const value = this.get(id);
    for (const owner of value === undefined ? [] : this.#ownersOf(value)) {
      this.#disown(owner ?? "", id);
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

  /**
   * All objects, the one that was created last first; they are looked up one by one.
   * @param from the id of the one to begin with; nothing comes where there is none
   */
  *newestFirst(from?: string): Generator<V> {
    this.#order ??= {
      ids: [...this.keys()],
      places: new Map([...this.keys()].map((id, place) => [id, place])),
    };
    const { ids, places } = this.#order;
    for (let place = from === undefined ? ids.length - 1 : (places.get(from) ?? -1); place >= 0; ) {
      const value = this.get(ids[place] ?? "");
      place -= 1;
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

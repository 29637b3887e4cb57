/** The latest values by their keys; those that were set longest ago are forgotten. */
export class Recent<Key, Value> {
  readonly #most: number;
  readonly #values = new Map<Key, Value>();

  /** @param most how many are remembered */
  constructor(most: number) {
    this.#most = most;
  }

  /** Returns a value, unless it was never set or is forgotten. */
  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  /** Remembers a value as the latest; forgets the oldest where there are too many. */
  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) {
      const [oldest] = this.#values.keys();
      this.#values.delete(oldest as Key);
    }
  }

  /** Forgets a value. */
  delete(key: Key): void {
    this.#values.delete(key);
  }
}

/** A binary heap: what `isBefore` puts first comes first. */
export class Heap<T> {
  readonly #values: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  /** The first value, which stays. */
  first(): T | undefined {
    return this.#values[0];
  }

  push(value: T): void {
    const values = this.#values;
    let at = values.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = values[parent] as T;
      if (!this.#isBefore(value, above)) {
        break;
      }
      values[at] = above;
      at = parent;
    }
    values[at] = value;
  }

  /** Takes the first value out. */
  pop(): T | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    if (values.length > 0) {
      this.#sink(last as T);
    }
    return first;
  }

  /** Puts a value where the first one was, and lets it sink to its place. */
  #sink(value: T): void {
    const values = this.#values;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= values.length) {
        break;
      }
      if (child + 1 < values.length && this.#isBefore(values[child + 1] as T, values[child] as T)) {
        child += 1;
      }
      if (!this.#isBefore(values[child] as T, value)) {
        break;
      }
      values[at] = values[child] as T;
      at = child;
    }
    values[at] = value;
  }
}

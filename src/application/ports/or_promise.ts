/** A value where it is there already, else the promise of it. `await` takes both. */
export type OrPromise<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there already. */
export function andThen<T, U>(value: OrPromise<T>, next: (value: T) => OrPromise<U>): OrPromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

import { AsyncLocalStorage } from "node:async_hooks";

/** A value that holds for some work and for everything that it awaits. */
export interface AsyncScope<Value> {
  /** Does some work with a value; inside of it that is the current one. */
  run<T>(value: Value, work: () => T): T;

  /** The value of the work that is running. */
  current(): Value;
}

/** A scope in which `outside` is current where no work was begun with another value. */
export function createAsyncScope<Value>(outside: Value): AsyncScope<Value> {
  const values = new AsyncLocalStorage<{ readonly value: Value }>();
  return {
    run: (value, work) => values.run({ value }, work),
    current: () => (values.getStore() ?? { value: outside }).value,
  };
}

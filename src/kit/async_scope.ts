import { AsyncLocalStorage } from "node:async_hooks";

/** A value that holds for some work and for everything that it awaits. */
export interface AsyncScope<Value> {
  /** Runs work during which the value is current. */
  run<T>(value: Value, work: () => T): T;

  /** The current value. */
  current(): Value;
}

/** Makes a scope whose value is `outside` when no work set another one. */
export function createAsyncScope<Value>(outside: Value): AsyncScope<Value> {
  const values = new AsyncLocalStorage<{ readonly value: Value }>();
  return {
    run: (value, work) => values.run({ value }, work),
    current: () => (values.getStore() ?? { value: outside }).value,
  };
}

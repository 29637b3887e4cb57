/** Something that can be closed. */
interface Closable {
  close(): unknown;
}

/**
 * A part that is opened anew before each test and closed after it. What is answered stands for the
 * part of the running test; it can be used once that test's `beforeEach` hooks have begun.
 */
export function useFresh<T extends Closable>(open: () => T | Promise<T>): T {
  const part = heldPart<T>();
  beforeEach(async () => part.set(await open()));
  afterEach(() => part.close());
  return part.proxy;
}

/** Like `useFresh`, for a part that all tests of a suite share. */
export function useShared<T extends Closable>(open: () => T | Promise<T>): T {
  const part = heldPart<T>();
  before(async () => part.set(await open()));
  after(() => part.close());
  return part.proxy;
}

/** Opens a part whenever a test asks for one; all of them are closed after it. */
export function useMany<A extends unknown[], T extends Closable>(
  open: (...parameters: A) => Promise<T>,
): (...parameters: A) => Promise<T> {
  const opened: T[] = [];
  afterEach(async () => {
    for (const part of opened.splice(0)) {
      await part.close();
    }
  });
  return async (...parameters) => {
    const part = await open(...parameters);
    opened.push(part);
    return part;
  };
}

function heldPart<T extends Closable>() {
  let held: T | undefined;
  const current = (): T => {
    if (held === undefined) {
      throw new Error("Cannot use a part before its tests begin");
    }
    return held;
  };
  const proxy = new Proxy({} as T, {
    get(_, name) {
      const value: unknown = Reflect.get(current(), name, current());
      return typeof value === "function" ? value.bind(current()) : value;
    },
    set: (_, name, value) => Reflect.set(current(), name, value, current()),
    has: (_, name) => Reflect.has(current(), name),
    ownKeys: () => Reflect.ownKeys(current()),
    getOwnPropertyDescriptor: (_, name) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(current(), name);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
  return {
    proxy,
    set(part: T): void {
      held = part;
    },
    async close(): Promise<void> {
      const part = held;
      held = undefined;
      await part?.close();
    },
  };
}

/** A call that somebody looks at. */
export interface Call {
  /** The part of the program that is called, such as `store`. */
  readonly layer: string;
  /** Such as `inbox.receive`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Does the work of a call, and answers what it answers: whoever looks at it changes nothing. */
export type Observe = <T>(call: Call, work: () => T) => T;

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** As it is declared, such as `/billing/events/:id`; `none` where there is none. */
  readonly route: string;
  readonly statusCode: number;
}

/** Looks at a request, whose handling `next` begins; what it answers is called at the end. */
export type WatchRequest = (
  request: { readonly headers: Readonly<Record<string, unknown>> },
  next: () => void,
) => (answered: AnsweredRequest) => void;

/** How a call ended. */
export type Ending =
  | { readonly type: "answered"; readonly value: unknown }
  | { readonly type: "failed"; readonly error: unknown };

/** The same object, each method of which is called through `observe`. */
export function observed<T extends object>(
  target: T,
  { layer, name: prefix, observe }: { layer: string; name: string; observe: Observe },
): T {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name === "symbol") {
        return value;
      }
      const known = methods.get(name);
      if (known !== undefined) {
        return known;
      }
      const method = (...args: unknown[]) =>
        observe({ layer, name: prefix === "" ? name : `${prefix}.${name}`, args }, () =>
          Reflect.apply(value, target, args),
        );
      methods.set(name, method);
      return method;
    },
  });
}

/** Tells how a call ends, once: at once where it answers no promise. */
export function whenEnded<T>(result: T, onEnd: (ending: Ending) => void): T {
  if (result instanceof Promise) {
    result.then(
      (value: unknown) => onEnd({ type: "answered", value }),
      (error: unknown) => onEnd({ type: "failed", error }),
    );
  } else {
    onEnd({ type: "answered", value: result });
  }
  return result;
}

/** Looks at calls in several ways, the first outermost; `undefined` where there is none. */
export function observeAll(ways: readonly Observe[]): Observe | undefined {
  return ways.length === 0
    ? undefined
    : ways.reduceRight<Observe>(
        (inner, outer) => (call, work) => outer(call, () => inner(call, work)),
        (_call, work) => work(),
      );
}

/** Looks at requests in several ways, the first outermost. */
export function watchAll(ways: readonly WatchRequest[]): WatchRequest | undefined {
  return ways.length === 0
    ? undefined
    : ways.reduceRight<WatchRequest>(
        (inner, outer) => (request, next) => {
          let endInner: ReturnType<WatchRequest> | undefined;
          const endOuter = outer(request, () => {
            endInner = inner(request, next);
          });
          return (answered) => {
            endInner?.(answered);
            endOuter(answered);
          };
        },
        (_request, next) => {
          next();
          return () => undefined;
        },
      );
}

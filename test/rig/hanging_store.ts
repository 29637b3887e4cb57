import type { BillingStore } from "../../src/application/ports/billing_store.ts";

/** A store whose calls can be kept from ever being answered. */
export interface HangingStore {
  readonly store: BillingStore;
  /** Which calls hang, by `part.method`; nothing does where it answers false. */
  hangs: (call: string) => boolean;
  /** The calls that hung, in their order. */
  readonly hung: string[];
}

/** Puts something in the way of a store that can swallow its calls. */
export function hangingStore(beneath: BillingStore): HangingStore {
  const rig: { hangs: (call: string) => boolean; hung: string[] } = {
    hangs: () => false,
    hung: [],
  };
  const guarded = (part: object, name: string): object =>
    new Proxy(part, {
      get(target, method) {
        const value: unknown = Reflect.get(target, method, target);
        if (typeof value !== "function") {
          return value;
        }
        return (...args: unknown[]) => {
          const call = `${name}.${String(method)}`;
          if (rig.hangs(call)) {
            rig.hung.push(call);
            return new Promise(() => undefined);
          }
          return Reflect.apply(value, target, args);
        };
      },
    });
  const parts = Object.entries(beneath).map(([name, part]) => [
    name,
    typeof part === "object" && part !== null ? guarded(part, name) : part,
  ]);
  return Object.assign(rig, { store: Object.fromEntries(parts) as BillingStore });
}

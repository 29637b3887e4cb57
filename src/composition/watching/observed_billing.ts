import type { Billing } from "../../application/billing.ts";
import type { BillingPayments } from "../../application/ports/billing_payments.ts";
import type { BillingStore } from "../../application/ports/billing_store.ts";
import { type Observe, observed } from "../../kit/observe.ts";

/** The names of an object's parts, which are objects with methods of their own. */
type PartOf<T> = {
  [K in keyof T & string]: T[K] extends (...args: never[]) => unknown ? never : K;
}[keyof T & string];

/** Every store: one that is added and not named here does not compile. */
const STORES = Object.keys({
  accounts: true,
  attention: true,
  audit: true,
  catalog: true,
  deliveries: true,
  emailLeases: true,
  emailUsage: true,
  inbox: true,
  ledger: true,
  ledgerHeads: true,
  notificationRecords: true,
  requestCounts: true,
  reservations: true,
  topUps: true,
} satisfies Readonly<Record<PartOf<BillingStore>, true>>) as readonly PartOf<BillingStore>[];

/** What a billing has beside its use cases. */
const NO_USE_CASES: readonly string[] = [
  "causes",
  "requestCounts",
] satisfies readonly (keyof Billing)[];

const PAYMENTS = [
  "gateway",
  "invoices",
  "packs",
  "publisher",
  "snapshots",
] as const satisfies readonly (keyof BillingPayments)[];

/** The same store, whose calls are looked at. */
export function observedStore(store: BillingStore, observe: Observe): BillingStore {
  return withParts(store, partsOf(store, STORES, { layer: "store", observe }));
}

/** The same payment provider, whose calls are looked at. */
export function observedPayments(payments: BillingPayments, observe: Observe): BillingPayments {
  const about = { layer: "stripe", observe };
  return withParts(payments, {
    ...partsOf(payments, PAYMENTS, about),
    background: (signal: AbortSignal) => {
      const { gateway, snapshots, packs, records } = payments.background(signal);
      const parts = { gateway, snapshots, packs, records };
      return partsOf(parts, ["gateway", "snapshots", "packs", "records"], about);
    },
  });
}

/** The same use cases, whose executions are looked at. */
export function observedUseCases(billing: Billing, observe: Observe): Billing {
  const useCases = Object.entries(billing).filter(([name]) => !NO_USE_CASES.includes(name));
  const looked = useCases.map(([name, useCase]) => [name, observedUseCase(name, useCase, observe)]);
  return { ...billing, ...Object.fromEntries(looked) };
}

function observedUseCase<T extends object>(name: string, useCase: T, observe: Observe): T {
  const named: Observe = (call, work) =>
    call.name === "execute" ? observe({ ...call, name }, work) : work();
  return observed(useCase, { layer: "use_case", name: "", observe: named });
}

function partsOf<T extends object, K extends keyof T & string>(
  whole: T,
  names: readonly K[],
  about: { readonly layer: string; readonly observe: Observe },
): Pick<T, K> {
  const parts = names.map((name) => [name, observed(Object(whole[name]), { ...about, name })]);
  return Object.fromEntries(parts) as Pick<T, K>;
}

/** Other parts stay methods of the object they belong to. */
function withParts<T extends object>(whole: T, parts: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      if (Object.hasOwn(parts, name)) {
        return Reflect.get(parts, name);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

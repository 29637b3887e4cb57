import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { FaultRates } from "./disturbance.ts";

/** Breaks one guarantee of a store, to see whether the histories notice. */
export interface Sabotage {
  readonly spoil: (store: BillingStore) => BillingStore;
  /** In which the fault comes to light soonest. */
  readonly weather: FaultRates;
}

/** Ways to break a promise, by what the service does then. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "whose slow looks overwrite newer ones (P10)": {
    weather: { stripe: 0, store: 0, stall: 0.1 },
    spoil: (store) => ({
      ...store,
      accounts: {
        find: (tenantId) => store.accounts.find(tenantId),
        findByCustomer: (customerId) => store.accounts.findByCustomer(customerId),
        list: (page) => store.accounts.list(page),
        save: async (account) => {
          const stored = await store.accounts.find(account.tenantId);
          return await store.accounts.save({ ...account, revision: stored?.revision ?? 0 });
        },
      },
    }),
  },
  "that takes a failed event for a finished one (P05)": {
    weather: { stripe: 0.4, store: 0, stall: 0 },
    spoil: (store) =>
      replaced(store, {
        settle: (eventId, token, outcome) => {
          const settled = outcome.state === "failed" ? ({ state: "done" } as const) : outcome;
          return store.inbox.settle(eventId, token, settled);
        },
      }),
  },
  "that forgets events which a crash cut off (P03)": {
    weather: { stripe: 0, store: 0.2, stall: 0 },
    spoil: (store) =>
      replaced(store, {
        due: async (at) => await store.inbox.due({ ...at, now: new Date(0) }),
        count: async () => ({ ...(await store.inbox.count()), processing: 0, failed: 0 }),
      }),
  },
};

function replaced(store: BillingStore, methods: Partial<BillingStore["inbox"]>): BillingStore {
  const inbox = new Proxy(store.inbox, {
    get: (target, name) => {
      const member: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { ...store, inbox };
}

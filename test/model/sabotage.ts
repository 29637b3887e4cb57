import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { BillingAccount } from "../../src/domain/subscription/billing_account.ts";
import type { Standing } from "../../src/domain/subscription/standing.ts";
import type { FaultRates } from "./disturbance.ts";

/** Breaks one guarantee of a store, to see whether the histories notice. */
export interface Sabotage {
  /** What the service does then. */
  readonly title: string;
  readonly spoil: (store: BillingStore) => BillingStore;
  /** In which the fault comes to light soonest. */
  readonly weather: FaultRates;
  /** Of histories among which one of the first shows it, where those of the suite do not. */
  readonly seed?: number;
}

const FAIR = { stripe: 0, store: 0, stall: 0 };

/** Ways to break a promise, by the promise's number. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  P03: {
    title: "forgets events which a crash cut off",
    weather: { ...FAIR, store: 0.2 },
    seed: 5,
    spoil: (store) =>
      replaced(store, "inbox", {
        due: async (at) => await store.inbox.due({ ...at, now: new Date(0) }),
        count: async () => ({ ...(await store.inbox.count()), processing: 0, failed: 0 }),
      }),
  },
  P05: {
    title: "takes an event that failed for a finished one",
    weather: { ...FAIR, stripe: 0.4 },
    seed: 10,
    spoil: (store) =>
      replaced(store, "inbox", {
        settle: (eventId, token, outcome) => {
          const settled = outcome.state === "failed" ? ({ state: "done" } as const) : outcome;
          return store.inbox.settle(eventId, token, settled);
        },
      }),
  },
  P10: {
    title: "lets a slow look overwrite a newer one",
    weather: { ...FAIR, stall: 0.1 },
    seed: 77,
    spoil: (store) =>
      replaced(store, "accounts", {
        save: async (account) => {
          const stored = await store.accounts.find(account.tenantId);
          return await store.accounts.save({ ...account, revision: stored?.revision ?? 0 });
        },
      }),
  },
  P13: {
    title: "does not see that a subscription is going to end",
    weather: FAIR,
    seed: 3,
    spoil: (store) =>
      saving(store, ({ subscription, ...account }) => ({
        ...account,
        subscription: subscription && { ...subscription, cancelAt: null },
      })),
  },
  P24: {
    title: "takes a period for paid when it begins",
    weather: FAIR,
    seed: 8,
    spoil: (store) =>
      saving(store, ({ standing, ...account }) => ({
        ...account,
        standing: standing && { ...standing, debts: [], lines: withRunning(standing) },
      })),
  },
  P29: {
    title: "takes no tokens back",
    weather: FAIR,
    seed: 6,
    spoil: (store) =>
      replaced(store, "ledger", {
        append: async (entry) =>
          entry.kind === "reversal" ? "key_taken" : await store.ledger.append(entry),
      }),
  },
};

/** The period in force as if it were paid. */
function withRunning({ subscription, lines }: Standing): Standing["lines"] {
  const last = lines.at(-1);
  const { item } = subscription ?? {};
  return last === undefined || !item || +item.period.start <= +last.period.start
    ? lines
    : [...lines, { ...last, basis: "paid", period: item.period, opens: true }];
}

/** A store that changes accounts before it saves them. */
export function saving(
  store: BillingStore,
  change: (account: BillingAccount) => BillingAccount | Promise<BillingAccount>,
): BillingStore {
  return replaced(store, "accounts", {
    save: async (account) => await store.accounts.save(await change(account)),
  });
}

/**
 * A store some of whose methods are replaced. Accounts are read as they are stored, not as the reader
 * knows them, because a fault may have stored something else.
 */
export function replaced<P extends "accounts" | "attention" | "catalog" | "inbox" | "ledger">(
  store: BillingStore,
  part: P,
  methods: Partial<BillingStore[P]>,
): BillingStore {
  const asStored = { find: (tenantId: string) => store.accounts.find(tenantId) };
  const own = { ...(part === "accounts" && asStored), ...methods };
  const spoilt = new Proxy(store[part], {
    get: (target, name) => {
      const member: unknown = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { ...store, [part]: spoilt };
}

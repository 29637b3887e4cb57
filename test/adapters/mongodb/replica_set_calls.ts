import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { fullAccount } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { fullEvent, lease } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { sampleDecide } from "../../samples/quota.ts";

/** A call that changes something of a tenant's. */
export interface Write {
  /** What has to be there. */
  prepare?(store: BillingStore, id: string): Promise<unknown>;
  call(store: BillingStore, id: string): Promise<unknown>;
  /** What it answers, and what when it is made again; without the latter it is not. */
  readonly answers: readonly [first: unknown, again?: unknown];
  /** What shows how often it took place. */
  effect(store: BillingStore, id: string): Promise<unknown>;
  /** The effect before it took place, and after it did once. */
  readonly effects: readonly [never: unknown, once: unknown];
  /** Whether it is more than one command, so that it may have taken place in part. */
  readonly inParts?: true;
}

const SEND = { count: 3, now: NOW };

async function usedBy({ emailUsage }: BillingStore, tenantId: string): Promise<number | undefined> {
  return (await emailUsage.find(tenantId))?.used;
}

async function isBegun(store: BillingStore, tenantId: string): Promise<void> {
  await store.emailUsage.refresh(tenantId, sampleDecide());
}

/** Calls that write, each with what shows whether they did. */
export const WRITES: Readonly<Record<string, Write>> = {
  "accounts.save of a new one": {
    call: ({ accounts }, tenantId) => accounts.save(fullAccount({ tenantId, customerId: null })),
    answers: ["saved", "conflict"],
    effect: async ({ accounts }, tenantId) => (await accounts.find(tenantId))?.revision,
    effects: [undefined, 1],
  },
  "accounts.save": {
    prepare: ({ accounts }, tenantId) => accounts.save(fullAccount({ tenantId, customerId: null })),
    call: ({ accounts }, tenantId) =>
      accounts.save(fullAccount({ tenantId, customerId: null, revision: 1 })),
    answers: ["saved", "conflict"],
    effect: async ({ accounts }, tenantId) => (await accounts.find(tenantId))?.revision,
    effects: [1, 2],
  },
  "ledger.append": {
    call: async ({ ledger }, tenantId) => await ledger.append(sampleEntry(1, { tenantId })),
    answers: ["appended", "key_taken"],
    effect: async ({ ledger }, tenantId) => (await ledger.list(tenantId, { limit: 9 })).length,
    effects: [0, 1],
  },
  "ledgerHeads.put": {
    call: ({ ledgerHeads }, tenantId) =>
      ledgerHeads.put({ tenantId, seq: 1, hash: "a", keyId: null, seal: "b" }),
    answers: [undefined, undefined],
    effect: async ({ ledgerHeads }, tenantId) => (await ledgerHeads.read(tenantId))?.seq,
    effects: [undefined, 1],
  },
  "inbox.receive": {
    call: ({ inbox }, id) => inbox.receive(fullEvent(id), NOW),
    answers: ["received", "received"],
    effect: async ({ inbox }, id) => (await inbox.find(id))?.attempts,
    effects: [undefined, 0],
  },
  "inbox.claim": {
    prepare: ({ inbox }, id) => inbox.receive(fullEvent(id), NOW),
    call: async ({ inbox }, id) => (await inbox.claim(id, lease("a")))?.attempts,
    answers: [1, undefined],
    effect: async ({ inbox }, id) => (await inbox.find(id))?.attempts,
    effects: [0, 1],
  },
  "inbox.settle": {
    prepare: async ({ inbox }, id) => {
      await inbox.receive(fullEvent(id), NOW);
      await inbox.claim(id, lease("a"));
    },
    call: ({ inbox }, id) => inbox.settle(id, "a", { state: "done" }),
    answers: [true, false],
    effect: async ({ inbox }, id) => (await inbox.find(id))?.state,
    effects: ["processing", "done"],
  },
  "emailUsage.consume": {
    prepare: isBegun,
    call: async ({ emailUsage }, tenantId) => (await emailUsage.consume(tenantId, SEND))?.used,
    answers: [3],
    effect: usedBy,
    effects: [0, 3],
  },
  "emailUsage.consumeOnce": {
    prepare: isBegun,
    call: async ({ emailUsage }, tenantId) =>
      (await emailUsage.consumeOnce(tenantId, { ...SEND, key: "one" })).type,
    answers: ["counted", "repeated"],
    effect: usedBy,
    effects: [0, 3],
  },
  "emailUsage.add": {
    prepare: isBegun,
    call: ({ emailUsage }, tenantId) => emailUsage.add(tenantId, 3),
    answers: [undefined],
    effect: usedBy,
    effects: [0, 3],
  },
  "reservations.keep": {
    call: ({ reservations }, tenantId) =>
      reservations.keep({ tenantId, key: "a", expiresAt: NOW, seq: 1 }),
    answers: [undefined, undefined],
    effect: async ({ reservations }, tenantId) =>
      (await reservations.due({ now: NOW, limit: 9, tenantId })).length,
    effects: [0, 1],
  },
  "attention.raise": {
    call: ({ attention }, tenantId) =>
      attention.raise(sampleAttentionItem({ tenantId, subject: tenantId }), {
        revision: 1,
        at: NOW,
      }),
    answers: ["raised", "known"],
    effect: async ({ attention }, tenantId) => (await attention.known(tenantId)).length,
    effects: [0, 1],
    inParts: true,
  },
  "accounts.save of a customer": {
    call: ({ accounts }, tenantId) =>
      accounts.save(fullAccount({ tenantId, customerId: `cus_${tenantId}` })),
    answers: ["saved", "conflict"],
    effect: async ({ accounts }, tenantId) =>
      (await accounts.findByCustomer(`cus_${tenantId}`))?.revision,
    effects: [undefined, 1],
    inParts: true,
  },
};

/** Calls that only read, of what `fill` has stored. */
export const READS: Readonly<Record<string, (store: BillingStore) => Promise<unknown>>> = {
  "accounts.find": ({ accounts }) => accounts.find("t_read"),
  "ledger.last": ({ ledger }) => ledger.last("t_read"),
  "ledger.list": ({ ledger }) => ledger.list("t_read", { limit: 9 }),
  "inbox.find": ({ inbox }) => inbox.find("evt_read"),
  "inbox.due": ({ inbox }) => inbox.due({ now: NOW, receivedBefore: afterNow(1), limit: 1 }),
  "emailUsage.find": ({ emailUsage }) => emailUsage.find("t_read"),
};

/** Stores what the reads find. */
export async function fill(store: BillingStore): Promise<void> {
  await store.accounts.save(fullAccount({ tenantId: "t_read", customerId: "cus_read" }));
  await store.ledger.append(sampleEntry(1, { tenantId: "t_read" }));
  await store.ledger.append(sampleEntry(2, { tenantId: "t_read" }));
  await store.inbox.receive(fullEvent("evt_read"), NOW);
  await isBegun(store, "t_read");
}

import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { addMonths } from "../../../src/domain/subscription/billing_period.ts";
import { nextEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { fullAccount, sampleAuditEntry } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { afterNow, NOW, THIS_MONTH } from "../../samples/dates.ts";
import { fullEvent, handle, lease, OUTCOMES } from "../../samples/events.ts";
import { sampleDecide } from "../../samples/quota.ts";
import { sampleTopUp } from "../../samples/top_up.ts";

/** Tenants of the content; the last one has no account. */
export const TENANTS = ["clacme0001", "t_beta", "t_gamma"];

/** How many records `fillStore` makes. */
export const CONTENT_COUNTS = {
  catalog: 1,
  accounts: 2,
  auditEntries: 4,
  attention: 4,
  ledgerEntries: 9,
  reservations: 2,
  topUps: 2,
  emailUsage: 3,
  events: 7,
  notificationRecords: 5,
  deliveries: 4,
};

/** The endpoints of the content, as they are stored, with their secrets. */
export const TARGETS = JSON.stringify([
  {
    id: "whe_1",
    url: "https://a.example.com",
    events: ["pack.bought"],
    createdAt: NOW,
    secrets: ["whsec_2", "whsec_1"],
  },
]);

/** Fills a store with something of everything, as its use leaves it. */
export async function fillStore(store: MovableStore): Promise<void> {
  await store.catalog.save(fullCatalog());
  await store.catalog.save(fullCatalog({ revision: 1 }));
  const endsAt = new Date(Date.now() + 60_000);
  await store.requestCounts.exchange({ by: "process", endsAt, hits: new Map([["a", 1]]) });
  for (const tenantId of TENANTS.slice(0, 2)) {
    const account = fullAccount({ tenantId, customerId: `cus_${tenantId}` });
    for (const revision of [0, 1, 2]) {
      await store.accounts.save({ ...account, revision });
    }
    for (const revision of [1, 3]) {
      await store.audit.append(sampleAuditEntry(revision, { tenantId }));
    }
    await store.topUps.save(sampleTopUp({ tenantId }));
    await store.topUps.save(sampleTopUp({ tenantId, version: 1, bought: 2 }));
    await store.reservations.keep({ tenantId, key: "job 1", expiresAt: afterNow(90_000), seq: 2 });
  }
  for (const tenantId of TENANTS) {
    await fillLedger(store, tenantId);
    for (const month of [-7, -6, -5, -4, -3, -2, -1, 0]) {
      const period = {
        start: addMonths(THIS_MONTH.start, month),
        end: addMonths(THIS_MONTH.end, month),
      };
      await store.emailUsage.refresh(tenantId, sampleDecide({ period, decidedAt: period.start }));
    }
    await store.emailUsage.refresh(tenantId, sampleDecide());
    await store.emailUsage.consume(tenantId, { count: 3, now: NOW });
    await store.emailUsage.noteRefusal(tenantId, { periodStart: THIS_MONTH.start, at: NOW });
    await store.emailUsage.consumeOnce(tenantId, { key: "newsletter", count: 4, now: NOW });
  }
  await fillAttention(store);
  await fillNotifications(store);
  await fillInbox(store);
}

async function fillNotifications({ notificationRecords, deliveries }: MovableStore) {
  const [one = "", , last = ""] = TENANTS;
  await notificationRecords.save("targets", { id: "all", version: 0, content: "[]" });
  await notificationRecords.save("targets", { id: "all", version: 1, content: TARGETS });
  await notificationRecords.save("alerts", { id: last, version: 0, content: '{"tokensBelow":5}' });
  for (const id of ["", one, last]) {
    await notificationRecords.save("told", { id, version: 0, content: `{"seq":${id.length}}` });
  }
  for (const [index, subject] of ["done", "dead", "claimed", "waiting"].entries()) {
    const id = `whe_1/${subject}`;
    const [targetId, lane, type] = ["whe_1", `lane ${subject}`, "pack.bought"];
    const createdAt = afterNow(index);
    await deliveries.add({ id, targetId, lane, position: index, type, body: "{}", createdAt });
    if (subject !== "waiting") {
      const now = afterNow(100);
      const claimed = await deliveries.claim({
        targetIds: ["whe_1"],
        now,
        until: afterNow(60_000),
      });
      if (claimed !== undefined && subject !== "claimed") {
        const state = subject === "done" ? "done" : "dead";
        const attempt = { at: now, status: subject === "done" ? 200 : null, error: "broken" };
        await deliveries.settle(claimed, { state, dueAt: null, attempt });
      }
    }
  }
}

async function fillAttention({ attention }: MovableStore): Promise<void> {
  const items = ["open", "resolved", "gone"].map((subject) => sampleAttentionItem({ subject }));
  for (const item of [...items, sampleAttentionItem({ tenantId: null })]) {
    await attention.raise(item, { revision: 2, at: NOW });
  }
  await attention.resolve(items[1]?.id ?? "", { operator: "Ada", at: afterNow(8) });
  await attention.clear(items[2]?.id ?? "", { revision: 3, at: afterNow(9) });
}

async function fillLedger({ ledger }: MovableStore, tenantId: string): Promise<void> {
  for (const tokens of [500, 800, 1_000]) {
    const last = await ledger.last(tenantId);
    const month = {
      name: "sub_1:2026-03",
      subscriptionId: "sub_1",
      ...THIS_MONTH,
      allowance: tokens,
      own: 0,
      inherited: 0,
      from: null,
      missed: false,
    };
    const state = { months: [month], current: month.name, since: NOW };
    const months = { ...state, healings: 0, displaced: 0 };
    const key = `grant:sub_1:2026-03:${tokens}`;
    const fact = { tenantId, key, kind: "grant", at: NOW } as const;
    const entry = nextEntry(last, { ...fact, months }, { monthly: tokens });
    await ledger.append(await sealEntry(entry, last?.hash ?? ""));
  }
}

async function fillInbox({ inbox }: MovableStore): Promise<void> {
  for (const outcome of OUTCOMES) {
    await handle(inbox, `evt_${outcome.state}`, outcome);
  }
  await inbox.receive(fullEvent("evt_new"), afterNow(5));
  await inbox.receive(fullEvent("evt_claimed"), afterNow(6));
  await inbox.claim("evt_claimed", lease("a"));
}

import { expect } from "chai";
import type { Billing } from "../../../src/application/billing.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import {
  NOTIFICATION_TYPES,
  type NotificationType,
} from "../../../src/domain/notifications/notification.ts";
import { newTopUp, stopTopUp, withSettings } from "../../../src/domain/tokens/top_up.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";
import { samplePack } from "../../samples/token_pack.ts";
import { type NotificationRig, tenantId, useNotifications } from "./notification_rig.ts";
import { typesOf } from "./recorded_webhooks.ts";

const DAY_MS = 86_400_000;

/** What happens in a process that dies before it tells anybody. */
interface Deed {
  /** What is told of it, in the order of its source. */
  readonly types: readonly NotificationType[];
  /** The stored fact that it follows from. */
  readonly fact: string;
  /** What was before, and was told. */
  readonly before?: (rig: NotificationRig) => Promise<unknown>;
  readonly deed: (rig: NotificationRig, doomed: Billing) => Promise<unknown>;
}

const DEEDS: readonly Deed[] = [
  {
    types: ["subscription.activated"],
    fact: "the account's change",
    deed: (rig, doomed) => truth(rig, doomed, {}),
  },
  {
    types: ["payment.failed"],
    fact: "the account's change",
    before: subscribe,
    deed: (rig, doomed) => truth(rig, doomed, { status: "past_due" }),
  },
  {
    types: ["payment.failed", "payment.recovered"],
    fact: "the account's changes, the first in its audit trail",
    before: subscribe,
    deed: async (rig, doomed) => {
      await truth(rig, doomed, { status: "past_due" });
      await truth(rig, doomed, { status: "active" });
    },
  },
  {
    types: ["subscription.changed", "subscription.ended"],
    fact: "the account's changes, the first in its audit trail",
    before: subscribe,
    deed: async (rig, doomed) => {
      await truth(rig, doomed, { cancelAt: at("2026-04-10") });
      await truth(rig, doomed, { status: "canceled", endedAt: at("2026-03-15T13:00:00Z") });
    },
  },
  {
    types: ["subscription.ended"],
    fact: "the account's debt, whose grace the clock ends",
    before: async (rig) => {
      await subscribe(rig);
      await owe(rig);
    },
    deed: async (rig) => rig.fixture.advance(15 * DAY_MS),
  },
  {
    types: ["tokens.granted"],
    fact: "the ledger's entry",
    deed: (rig, doomed) => truth(rig, doomed, {}),
  },
  {
    types: ["tokens.low", "tokens.exhausted"],
    fact: "the ledger's entries, though tokens came afterwards",
    before: async (rig) => {
      await rig.billing.changeAlerts.execute({ tenantId, emailPercentages: [], tokensBelow: 100 });
      await subscribe(rig);
    },
    deed: async ({ billing }, doomed) => {
      const { balance } = await billing.readTokens.execute({ tenantId, limit: 1 });
      await doomed.spendTokens.execute({ tenantId, key: "1", tokens: balance.available - 50 });
      await doomed.spendTokens.execute({ tenantId, key: "2", tokens: 50 });
      const more = { tokens: 900, reason: "test", operator: "Ada" };
      await doomed.adjustTokens.execute({ tenantId, ...more });
    },
  },
  {
    types: ["tokens.top_up_stopped", "tokens.top_up_stopped"],
    fact: "the top-up's stops, though it was switched on again",
    before: subscribe,
    deed: async ({ fixture: { store, now } }) => {
      const settings = { enabled: true, belowTokens: 9, packSlug: "starter", maxPerMonth: 1 };
      const stop = { seq: 1, packSlug: "starter", reason: "card_declined" };
      const one = stopTopUp(withSettings(newTopUp(tenantId), settings), { ...stop, now });
      await store.topUps.save(one);
      const on = withSettings({ ...one, version: 1 }, settings);
      const two = stopTopUp(on, { ...stop, seq: 2, now: new Date(+now + 1_000) });
      await store.topUps.save(two);
      await store.topUps.save(withSettings({ ...two, version: 2 }, settings));
    },
  },
  {
    types: ["pack.bought", "pack.refunded"],
    fact: "the ledger's entries",
    before: subscribe,
    deed: async ({ fixture }, doomed) => {
      fixture.packs.truth = [samplePack()];
      await doomed.syncTokenPacks.execute({ tenantId });
      const createdAt = fixture.now;
      const refund = { id: "re_1", kind: "refund", amount: 500, createdAt, inForce: true } as const;
      fixture.packs.truth = [samplePack({ reversals: [refund] })];
      await doomed.syncTokenPacks.execute({ tenantId });
    },
  },
  {
    types: ["quota.alert"],
    fact: "the month's count, of a tenant without an account",
    deed: (_, doomed) => send(doomed, 50),
  },
  {
    types: ["quota.alert", "quota.alert", "quota.warning", "quota.reset"],
    fact: "what the month was when the next one came into force",
    before: ({ billing }) => send(billing, 1),
    deed: async ({ fixture }, doomed) => {
      await send(doomed, 80);
      fixture.advance(31 * DAY_MS);
      await send(doomed, 1);
    },
  },
  {
    types: ["quota.alert", "quota.alert", "quota.warning"],
    fact: "what the month was when its limit grew",
    before: ({ billing }) => send(billing, 1),
    deed: async ({ fixture: { store } }, doomed) => {
      await send(doomed, 80);
      const catalog = await store.catalog.read();
      const plans = (catalog?.plans ?? []).map((plan) => {
        const { monthlyEmailLimit: limit } = plan;
        return { ...plan, monthlyEmailLimit: limit === null ? null : limit * 100 };
      });
      await store.catalog.save({ ...(catalog ?? sampleCatalog()), plans });
      await doomed.refreshEmailQuota.execute({ tenantId });
    },
  },
  {
    types: ["quota.exceeded"],
    fact: "the month's first refusal",
    before: ({ billing }) => send(billing, 1),
    deed: (_, doomed) => send(doomed, 110),
  },
  {
    types: ["quota.exceeded", "quota.reset", "quota.exceeded", "quota.reset"],
    fact: "the first refusals of months that are over",
    before: ({ billing }) => send(billing, 1),
    deed: async ({ fixture }, doomed) => {
      for (let month = 0; month < 2; month += 1) {
        await send(doomed, 110);
        await send(doomed, 110);
        fixture.advance(31 * DAY_MS);
        await send(doomed, 1);
      }
    },
  },
  {
    types: ["attention.raised", "attention.resolved", "attention.raised"],
    fact: "the case's turns, though it went away and came back",
    before: ({ fixture }) => fixture.addCustomer(),
    deed: async (_, doomed) => {
      const looked = ["no_plan_item"] as const;
      for (const [index, found] of [
        [sampleAttentionItem()],
        [],
        [sampleAttentionItem()],
      ].entries()) {
        await doomed.nameAttention.execute({ tenantId, found, looked, revision: 1 + index });
      }
    },
  },
  {
    types: ["attention.raised", "attention.resolved"],
    fact: "the turns of a case that somebody resolved and whose cause went away",
    before: ({ fixture }) => fixture.addCustomer(),
    deed: async (_, doomed) => {
      const item = sampleAttentionItem();
      const about = { tenantId, looked: ["no_plan_item"] } as const;
      await doomed.nameAttention.execute({ ...about, found: [item], revision: 1 });
      await doomed.resolveAttention.execute({ id: item.id, operator: "Ada" });
      await doomed.nameAttention.execute({ ...about, found: [], revision: 2 });
    },
  },
];

async function truth(
  { fixture }: NotificationRig,
  billing: Billing,
  changes: Parameters<typeof sampleSubscription>[0],
): Promise<void> {
  if ((await fixture.account()) === undefined) {
    await fixture.addSubscriber();
  }
  const subscriptions = [sampleSubscription(changes)];
  fixture.payments.setTruth("cus_one", { subscriptions, invoices: [sampleInvoice()] });
  await billing.synchronizeTenant.execute({ tenantId });
}

/** A tenant with a plan, which was told of. */
async function subscribe(rig: NotificationRig): Promise<void> {
  await truth(rig, rig.billing, {});
}

/** A renewal that is not paid, since now. */
async function owe({ fixture, billing }: NotificationRig): Promise<void> {
  const debt = { invoiceId: "in_2", cause: "renewal", since: fixture.now, from: null } as const;
  const { standing = null } = (await fixture.account()) ?? {};
  await fixture.save({ standing: standing && { ...standing, debts: [debt] } });
  await billing.tellTenant.execute({ tenantId });
}

/** Sends so many per cent of the month's e-mails. */
async function send(billing: Billing, percent: number): Promise<void> {
  const { emails } = await billing.readUsage.execute({ tenantId });
  const count = ((emails.limit ?? 0) / 100) * percent;
  await billing.consumeEmailQuota.execute({ tenantId, count });
}

/** Tells nobody of anything. */
function doomedProcess({ fixture }: NotificationRig): Billing {
  const dead = async () => {
    throw new PortError("The process has died", { transient: true });
  };
  return fixture.process({
    store: { ...fixture.store, notificationRecords: { find: dead, save: dead } },
  });
}

async function sweep({ billing, webhooks }: NotificationRig): Promise<string[]> {
  webhooks.arrived.length = 0;
  let after: string | undefined;
  do {
    const { next, failures } = await billing.tellAllTenants.execute({ after, limit: 1 });
    expect(failures).to.deep.equal([]);
    after = next;
  } while (after !== undefined);
  while ((await billing.deliverNotifications.execute({ limit: 100 })).attempts > 0) {
    // The next of each lane.
  }
  return typesOf(webhooks);
}

describe("what a process that died had not told", () => {
  const rig = useNotifications();

  it("every type of notification is among what is tried here", () => {
    expect(DEEDS.flatMap(({ types }) => types)).to.include.members([...NOTIFICATION_TYPES]);
  });

  for (const { types, fact, before, deed } of DEEDS) {
    it(`P41 ${[...new Set(types)].join(", ")}: told after it, once, from ${fact}`, async () => {
      await rig.listen([...new Set(types)]);
      rig.fixture.advance(1_000);
      await before?.(rig);
      await sweep(rig);
      rig.fixture.advance(1_000);
      await deed(rig, doomedProcess(rig));
      expect(await sweep(rig)).to.deep.equal(types);
      expect(new Set(rig.webhooks.arrived.map(({ notification: { id } }) => id))).to.have.length(
        types.length,
      );
      expect(await sweep(rig)).to.deep.equal([]);
    });
  }
});

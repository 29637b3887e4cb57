import { expect } from "chai";
import type { Billing } from "../../../src/application/billing.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { NOTIFICATION_TYPES } from "../../../src/domain/notifications/notification.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { type RecordedWebhooks, recordedWebhooks } from "./recorded_webhooks.ts";

const tenantId = TENANT;
const URL = "https://hooks.example.com/billing";

type Moment = "before" | "after";

/** A store whose process dies at a call: that call, or its answer, and all later ones are lost. */
function dyingStore(store: BillingStore, { call, moment }: { call: number; moment: Moment }) {
  let calls = 0;
  const died = () => new PortError("The process has died", { transient: true });
  const dying = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== "function") {
          return method;
        }
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls > call || (calls === call && moment === "before")) {
            throw died();
          }
          const answer = await method.apply(target, args);
          if (calls >= call) {
            throw died();
          }
          return answer;
        };
      },
    });
  const parts = Object.entries(store).map(([name, part]) => [
    name,
    typeof part === "object" && part !== null ? dying(part) : part,
  ]);
  return { store: { ...store, ...Object.fromEntries(parts) } as BillingStore, calls: () => calls };
}

/** What a tenant does, each step under its own key, so that it can be done again. */
async function live(billing: Billing): Promise<void> {
  await billing.synchronizeTenant.execute({ tenantId });
  await billing.consumeEmailQuota.execute({ tenantId, key: "send", count: 2_500 });
  await billing.consumeEmailQuota.execute({ tenantId, count: 50_000 });
  const [item, looked] = [sampleAttentionItem(), ["no_plan_item"] as const];
  for (const [revision, found] of [
    [11, [item]],
    [12, []],
  ] as const) {
    await billing.nameAttention.execute({ tenantId, found, looked, revision });
  }
  await billing.tellTenant.execute({ tenantId });
  const { balance } = await billing.readTokens.execute({ tenantId, limit: 1 });
  const tokens = Math.max(1, balance.available);
  await billing.spendTokens.execute({ tenantId, key: "all", tokens });
  await billing.tellTenant.execute({ tenantId });
  await billing.deliverNotifications.execute({ limit: 100 });
}

async function prepared(): Promise<{ fixture: BillingFixture; webhooks: RecordedWebhooks }> {
  const fixture = await BillingFixture.open();
  const webhooks = recordedWebhooks();
  const { addWebhookEndpoint } = fixture.process({ webhookSender: webhooks.sender });
  await addWebhookEndpoint.execute({ url: URL, events: NOTIFICATION_TYPES });
  await fixture.addSubscriber();
  return { fixture, webhooks };
}

/** Ids of what arrived, each once, in the order of their first arrival. */
function heard({ arrived }: RecordedWebhooks): string[] {
  return [...new Set(arrived.map(({ notification }) => notification.id))];
}

/** How many calls a life makes, and what is heard of it. */
async function undisturbed(): Promise<{ calls: number; ids: string[] }> {
  const { fixture, webhooks } = await prepared();
  const { store, calls } = dyingStore(fixture.store, { call: Infinity, moment: "after" });
  await live(fixture.process({ store, webhookSender: webhooks.sender }));
  await fixture.close();
  return { calls: calls(), ids: heard(webhooks) };
}

/** What is heard of a life that a crash cuts short, and that another process takes up. */
async function crashed(call: number, moment: Moment): Promise<string[]> {
  const { fixture, webhooks } = await prepared();
  const { sender: webhookSender } = webhooks;
  const { store } = dyingStore(fixture.store, { call, moment });
  try {
    await live(fixture.process({ store, webhookSender }));
  } catch (error) {
    expect(error).to.be.instanceOf(Error);
  }
  fixture.advance(61_000);
  const next = fixture.process({ webhookSender });
  await next.tellAllTenants.execute({ limit: 100 });
  await live(next);
  await next.deliverNotifications.execute({ limit: 100 });
  await fixture.close();
  return heard(webhooks);
}

describe("notifications of a process that dies", () => {
  it("P41 loses and invents nothing, wherever between two calls of the store it dies", async function () {
    this.timeout(180_000);
    const { calls, ids } = await undisturbed();
    expect(ids).to.have.length.above(7);
    const types = ids.map((id) => id.split(":")[0]);
    expect(types).to.include.members(["quota.exceeded", "attention.raised", "attention.resolved"]);
    expect(calls).to.be.above(30);
    for (let call = 1; call <= calls; call += 1) {
      for (const moment of ["before", "after"] as const) {
        const after = await crashed(call, moment);
        expect(after, `${moment} call ${call}`).to.have.members(ids);
      }
    }
  });
});

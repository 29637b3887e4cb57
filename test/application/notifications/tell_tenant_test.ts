import { expect } from "chai";
import { UnreadableLedgerError } from "../../../src/application/ports/tokens/token_ledger_store.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { at } from "../../samples/dates.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";
import { tenantId, useNotifications } from "./notification_rig.ts";
import { typesOf } from "./recorded_webhooks.ts";

describe("TellTenant", () => {
  const rig = useNotifications();

  it("P41 tells of a subscription that begins, is not paid, is paid, is changed and ends", async () => {
    await rig.listen();
    await rig.fixture.addSubscriber();
    await rig.billing.synchronizeTenant.execute({ tenantId });
    expect(await rig.deliver()).to.have.members(["subscription.activated", "tokens.granted"]);
    expect(await rig.deliver()).to.deep.equal([]);
    const invoices = [sampleInvoice()];
    const truths = [
      [{ status: "past_due" }, ["payment.failed"]],
      [{ status: "active" }, ["payment.recovered"]],
      [{ cancelAt: at("2026-04-10") }, ["subscription.changed"]],
      [{ status: "canceled", endedAt: at("2026-03-15") }, ["subscription.ended"]],
    ] as const;
    for (const [changes, told] of truths) {
      rig.fixture.payments.setTruth("cus_one", {
        subscriptions: [sampleSubscription(changes)],
        invoices,
      });
      await rig.billing.synchronizeTenant.execute({ tenantId });
      expect((await rig.deliver()).filter((type) => !type.startsWith("tokens"))).to.include.members(
        told,
      );
    }
  });

  it("P41 tells of tokens that run out, by the tenant's own threshold", async () => {
    await rig.listen();
    await rig.billing.changeAlerts.execute({ tenantId, emailPercentages: [50], tokensBelow: 100 });
    await rig.give(50);
    await rig.billing.readTokens.execute({ tenantId, limit: 1 });
    await rig.deliver();
    await rig.billing.spendTokens.execute({ tenantId, key: "s1", tokens: 60 });
    expect(await rig.deliver()).to.deep.equal(["tokens.low"]);
    await rig.spendAll("s2");
    expect(await rig.deliver()).to.deep.equal(["tokens.exhausted"]);
  });

  it("tells of both where one spend passes the threshold and takes the last token", async () => {
    await rig.listen(["tokens.low", "tokens.exhausted"]);
    await rig.billing.changeAlerts.execute({ tenantId, emailPercentages: [50], tokensBelow: 100 });
    await rig.give(50);
    await rig.billing.readTokens.execute({ tenantId, limit: 1 });
    await rig.spendAll("s1");
    expect(await rig.deliver()).to.deep.equal(["tokens.low", "tokens.exhausted"]);
  });

  it("P32 tells of e-mails at 50, 80, 90 and 100 percent, of a refusal and of the next month", async () => {
    await rig.listen();
    const { emails } = await rig.billing.readUsage.execute({ tenantId });
    const percent = (emails.limit ?? 0) / 100;
    await rig.billing.consumeEmailQuota.execute({ tenantId, count: 79 * percent });
    expect(await rig.deliver()).to.deep.equal(["quota.alert"]);
    await rig.billing.consumeEmailQuota.execute({ tenantId, count: 11 * percent });
    expect(await rig.deliver()).to.deep.equal(["quota.alert", "quota.alert", "quota.warning"]);
    const { type } = await rig.billing.consumeEmailQuota.execute({ tenantId, count: 40 * percent });
    expect(type).to.equal("exceeded");
    expect(await rig.deliver()).to.deep.equal(["quota.exceeded"]);
    await rig.billing.consumeEmailQuota.execute({ tenantId, count: 40 * percent });
    expect(await rig.deliver()).to.deep.equal([]);
    rig.fixture.advance(31 * 86_400_000);
    await rig.billing.consumeEmailQuota.execute({ tenantId, count: 1 });
    expect(await rig.deliver()).to.deep.equal(["quota.reset"]);
  });

  it("P41 tells of a case that is raised, resolved, and raised again", async () => {
    await rig.listen(["attention.raised", "attention.resolved"]);
    const item = sampleAttentionItem();
    const name = (found: readonly (typeof item)[], revision: number) =>
      rig.billing.nameAttention.execute({ tenantId, found, looked: ["no_plan_item"], revision });
    await name([item], 1);
    expect(await rig.deliver()).to.deep.equal(["attention.raised"]);
    await name([], 2);
    expect(await rig.deliver()).to.deep.equal(["attention.resolved"]);
    await name([item], 3);
    expect(await rig.deliver()).to.deep.equal(["attention.raised"]);
    expect(await rig.deliver()).to.deep.equal([]);
  });

  it("a ledger that cannot be read keeps nothing else from being told", async () => {
    await rig.listen();
    const ledger = new Proxy(rig.fixture.store.ledger, {
      get: (store, name) =>
        name === "list"
          ? async () => Promise.reject(new UnreadableLedgerError(tenantId, "damaged"))
          : Reflect.get(store, name).bind(store),
    });
    const damaged = rig.fixture.process({
      store: { ...rig.fixture.store, ledger },
      webhookSender: rig.webhooks.sender,
    });
    await rig.fixture.addSubscriber();
    await rig.billing.synchronizeTenant.execute({ tenantId });
    await damaged.tellTenant.execute({ tenantId });
    await damaged.deliverNotifications.execute({ limit: 9 });
    expect(typesOf(rig.webhooks)).to.include("subscription.activated");
  });
});

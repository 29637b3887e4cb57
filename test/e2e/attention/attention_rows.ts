import { PACK_KIND } from "../../../src/adapters/stripe/checkout/pack_checkout_params.ts";
import type { AttentionKind } from "../../../src/domain/attention/attention_kinds.ts";
import { FAILS_LATER } from "../../rig/started_billing.ts";
import type { AttentionScene } from "./attention_scene.ts";

/** How a kind comes about through the provider, and how its cause goes. */
export interface AttentionRow {
  /** Answers the item's subject and a part of its message. */
  arise(scene: AttentionScene): Promise<readonly [subject: string, says: string]>;
  /** Absent where the cause is a fact of the past, which only an operator takes off. */
  goAway?(scene: AttentionScene, subject: string): Promise<unknown>;
  /** The command that finds it, and finds it gone. Default: the service does so by itself. */
  readonly foundBy?: readonly string[];
  /** Whether it concerns no tenant. */
  readonly ofNobody?: true;
}

/** One row per kind: a kind without one does not compile. */
export const ATTENTION_ROWS: Readonly<Record<AttentionKind, AttentionRow>> = {
  payment_refunded: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { id } = await scene.refund(await scene.invoice(), 500);
      return [id, "5.00 EUR"];
    },
    goAway: (scene, refund) => scene.control(`/refunds/${refund}/fail`),
  },
  payment_charged_back: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { body } = await scene.control(`/payments/${await scene.invoice()}/dispute`);
      return [body.id, "29.00 EUR"];
    },
    goAway: (scene, dispute) => scene.control(`/disputes/${dispute}/close`, { status: "won" }),
  },
  no_plan_item: {
    arise: async (scene) => {
      const id = await scene.buy("pro");
      await scene.change(id, await scene.foreignPrice());
      return [id, "free plan"];
    },
    goAway: async (scene, id) => scene.change(id, await scene.price("pro")),
  },
  extra_plan_charge: {
    arise: async (scene) => {
      const id = await scene.buy("pro");
      await scene.setQuantity(id, 3);
      return [id, "2 x pro"];
    },
    goAway: (scene, id) => scene.setQuantity(id, 1),
  },
  unpaid_invoice_credited: {
    arise: async (scene) => {
      const id = await scene.buy("starter", FAILS_LATER);
      await scene.control("/clock", { advanceDays: 31 });
      const renewal = await scene.invoice();
      await scene.change(id, await scene.price("business"), "now");
      return [renewal, "9.00 EUR"];
    },
    goAway: (scene, invoice) => scene.pay(invoice),
  },
  settled_period_cut: {
    arise: async (scene) => {
      await scene.control("/dunning", { retryDays: [1], subscription: "unpaid" });
      const id = await scene.buy("starter", FAILS_LATER);
      await scene.control("/clock", { advanceDays: 10 });
      await scene.change(id, await scene.price("business"));
      await scene.control("/clock", { advanceDays: 5 });
      return [id, "6.00 EUR"];
    },
    goAway: async (scene) => scene.pay(await scene.invoice()),
  },
  duplicate_reported: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { id } = await scene.subscribe({ trial_period_days: 14 });
      return [id, "runs beside"];
    },
    goAway: (scene, id) => scene.cancel(id),
  },
  refund_refused: {
    arise: async (scene) => {
      await scene.payTwice(400);
      return [await scene.invoice(), "could not be given back"];
    },
    goAway: async (scene) => {
      await scene.useUpRefusals();
      await scene.happen();
    },
  },
  refund_failed: {
    arise: async (scene) => {
      await scene.payTwice();
      const [refund] = (await scene.stripe.refunds.list()).data;
      await scene.control(`/refunds/${refund?.id}/fail`);
      return [await scene.invoice(), "is to go back, but is here"];
    },
    goAway: async (scene) => scene.refund(await scene.invoice()),
  },
  duplicate_paid_late: {
    arise: async (scene) => {
      await scene.payTwice(500);
      await scene.restart({ REFUND_DUPLICATES: "false" });
      await scene.happen();
      return [await scene.invoice(), "ended as a duplicate"];
    },
    goAway: async (scene) => {
      await scene.useUpRefusals();
      await scene.restart({});
      await scene.happen();
    },
  },
  tax_turned_off: {
    arise: async (scene) => {
      const id = await scene.buy("starter");
      await scene.stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
      await scene.control("/clock", { advanceDays: 31 });
      return [id, "where the customer is"];
    },
    goAway: async (scene, id) => {
      const { customers, subscriptions } = scene.stripe;
      const { customer } = await subscriptions.retrieve(id);
      await customers.update(String(customer), { address: { country: "DE" } });
      await subscriptions.update(id, { automatic_tax: { enabled: true } });
      await scene.happen();
    },
  },
  invoice_not_finalized: {
    arise: async (scene) => {
      await scene.control("/assumptions", { missingLocation: "keeps_draft" });
      const id = await scene.buy("starter");
      await scene.stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
      await scene.control("/clock", { advanceDays: 31 });
      return [await scene.invoice(), "location"];
    },
    goAway: async (scene, invoice) => {
      await scene.finalize(invoice);
      await scene.pay(invoice);
    },
  },
  month_made_good: {
    arise: async (scene) => {
      const id = await scene.buy("pro");
      await scene.control("/delivery", { dropRate: 1 });
      await scene.control("/clock", { to: "2027-02-01T00:00:00Z" });
      await scene.control("/delivery", { dropRate: 0 });
      await scene.happen();
      return [`${id}:2026-12-23T10:00:00.000Z`, "50000 tokens"];
    },
  },
  unexplained_subscription: {
    foundBy: ["reconcile"],
    ofNobody: true,
    arise: async (scene) => {
      const id = await scene.subscribeByHand("pro");
      return [id, "gives no tenant anything"];
    },
    goAway: endAndRefund,
  },
  misplaced_subscription: {
    foundBy: ["reconcile"],
    arise: async (scene) => {
      await scene.buy("pro");
      const { tenantId } = scene.billing;
      const id = await scene.subscribeByHand("pro", { tenantId });
      return [id, "not the tenant's own"];
    },
    goAway: endAndRefund,
  },
  unexplained_payment: {
    foundBy: ["reconcile"],
    ofNobody: true,
    arise: async (scene) => {
      const session = await scene.buyPackByHand("starter", {});
      return [await scene.paymentOf(session), "paid by a guest"];
    },
    goAway: (scene, payment) => scene.refundPayment(payment),
  },
  payment_without_sale: {
    foundBy: ["reconcile"],
    arise: async (scene) => {
      await scene.buy("pro");
      const customer = await scene.customer();
      const session = await scene.buyPackByHand("starter", { customer });
      return [await scene.paymentOf(session), "outside of what we sold"];
    },
    goAway: (scene, payment) => scene.refundPayment(payment),
  },
  unexplained_pack: {
    arise: async (scene) => {
      await scene.buy("pro");
      const customer = await scene.customer();
      await scene.endTenant();
      const { tenantId } = scene.billing;
      const metadata = { kind: PACK_KIND, tenantId, packSlug: "starter", tokens: "10000" };
      const session = await scene.buyPackByHand("starter", { customer, metadata });
      return [session, "Pack starter of 10000 tokens"];
    },
    goAway: async (scene, session) => scene.refundPayment(await scene.paymentOf(session)),
  },
  webhook_endpoint_disabled: {
    foundBy: ["reconcile"],
    ofNobody: true,
    arise: async (scene) => {
      const id = await scene.publishEndpoint();
      await scene.stripe.webhookEndpoints.update(id, { disabled: true });
      return [id, "no events arrive there"];
    },
    goAway: (scene) => scene.succeed("plans", "sync"),
  },
  ledger_damaged: {
    foundBy: ["ledger", "verify"],
    arise: async (scene) => {
      await scene.buy("pro");
      await scene.tamper("amount", 1);
      return ["ledger", "spending is halted"];
    },
    goAway: async (scene) => {
      await scene.tamper("amount", -1);
      const tenant = ["--tenant", scene.billing.tenantId];
      await scene.succeed("ledger", "resume", ...tenant, "--reason", "restored");
    },
  },
};

async function endAndRefund(scene: AttentionScene, subscription: string): Promise<void> {
  await scene.refund(await scene.invoice());
  await scene.cancel(subscription);
}

import type { Billing } from "../../../src/application/billing.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import type { BillingFixture } from "../../rig/billing_fixture.ts";
import { MARCH } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { at } from "../../samples/dates.ts";
import { sampleInvoice, sampleLine, sampleSubscription } from "../../samples/subscription.ts";

/** What happens to a tenant: the state of its subscription, or something it does. */
type Step =
  | { readonly truth: Partial<SnapshotSubscription> }
  | { readonly act: (billing: Billing, tenantId: string) => Promise<unknown> };

/** The life of every tenant. Each step can be repeated. */
export const STEPS: readonly Step[] = [
  { truth: { status: "active" } },
  { act: (billing, tenantId) => send(billing, { tenantId, key: "first", count: 1_500 }) },
  { truth: { status: "past_due" } },
  { truth: { status: "active" } },
  { act: (billing, tenantId) => send(billing, { tenantId, key: "second", count: 1_200 }) },
  {
    act: (billing, tenantId) => billing.spendTokens.execute({ tenantId, key: "all", tokens: 300 }),
  },
  { truth: { cancelAt: at("2026-04-10") } },
  { truth: { cancelAt: null } },
  { act: (billing, tenantId) => billing.consumeEmailQuota.execute({ tenantId, count: 9_000 }) },
  { act: (billing, tenantId) => nameCase(billing, tenantId, { isThere: true, revision: 90 }) },
  { act: (billing, tenantId) => nameCase(billing, tenantId, { isThere: false, revision: 91 }) },
  { act: (billing, tenantId) => nameCase(billing, tenantId, { isThere: true, revision: 92 }) },
];

/** What an endpoint hears of such a life, by source and in order. */
export const HEARD: Readonly<Record<string, readonly string[]>> = {
  account: [
    "subscription.activated",
    "payment.failed",
    "payment.recovered",
    "subscription.changed",
    "subscription.changed",
  ],
  tokens: ["tokens.granted", "tokens.exhausted"],
  emails: ["quota.alert 50", "quota.alert 80", "quota.alert 90", "quota.exceeded"],
  warnings: ["quota.warning"],
  attention: ["attention.raised", "attention.resolved", "attention.raised"],
};

/** The comparison of a subscription would end the case: none follows. */
function nameCase(
  billing: Billing,
  tenantId: string,
  { isThere, revision }: { isThere: boolean; revision: number },
) {
  const found = isThere ? [sampleAttentionItem({ tenantId, subject: `sub_${tenantId}` })] : [];
  return billing.nameAttention.execute({ tenantId, found, looked: ["no_plan_item"], revision });
}

function send(billing: Billing, what: { tenantId: string; key: string; count: number }) {
  return billing.consumeEmailQuota.execute(what);
}

/** Makes an account for a tenant that is new. */
export async function addTenant({ accounts }: BillingStore, tenantId: string): Promise<void> {
  const customerId = `cus_${tenantId}`;
  await accounts.save({ ...newAccount(tenantId), customerId, knownSince: MARCH.start });
}

/** Goes on with a tenant's life from a step on; tells which steps are done. */
export async function live(
  { fixture, billing }: { fixture: BillingFixture; billing: Billing },
  { tenantId, step }: { tenantId: string; step: number },
  onDone: (step: number) => void,
): Promise<void> {
  fixture.payments.customers.set(`cus_${tenantId}`, { tenantId, deleted: false });
  for (const [number, what] of STEPS.entries()) {
    if (number >= step) {
      await again(async () => {
        if ("truth" in what) {
          setTruth(fixture, tenantId, what.truth);
          await billing.synchronizeTenant.execute({ tenantId });
        } else {
          await what.act(billing, tenantId);
        }
      });
      onDone(number);
    }
  }
}

/** As a client does whose call came to nothing. */
async function again(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof PortError && error.transient)) {
        throw error;
      }
    }
  }
}

function setTruth(
  { payments }: BillingFixture,
  tenantId: string,
  truth: Partial<SnapshotSubscription>,
): void {
  const [customerId, id] = [`cus_${tenantId}`, `sub_${tenantId}`];
  const subscription = sampleSubscription({ id, customerId, tenantId, ...truth });
  const line = { ...sampleLine("pro", MARCH), subscriptionId: id };
  const invoice = sampleInvoice({ id: `in_${tenantId}`, subscriptionId: id, lines: [line] });
  payments.setTruth(customerId, { subscriptions: [subscription], invoices: [invoice] });
}

import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { StartedBilling } from "../rig/started_billing.ts";
import type { Life } from "./played_dashboard.ts";

/** A bank account that pays. */
export const GOOD_IBAN = "DE89370400440532013000";

/** What happens to a tenant at Stripe, by its bank or by an operator. */
export interface AtStripe {
  /** From now on its subscription is paid by bank debits. */
  debit(): Promise<void>;
  /** Pays what is open by bank debit, as the invoice's page lets it. */
  payByDebit(): Promise<void>;
  /** An operator makes a subscription that a bank debit pays. */
  subscribeByDebit(priceId: string): Promise<void>;
  /** An operator has its invoices sent by e-mail, due two weeks later. */
  invoiceByEmail(): Promise<void>;
  /** An operator cancels it at once. */
  cancelNow(): Promise<void>;
}

/** What happens at Stripe to a tenant whose life is given. */
export function atStripe({ stripe, sandbox }: StartedBilling, tenantId: string, life: Life) {
  const customer = async () => {
    const query = `metadata['tenantId']:'${tenantId}'`;
    return (await stripe.customers.search({ query })).data[0]?.id ?? expect.fail("no customer");
  };
  const subscription = async () => {
    const { data } = await stripe.subscriptions.list({ customer: await customer() });
    return data[0]?.id ?? expect.fail("no subscription");
  };
  const account = async () => {
    const { id } = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: GOOD_IBAN },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await stripe.paymentMethods.attach(id, { customer: await customer() });
    return id;
  };
  // Webhooks are answered once they are stored; what they say is done a moment later.
  const until = async (isSo: (seen: Awaited<ReturnType<Life["read"]>>) => boolean) => {
    await sandbox.settled();
    while (!isSo(await life.read("/billing/subscription"))) {
      await setTimeout(20);
    }
  };
  const isDebited = ({ processing }: { readonly processing: unknown }) => processing !== null;
  return {
    debit: async () => {
      const id = await subscription();
      await stripe.subscriptions.update(id, { default_payment_method: await account() });
    },
    payByDebit: async () => {
      const open = { customer: await customer(), status: "open" } as const;
      const { data } = await stripe.invoices.list(open);
      await stripe.invoices.pay(data[0]?.id ?? "", { payment_method: await account() });
      await until(isDebited);
    },
    subscribeByDebit: async (price) => {
      const items = [{ price }];
      const by = { default_payment_method: await account() };
      await stripe.subscriptions.create({ customer: await customer(), items, ...by });
      await until(isDebited);
    },
    invoiceByEmail: async () => {
      const sent = { collection_method: "send_invoice", days_until_due: 14 } as const;
      await stripe.subscriptions.update(await subscription(), sent);
    },
    cancelNow: async () => {
      await stripe.subscriptions.cancel(await subscription());
      await until(({ ended }) => ended !== null);
    },
  } satisfies AtStripe;
}

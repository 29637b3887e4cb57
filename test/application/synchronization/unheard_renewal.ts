import { type BillingFixture, useBilling } from "../../rig/billing_fixture.ts";
import { MARCH, paidFor } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleSubscription,
} from "../../samples/subscription.ts";

/** The month after the samples' paid one. */
export const APRIL = monthsFrom("2026-04-10");

/** A tenant that has paid March, at the provider, too. */
export function useSubscriber(): BillingFixture {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.addCustomer();
    await fixture.save(paidFor());
  });
  return fixture;
}

/** The renewal is paid at the provider, and nobody has told us. */
export function renewUnheard({ payments }: BillingFixture): void {
  payments.setTruth("cus_one", {
    subscriptions: [sampleSubscription({ items: [sampleItem("pro", { period: APRIL })] })],
    invoices: [sampleInvoice({ id: "in_two", lines: [sampleLine("pro", APRIL)] }), sampleInvoice()],
  });
}

/** An hour after March has ended. */
export const AFTER_MARCH = at("2026-04-10T01:00:00Z");

/** A year that began with March. */
export const YEAR = { start: MARCH.start, end: at("2027-03-10") };

/** A tenant that has paid the year; an operator lowers its plan, and nobody has told us. */
export function useLoweredYear(): BillingFixture {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.addCustomer();
    await fixture.save(paidFor("pro", YEAR));
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ items: [sampleItem("starter", { period: YEAR })] })],
      invoices: [sampleInvoice({ lines: [sampleLine("starter", YEAR)] })],
    });
  });
  return fixture;
}

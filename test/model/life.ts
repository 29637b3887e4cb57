import {
  cancelAtPeriodEnd,
  cancelNow,
  keepSubscription,
} from "../../sandbox/engine/cancellation.ts";
import { chargeInvoice } from "../../sandbox/engine/collection.ts";
import { deleteCustomer } from "../../sandbox/engine/customers.ts";
import { subscriptionOf } from "../../sandbox/engine/invoicing/debtor.ts";
import { changePlan } from "../../sandbox/engine/plan_change.ts";
import { updateCard } from "../../sandbox/engine/portal.ts";
import { RequestError } from "../../sandbox/engine/request_error.ts";
import { scheduleEnd } from "../../sandbox/engine/schedule_end.ts";
import { scheduleChange } from "../../sandbox/engine/schedules.ts";
import { isLive, scheduledEnd } from "../../sandbox/engine/subscriptions.ts";
import { emitChange, type Transaction } from "../../sandbox/engine/transaction.ts";
import type { EnteredCard } from "../../sandbox/state/checkout_details.ts";
import type { WirePrice, WireSubscription } from "../../sandbox/state/wire.ts";
import type { Step } from "./history.ts";
import { type MoneyStep, moveMoney } from "./money.ts";
import { TENANTS, type World } from "./world.ts";

type SubscriptionStep = Extract<Step, { do: "change" | "schedule" | "cancel" | "keep" }>;

/** What the tenant, its bank or an operator does at the provider. */
export type LifeStep = SubscriptionStep | MoneyStep | Extract<Step, { do: "card" | "delete" }>;

/** Lets something happen at the provider; what the provider refuses does not happen. */
export function atProvider(world: World, step: LifeStep): void {
  unlessRefused(world, (tx) => change(tx, step));
}

/** Runs a change and counts what its name says; what the provider refuses does not happen. */
export function unlessRefused(
  { provider, tally }: World,
  happen: (tx: Transaction) => string | undefined,
): void {
  try {
    const what = provider.transact(happen);
    if (what !== undefined) {
      tally.count(what);
    }
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
  }
}

function change(tx: Transaction, step: LifeStep): string | undefined {
  const { tenantId } = tenant(step);
  const customer = [...tx.state.customers.values()].find((c) => c.metadata.tenantId === tenantId);
  if (customer === undefined) {
    return undefined;
  }
  switch (step.do) {
    case "delete":
      deleteCustomer(tx, customer);
      return undefined;
    case "card":
      updateCard(tx, customer, cardOf(step.card));
      payOpenInvoices(tx, customer.id);
      return undefined;
    case "refund":
    case "bounce":
    case "dispute":
    case "decide":
      moveMoney(tx, customer.id, step);
      return undefined;
    default: {
      const subscription = [...tx.state.subscriptions.values()].find(
        (found) => found.metadata.tenantId === tenantId && isLive(found),
      );
      return subscription && changeSubscription(tx, subscription, step);
    }
  }
}

/** Pays what is open of live subscriptions with the card on file, as an operator asks Stripe to. */
function payOpenInvoices(tx: Transaction, customer: string): void {
  for (const invoice of [...tx.state.invoices.values()]) {
    const subscription = subscriptionOf(tx, invoice);
    const owed = invoice.status === "open" && invoice.customer === customer;
    if (owed && subscription !== undefined && isLive(subscription)) {
      chargeInvoice(tx, invoice, { attempt: "by_customer" });
    }
  }
}

function changeSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  step: SubscriptionStep,
): string | undefined {
  switch (step.do) {
    case "cancel":
      cancel(tx, subscription, step.how);
      return `cancel ${step.how}`;
    case "keep": {
      const wasEnding = scheduledEnd(subscription) !== null;
      keepSubscription(tx, subscription);
      return wasEnding ? "resume" : undefined;
    }
    case "schedule":
      scheduleChange(tx, subscription, { price: priceOf(tx, step.plan, "month"), quantity: 1 });
      return undefined;
    case "change":
      return changePrice(tx, subscription, step);
    default:
      return step satisfies never;
  }
}

function cancel(tx: Transaction, subscription: WireSubscription, how: string): void {
  if (how === "now") {
    cancelNow(tx, subscription, "cancellation_requested");
  } else if (how === "portal") {
    cancelAtPeriodEnd(tx, subscription);
  } else {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      scheduleEnd(tx, changed, { kind: "at_period_end" });
    });
  }
}

function changePrice(
  tx: Transaction,
  subscription: WireSubscription,
  step: Extract<SubscriptionStep, { do: "change" }>,
): string | undefined {
  const [item] = subscription.items.data;
  if (item === undefined) {
    return undefined;
  }
  const [before, price] = [item.price, priceOf(tx, step.plan, step.interval)];
  changePlan(tx, subscription, {
    item,
    price,
    quantity: 1,
    prorationBehavior: step.how,
    prorationDate: tx.now,
    resetAnchor: false,
    endTrial: false,
  });
  if (before.product === price.product) {
    return before.id === price.id ? undefined : "change of interval";
  }
  return perMonth(before) < perMonth(price) ? "upgrade" : "downgrade";
}

function perMonth({ unit_amount, recurring }: WirePrice): number {
  return (unit_amount ?? 0) / (recurring?.interval === "year" ? 12 : 1);
}

function priceOf(tx: Transaction, plan: string, interval: string): WirePrice {
  const price = [...tx.state.prices.values()].find(
    ({ lookup_key, active }) => active && lookup_key === `mailingcore_${plan}_${interval}`,
  );
  if (price === undefined) {
    throw new TypeError(`Cannot find the price of ${plan} per ${interval}`);
  }
  return price;
}

/** The tenant that a step is about. */
export function tenant({ who }: { who: number }): { tenantId: string } {
  return { tenantId: TENANTS[who === 1 ? 1 : 0] };
}

/** A test card as somebody enters it. */
export function cardOf(number: string): EnteredCard {
  return { number, expMonth: 12, expYear: 2034, email: "owner@example.com", name: null };
}

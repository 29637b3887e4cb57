import type { EventState } from "../../../src/domain/events/billing_event.ts";
import { at, fixture, type Json } from "../../adapters/stripe/fixture.ts";
import { NOW } from "./odd_service.ts";
import type { OddCustomer } from "./odd_stripe.ts";

/** What a row's tenant, customer and event are called. */
export interface OddIds {
  readonly tenantId: string;
  readonly customerId: string;
  readonly eventId: string;
}

/** The tenant that must never notice anything. */
export const WITNESS = { tenantId: "witness_mail", customerId: "cus_witness" };

/** One odd delivery, what Stripe says when it is asked, and what has to become of it. */
export interface OddRow {
  readonly title: string;
  /** An object is sent as JSON; anything else as it is. Default: an ordinary event. */
  readonly body?: (ids: OddIds) => Json | string | Uint8Array<ArrayBuffer>;
  readonly truth?: (ids: OddIds) => OddCustomer;
  /** Whether the tenant has the customer here. Default: true. */
  readonly linked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer. Default: 200. */
  readonly status?: number;
  /** Where the event stands once everything has been retried; `null`: it is not stored. */
  readonly state: EventState | null;
  readonly reason?: RegExp;
  /** The plan whose limits hold for the tenant afterwards. Default: free. */
  readonly plan?: string;
}

/** An ordinary event about the row's customer, with some fields replaced. */
export function eventOf({ eventId, customerId }: OddIds, changes: Json = {}): Json {
  return {
    id: eventId,
    object: "event",
    api_version: "2026-10-28.endive",
    created: NOW.getTime() / 1000,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: "customer.subscription.updated",
    data: { object: { id: "sub_1", object: "subscription", customer: customerId } },
    ...changes,
  };
}

/** The same, about this object. */
export function eventAbout(ids: OddIds, object: unknown, changes: Json = {}): Json {
  return eventOf(ids, { data: { object }, ...changes });
}

/** API versions in which Stripe's objects had different shapes. */
export const GENERATIONS = ["acacia", "basil", "clover", "dahlia", "endive"] as const;

/** The row's subscription in the shape of an API version. */
export function subscriptionOf(
  { tenantId, customerId }: OddIds,
  changes: Json = {},
  generation: (typeof GENERATIONS)[number] = "endive",
): Json {
  return fixture(`subscription_${generation}`, {
    id: `sub_of_${customerId}`,
    customer: customerId,
    metadata: { tenantId },
    ...changes,
  });
}

/** A list of items, one per product `prod_Qv<name>`; all but "Pro" have a period of a year. */
export function items(...names: string[]): Json {
  const [item] = at(fixture("subscription_endive"), "items").data as unknown as [Json];
  const data = names.map((name) => ({
    ...item,
    id: `si_${name}`,
    price: { ...at(item, "price"), id: `price_${name}`, product: `prod_Qv${name}` },
    ...(name !== "Pro" && { current_period_end: Number(item.current_period_start) + 31_536_000 }),
  }));
  return { object: "list", data, has_more: false };
}

/** The row's paid renewal in the shape of an API version. */
export function invoiceOf(
  { customerId }: Pick<OddIds, "customerId">,
  changes: Json = {},
  generation: (typeof GENERATIONS)[number] = "endive",
): Json {
  const subscription = `sub_of_${customerId}`;
  const recorded = fixture(`invoice_${generation}`, { id: `in_of_${customerId}`, ...changes });
  return JSON.parse(
    JSON.stringify(recorded).replaceAll(/"sub_1Qv[A-Za-z]+"/g, JSON.stringify(subscription)),
  );
}

/** The row's customer as Stripe knows it. */
export function customerOf({ tenantId, customerId }: OddIds, changes: Json = {}): Json {
  return fixture("customer", { id: customerId, metadata: { tenantId }, ...changes });
}

/** An ordinary truth: one subscription to the plan "pro", its renewal paid. */
export function ordinaryTruth(ids: OddIds, changes: OddCustomer = {}): OddCustomer {
  return {
    customer: customerOf(ids),
    subscriptions: [subscriptionOf(ids)],
    invoices: [invoiceOf(ids)],
    ...changes,
  };
}

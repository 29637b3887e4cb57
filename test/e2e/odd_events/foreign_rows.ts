import type { Json } from "../../adapters/stripe/fixture.ts";
import {
  customerOf,
  eventAbout,
  eventOf,
  invoiceOf,
  items,
  type OddRow,
  ordinaryTruth,
  subscriptionOf,
  WITNESS,
} from "./odd_row.ts";

/** Events that are not ours to act on (P06). */
export const IGNORED_ROWS: readonly OddRow[] = [
  ["a type that we do not handle", { type: "plan.deleted" }, /type "plan.deleted"/],
  ["a type that does not exist yet", { type: "billing.credit.flipped" }, /is not handled/],
  ["a type that is the name of a prototype", { type: "__proto__" }, /is not handled/],
  ["live money in a test deployment", { livemode: true }, /live event/],
  ["a connected account", { account: "acct_1Other" }, /connected account/],
  ["no object at all", { data: { object: null } }, /no customer/],
  ["no data at all", { data: undefined }, /no customer/],
].map(([title, changes, reason]) => ({
  title: `P06 ${title}`,
  body: (ids) => eventOf(ids, changes as Json),
  state: "ignored",
  reason: reason as RegExp,
}));

/** Objects whose customer is written in unusual ways. */
export const CUSTOMER_FIELD_ROWS: readonly OddRow[] = [
  {
    title: "P06 an upcoming invoice, which has no id",
    body: (ids) => eventAbout(ids, { object: "invoice" }, { type: "invoice.upcoming" }),
    state: "ignored",
  },
  ...[null, "", 42, true, ["cus_1"], {}, { id: 7 }].map(
    (customer): OddRow => ({
      title: `P06 a customer that is ${JSON.stringify(customer)}`,
      body: (ids) => eventAbout(ids, { id: "in_1", object: "invoice", customer }),
      state: "ignored",
      reason: /names no customer/,
    }),
  ),
  {
    title: "P06 an account in the customer's place, as Accounts v2 has it",
    body: (ids) =>
      eventAbout(ids, { object: "invoice", customer: null, customer_account: "acct_1" }),
    state: "ignored",
    reason: /names no customer/,
  },
  {
    title: "P14 a customer that is expanded",
    body: (ids) =>
      eventAbout(ids, { id: "sub_1", object: "subscription", customer: customerOf(ids) }),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 a thin event",
    body: ({ eventId }) => ({
      id: eventId,
      object: "v2.core.event",
      type: "v1.invoice.paid",
      livemode: false,
      created: "2026-09-05T11:59:59.000Z",
      context: null,
      related_object: { id: "in_1", type: "invoice", url: "/v1/invoices/in_1" },
    }),
    state: "ignored",
  },
  {
    title: "P06 a thin event of a connected account, of a type with our name",
    body: ({ eventId }) => ({
      id: eventId,
      object: "v2.core.event",
      type: "invoice.paid",
      livemode: false,
      created: "2026-09-05T11:59:59.000Z",
      context: "acct_1Other",
    }),
    state: "ignored",
    reason: /connected account/,
  },
];

/** Authentic events, and the question whose they are (P07). */
export const ATTRIBUTION_ROWS: readonly OddRow[] = [
  {
    title: "P06 a refund of a payment that names no customer: another product's",
    body: (ids) =>
      eventAbout(
        ids,
        { id: "ch_1", object: "charge", customer: null },
        { type: "charge.refunded" },
      ),
    state: "ignored",
    reason: /names no customer/,
  },
  {
    title: "P07 a customer that Stripe does not know",
    linked: false,
    state: "unmatched",
    reason: /belongs to no tenant/,
  },
  {
    title: "P07 a customer of another product",
    linked: false,
    truth: (ids) => ordinaryTruth(ids, { customer: customerOf(ids, { metadata: {} }) }),
    state: "unmatched",
  },
  {
    title: "P07 a customer without metadata at all",
    linked: false,
    truth: (ids) => ordinaryTruth(ids, { customer: customerOf(ids, { metadata: null }) }),
    state: "unmatched",
  },
  ...["../admin", "", "a", "CLACME0001", "witness_mail\u0000", "__proto__"].map(
    (tenantId): OddRow => ({
      title: `P07 a customer whose tenant is ${JSON.stringify(tenantId)}`,
      linked: false,
      truth: (ids) => ordinaryTruth(ids, { customer: customerOf(ids, { metadata: { tenantId } }) }),
      state: "unmatched",
    }),
  ),
  {
    title: "P07 a second customer of a tenant that has one",
    linked: false,
    truth: (ids) =>
      ordinaryTruth(ids, { customer: customerOf(ids, { metadata: WITNESS_METADATA }) }),
    state: "unmatched",
  },
  {
    title: "P07 the e-mail address of another tenant's customer",
    linked: false,
    body: (ids) =>
      eventAbout(ids, {
        object: "invoice",
        customer: ids.customerId,
        customer_email: "billing@acme.example",
      }),
    truth: (ids) => ({ customer: customerOf(ids, { metadata: {} }) }),
    state: "unmatched",
  },
  {
    title: "P07 another tenant's id in the object's metadata: the customer decides",
    body: (ids) =>
      eventAbout(ids, {
        object: "subscription",
        customer: ids.customerId,
        metadata: WITNESS_METADATA,
      }),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P07 another tenant's id in client_reference_id: the customer decides",
    body: (ids) => {
      const session = {
        object: "checkout.session",
        customer: ids.customerId,
        mode: "subscription",
      };
      const object = { ...session, client_reference_id: WITNESS.tenantId };
      return eventAbout(ids, object, { type: "checkout.session.completed" });
    },
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P07 a customer of ours that was lost here is found again",
    linked: false,
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 a deleted customer of ours",
    body: (ids) => eventAbout(ids, customerOf(ids), { type: "customer.deleted" }),
    truth: ({ customerId }) => ({ customer: deleted(customerId) }),
    state: "done",
  },
  {
    title: "P06 a deleted customer that was never ours",
    linked: false,
    truth: ({ customerId }) => ({ customer: deleted(customerId) }),
    state: "unmatched",
  },
  {
    title: "P14 a subscription to a plan that was made by hand, without the tenant's id",
    truth: (ids) => ordinaryTruth(ids, { subscriptions: [subscriptionOf(ids, { metadata: {} })] }),
    state: "done",
    plan: "pro",
  },
  {
    title: "P14 a subscription of another product",
    truth: (ids) =>
      ordinaryTruth(ids, {
        subscriptions: [subscriptionOf(ids, { metadata: {}, items: items("Other") })],
        invoices: [],
      }),
    state: "done",
  },
  {
    title: "P14 a subscription that carries another tenant's id",
    truth: (ids) =>
      ordinaryTruth(ids, {
        subscriptions: [subscriptionOf(ids, { metadata: WITNESS_METADATA })],
      }),
    state: "done",
  },
  {
    title: "P09 Stripe lists a subscription of another customer: nothing is saved",
    truth: (ids) =>
      ordinaryTruth(ids, {
        subscriptions: [subscriptionOf(ids, { customer: WITNESS.customerId })],
      }),
    state: "dead",
    reason: /not of customer/,
  },
  {
    title: "P12 an invoice of another subscription is not this one's",
    truth: (ids) => ordinaryTruth(ids, { invoices: [invoiceOf(WITNESS, { status: "open" })] }),
    state: "done",
    plan: "pro",
  },
];

const WITNESS_METADATA = { tenantId: WITNESS.tenantId };

function deleted(id: string) {
  return { id, object: "customer", deleted: true };
}
